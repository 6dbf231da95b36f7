public import FileAccess

/// Configuration files where they are in earnest.
public struct DiskConfigurationFiles: ConfigurationFiles {
    /// Files beyond this are cut; the YAML reader refuses them by their size.
    private static let maximumSize = 4 << 20
    private let access: any FileAccess

    /// Creates a view on the files that `access` reaches.
    public init(_ access: any FileAccess) { self.access = access }

    /// The first `maximumSize` bytes of a file.
    ///
    /// SAFETY: `block` is freed on every path, and only as many of its bytes are copied as the read reports.
    public func read(_ path: String) throws(FileAccessError) -> [UInt8]? {
        guard let file = try access.open(path) else { return nil }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
        defer { block.deallocate() }
        var content: [UInt8] = []
        while content.count < Self.maximumSize {
            let count = try file.read(into: block, at: UInt64(content.count))
            guard count > 0 else { break }
            content += block.prefix(count)
        }
        return content
    }

    /// The names in a directory, as the disk lists them.
    public func names(in directory: String) throws(FileAccessError) -> [String]? {
        try access.list(directory)?.map(\.name)
    }

    /// As the kernel resolves it.
    public func canonicalPath(_ path: String) throws(FileAccessError) -> String? { try access.canonicalPath(path) }

    /// The working directory of this process.
    public func workingDirectory() throws(FileAccessError) -> String { try access.canonicalPath(".") ?? "/" }
}
