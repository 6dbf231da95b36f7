/// What a `FilePattern` stands for at one moment.
public struct FileExpansion: Sendable {
    /// The regular files, also those behind symbolic links; sorted. A file that can be reached by several paths is there under
    /// one: where possible the one without a linked directory.
    public internal(set) var files: [String] = []
    /// The directories whose changes can change the answer; sorted. Where the pattern's own directory is missing, the nearest
    /// one above it.
    public internal(set) var directories: [String] = []
    /// What matches but is neither a regular file nor, with a wildcard, a directory: FIFOs, sockets, devices; and a directory
    /// that is named outright.
    public internal(set) var irregular: [String] = []
    /// Directories that could not be looked into, and directories below which nothing was looked at any more.
    public internal(set) var errors: [FileAccessError] = []
}

extension FilePattern {
    /// Looks for the files. Lists only directories that can hold a match, follows symbolic links, and sees every directory
    /// once for each part of the pattern that applies in it, so a link that leads upwards ends.
    ///
    /// What vanishes meanwhile is left out; what may not be read is told in `errors`, and the rest is still found.
    public func expand(using access: any FileAccess, maximumDepth: Int = 64) -> FileExpansion {
        FileWalk(pattern: self, access: access, maximumDepth: maximumDepth).run()
    }
}
