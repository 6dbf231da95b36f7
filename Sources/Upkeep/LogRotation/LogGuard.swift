public import FileAccess

/// What is not rotated unless somebody says that it is meant.
///
/// Whoever can make names in a directory could lead a rotation to a file of somebody else: by a hard link, or by names that are there
/// before it. See logrotate's CVE-2011-1098, CVE-2011-1154 and CVE-2011-1155.
public struct LogGuard: Hashable, Sendable {
    /// Whether a file with several names is rotated.
    public var allowsHardLinks = false
    /// Whether directories are fine in which everybody may make names.
    public var allowsSharedDirectories = false
    /// Refuses all that is doubtful.
    public init() {}

    /// Checks what is to be rotated, as it is open.
    ///
    /// - Parameters:
    ///   - name: in `directory`.
    ///   - status: of the open file.
    ///   - directory: in which it was opened.
    ///   - user: by whose rights it is done; the file must be theirs.
    /// - Throws: `shared_directory`, `hard_link`, `other_owner`.
    public func check(
        _ name: String, _ status: FileStatus, in directory: HeldDirectory, user: UInt32
    ) throws(RotationError) {
        let path = directory.path(name)
        let folder = try filing { () throws(FileAccessError) in try directory.status() }
        if folder.permissions & 0o002 != 0, !allowsSharedDirectories {
            throw RotationError(
                "shared_directory", "\(path) is not rotated: everybody may make names in \(directory.path).",
                hint: "take that right away (`chmod o-w \(directory.path)`), or set `allow_shared_directories: true`")
        }
        if status.linkCount != 1, !allowsHardLinks {
            throw RotationError(
                "hard_link", "\(path) is not rotated: the file has \(status.linkCount) names.",
                hint: "remove the other ones (`find / -xdev -samefile \(path)`), or set `allow_hard_links: true`")
        }
        if status.owner != user {
            throw RotationError(
                "other_owner", "\(path) is not rotated: it belongs to user \(status.owner), not to \(user).",
                hint: "it is being replaced at this moment; if not, rotate it as its owner")
        }
    }
}
