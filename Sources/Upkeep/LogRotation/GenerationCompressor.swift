import Compression
import Cryptography
public import FileAccess
import LogModel
public import ParallelCompression

/// What became of a generation.
public struct CompressedGeneration: Hashable, Sendable {
    /// The generation as it is now.
    public var generation: Generation
    /// Bytes before it was compressed.
    public var plainLength: UInt64
    /// Bytes of the gzip file.
    public var compressedLength: UInt64
}

/// Puts a gzip file in the place of a generation that nobody writes to any more.
///
/// It is written under a hidden name, brought to disk, read back and compared, and only then gets its own name; the generation goes
/// last. A crash leaves the generation, the gzip file, or both, and perhaps a hidden file; see `clean` and `compress`.
public struct GenerationCompressor {
    private let directory: HeldDirectory
    private let names: GenerationNames
    private let settings: ParallelGzipSettings
    /// Whether a file with the SHA-256 is written beside each, as `sha256sum` reads it.
    private let writesChecksum: Bool

    /// For the generations of one log.
    ///
    /// - Parameters:
    ///   - directory: where they lie.
    ///   - names: how they are called.
    ///   - settings: how they are compressed.
    ///   - writesChecksum: whether the SHA-256 of each is written beside it.
    public init(
        _ directory: HeldDirectory, _ names: GenerationNames, _ settings: ParallelGzipSettings = ParallelGzipSettings(),
        writesChecksum: Bool = false
    ) {
        self.directory = directory
        self.names = names
        self.settings = settings
        self.writesChecksum = writesChecksum
    }

    private static let draftEnding = ".part"

    private func draft(_ name: String) -> String { ".\(name)\(Self.draftEnding)" }

    /// Removes what a crash left behind under hidden names.
    ///
    /// - Returns: the names that went.
    public func clean() throws(RotationError) -> [String] {
        try filing { () throws(FileAccessError) in
            var removed: [String] = []
            for name in try directory.list().map(\.name) where isDraft(name) {
                if try directory.remove(name) { removed.append(name) }
            }
            return removed
        }
    }

    private func isDraft(_ name: String) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(Self.draftEnding) else { return false }
        var hidden = name.dropFirst().dropLast(Self.draftEnding.count)
        if hidden.hasSuffix(Self.checksumEnding) { hidden = hidden.dropLast(Self.checksumEnding.count) }
        return names.generation(String(hidden))?.isCompressed ?? false
    }

    // MARK: Compressing

    /// Compresses a generation; where its gzip file is there already, only compares and removes the generation.
    ///
    /// - Parameter generation: not compressed.
    /// - Returns: what there is now.
    /// - Throws: `still_open` while some process can write to it, `writers_unknown` when that cannot be found out; what the disk
    ///   refused, after which the generation is as it was.
    public func compress(_ generation: Generation) throws -> CompressedGeneration {
        precondition(!generation.isCompressed, "BUG: a generation is compressed twice")
        guard let file = try directory.open(generation.name, for: .reading) else {
            throw gone(generation.name)
        }
        let status = try file.status()
        try checkNobodyWrites(file, generation)
        let name = generation.compressed.name
        let compressed =
            try directory.status(name) == nil
            ? try make(name, of: file, status, generation) : try compare(name, file, status, generation)
        try directory.remove(generation.name)
        try directory.synchronize()
        return compressed
    }

    private func gone(_ name: String) -> RotationError {
        RotationError(
            "generation_gone", "\(directory.path(name)) is not there any more.", hint: nil, healing: .byItself)
    }

    /// Before and after reading: a line that came behind what was read would be lost with the generation.
    private func checkNobodyWrites(_ file: HeldFile, _ generation: Generation) throws(RotationError) {
        switch file.writers() {
        case .absent: return
        case .present:
            throw RotationError(
                "still_open",
                "\(directory.path(generation.name)) is not compressed yet: some process still writes to it.",
                hint: "it has to open its log anew; name how under `reopen`", healing: .byItself)
        case .unknown:
            throw RotationError(
                "writers_unknown",
                "\(directory.path(generation.name)) is not compressed: whether some process still writes to it cannot be told.",
                hint: "its file system has no leases, or it belongs to another user")
        }
    }

    private func make(
        _ name: String, of file: HeldFile, _ status: FileStatus, _ generation: Generation
    ) throws -> CompressedGeneration {
        let hidden = draft(name)
        try directory.remove(hidden)
        do {
            let result = try write(hidden, of: file, status)
            try checkNobodyWrites(file, generation)
            let now = try file.status()
            guard now.size == result.content.length, now.modified == status.modified else {
                throw RotationError(
                    "still_changing", "\(directory.path(generation.name)) was changed while it was compressed.",
                    hint: nil, healing: .byItself)
            }
            if let hash = result.sha256 { try writeChecksum(hash, of: name, status) }
            try directory.rename(hidden, to: name)
            try directory.synchronize()
            return CompressedGeneration(
                generation: generation.compressed,
                plainLength: result.content.length, compressedLength: result.compressedLength)
        } catch {
            // A full disk gets its room back; the generation is whole.
            for draft in [hidden, draft(name + Self.checksumEnding)] { _ = try? directory.remove(draft) }
            throw error
        }
    }

    private func write(
        _ hidden: String, of file: HeldFile, _ status: FileStatus
    ) throws -> ParallelGzipResult {
        let output = try directory.create(hidden, permissions: 0o600)
        var settings = settings
        settings.modified = Self.modified(status)
        settings.isHashed = writesChecksum
        var offset: UInt64 = 0
        let result = try ParallelGzip.compress(settings) { buffer in
            let count = try file.read(into: buffer, at: offset)
            offset += UInt64(count)
            return count
        } to: {
            try output.write($0)
        }
        try output.synchronize()
        try GzipVerification.check(
            directory.path(hidden), holds: result.content, modified: settings.modified,
            source: { try output.read(into: $0, at: $1) })
        try giveAttributes(output, of: status)
        try output.synchronize()
        return result
    }

    /// Those of the file in whose place it comes.
    private func giveAttributes(_ file: HeldFile, of status: FileStatus) throws(FileAccessError) {
        let own = try file.status()
        if own.owner != status.owner || own.group != status.group {
            try file.setOwner(status.owner, group: status.group)
        }
        try file.setPermissions(status.permissions & 0o777)
        try file.setTimes(accessed: status.modified, modified: status.modified)
    }

    private static func modified(_ status: FileStatus) -> UInt32 {
        UInt32(clamping: status.modified.nanoseconds / 1_000_000_000)
    }

    // MARK: What a crash left

    /// The gzip file came to its name, and the generation did not go: both must hold the same.
    private func compare(
        _ name: String, _ file: HeldFile, _ status: FileStatus, _ generation: Generation
    ) throws -> CompressedGeneration {
        guard let there = try directory.open(name, for: .reading) else {
            throw gone(name)
        }
        let sum = try Self.sum(of: file)
        do {
            try GzipVerification.check(
                directory.path(name), holds: sum, modified: Self.modified(status),
                source: { try there.read(into: $0, at: $1) })
        } catch let error as GzipError {
            throw RotationError(
                "generations_differ",
                "\(directory.path(generation.name)) is not compressed: \(name) is there already, and is something else: \(error.message)",
                hint: "move one of them away")
        }
        let compressed = try there.status()
        if writesChecksum, try directory.status(name + Self.checksumEnding) == nil {
            try writeChecksum(try Self.hash(of: there), of: name, status)
        }
        return CompressedGeneration(
            generation: generation.compressed,
            plainLength: sum.length, compressedLength: compressed.size)
    }

    private static let blockLength = 256 << 10

    private static func eachBlock(of file: HeldFile, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockLength, alignment: 64)
        defer { buffer.deallocate() }
        var offset: UInt64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += UInt64(count)
        }
    }

    private static func sum(of file: HeldFile) throws -> ContentSum {
        var sum = ContentSum()
        try eachBlock(of: file) { sum.append($0) }
        return sum
    }

    private static func hash(of file: HeldFile) throws -> [UInt8] {
        let hash = try SHA256Hash()
        try eachBlock(of: file) { try hash.append($0) }
        return try hash.digest()
    }

    // MARK: The checksum

    private static let checksumEnding = ".sha256"

    /// As `sha256sum --check` reads it.
    private func writeChecksum(_ hash: [UInt8], of name: String, _ status: FileStatus) throws {
        let digits = hash.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0\(text)" : text
        }.joined()
        let (final, hidden) = (name + Self.checksumEnding, draft(name + Self.checksumEnding))
        try directory.remove(hidden)
        let file = try directory.create(hidden, permissions: 0o600)
        try Array("\(digits)  \(name)\n".utf8).withUnsafeBytes { try file.write($0) }
        try giveAttributes(file, of: status)
        try file.synchronize()
        try directory.remove(final)
        try directory.rename(hidden, to: final)
    }
}
