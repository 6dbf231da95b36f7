import Glibc

/// A file that only grows.
public protocol AppendableFile: AnyObject {
    /// Bytes in the file, as far as this handle put them there or found them.
    var size: UInt64 { get }
    /// Appends all of `bytes`, or none where the file can be cut back after a failure.
    func append(_ bytes: UnsafeRawBufferPointer) throws(FileAccessError)
    /// Returns when all that was appended survives a power cut. After a failure the kernel may have dropped what it could not
    /// write, so it fails for ever then: open the file anew and compare.
    func synchronize() throws(FileAccessError)
}

/// A file of this machine that is open for appending. Made by `FileWriter.append(to:)`; closed with the last reference.
///
/// Belongs to one thread at a time and expects to be the only writer.
public final class AppendingFile: AppendableFile {
    /// Bytes in the file.
    public private(set) var size: UInt64
    private let descriptor: Descriptor
    private let path: String
    private let directory: String
    private let writer: FileWriter
    private var isDirectoryDurable = false
    private var failure: FileAccessError?

    init(
        _ descriptor: Descriptor, path: String, directory: String, writer: FileWriter
    ) throws(FileAccessError) {
        self.descriptor = descriptor
        self.path = path
        self.directory = directory
        self.writer = writer
        let status: stat
        do { status = try SystemCalls.status(descriptor.number) } catch { throw .system(.status, path, error) }
        guard FileKind(mode: status.st_mode) == .regular else { throw .notARegularFile(path, status.st_mode) }
        size = UInt64(clamping: status.st_size)
    }

    /// Appends all of `bytes`, or none.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(FileAccessError) {
        if let failure { throw failure }
        try writer.step("append.write", .write, path) { () throws(Errno) in
            do throws(Errno) { try SystemCalls.writeAll(descriptor.number, bytes) } catch {
                // A torn block would look like a line.
                try? SystemCalls.truncate(descriptor.number, to: size)
                throw error
            }
        }
        size += UInt64(bytes.count)
    }

    /// Brings the file, and the first time also its name, to the disk.
    public func synchronize() throws(FileAccessError) {
        if let failure { throw failure }
        do {
            try writer.step("append.sync", .synchronize, path) { () throws(Errno) in
                try SystemCalls.synchronize(descriptor.number)
            }
        } catch {
            failure = error
            throw error
        }
        if !isDirectoryDurable {
            try writer.synchronize(directory: directory, "append.sync_directory")
            isDirectoryDurable = true
        }
    }
}
