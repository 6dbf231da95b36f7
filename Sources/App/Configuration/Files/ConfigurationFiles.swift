public import FileAccess

/// What the loader needs of a file system.
public protocol ConfigurationFiles {
    /// The content of a file; nil when there is none.
    func read(_ path: String) throws(FileAccessError) -> [UInt8]?
    /// The names in a directory in any order; nil when there is none.
    func names(in directory: String) throws(FileAccessError) -> [String]?
    /// The path with symbolic links resolved, and absolute; nil when there is nothing.
    func canonicalPath(_ path: String) throws(FileAccessError) -> String?
    /// The absolute path against which relative paths on the command line are meant.
    func workingDirectory() throws(FileAccessError) -> String
}
