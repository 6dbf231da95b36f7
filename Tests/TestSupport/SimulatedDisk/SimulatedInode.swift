import FileAccess
import LogModel

/// The content of a simulated file: bytes, which of its blocks are allocated, and how much would survive a power cut.
struct SimulatedContent {
    private(set) var bytes: [UInt8] = []
    /// Per block whether it is data; false for a hole.
    private var blocks: [Bool] = []
    /// The bytes below this offset are on the disk.
    private(set) var durableLength = 0
    let blockSize: Int

    init(blockSize: Int) { self.blockSize = blockSize }

    var size: Int { bytes.count }

    var allocated: Int { blocks.count { $0 } * blockSize }

    mutating func write(_ data: some Collection<UInt8>, at offset: Int) {
        if data.isEmpty { return }
        let end = offset + data.count
        if end > size { grow(to: end) }
        bytes.replaceSubrange(offset..<end, with: data)
        for block in offset / blockSize...(end - 1) / blockSize { blocks[block] = true }
    }

    /// A shorter size is durable at once; what is added is a hole, and durable when all before it is.
    mutating func truncate(to newSize: Int) {
        if newSize > size {
            let wasDurable = durableLength == size
            grow(to: newSize)
            if wasDurable { durableLength = newSize }
            return
        }
        bytes.removeSubrange(newSize...)
        blocks.removeSubrange(blockCount(newSize)...)
        durableLength = min(durableLength, newSize)
    }

    /// Zeroes a range, and gives back the blocks that lie in it whole.
    mutating func punch(_ range: Range<Int>) {
        let range = range.clamped(to: 0..<size)
        for offset in range { bytes[offset] = 0 }
        // The last block counts as whole when the range reaches the end of the file.
        let end = range.upperBound == size ? blockCount(size) : range.upperBound / blockSize
        let first = blockCount(range.lowerBound)
        if first < end { for block in first..<end { blocks[block] = false } }
    }

    /// Removes whole blocks from the head; what follows moves to the front.
    mutating func collapse(blocks count: Int) {
        bytes.removeFirst(count * blockSize)
        blocks.removeFirst(count)
        durableLength = max(0, durableLength - count * blockSize)
    }

    mutating func synchronize() { durableLength = size }

    /// Forgets all unsynced bytes but a prefix whose length `random` decides.
    mutating func losePower(_ random: inout SeededRandom) {
        let survivor = Int.random(in: durableLength...size, using: &random)
        truncate(to: survivor)
        durableLength = survivor
    }

    func nextData(from offset: Int) -> Int? {
        guard offset < size else { return nil }
        let start = offset / blockSize
        return blocks[start...].firstIndex(of: true).map { max(offset, $0 * blockSize) }
    }

    private func blockCount(_ length: Int) -> Int { (length + blockSize - 1) / blockSize }

    private mutating func grow(to newSize: Int) {
        bytes.append(contentsOf: repeatElement(0, count: newSize - size))
        blocks.append(contentsOf: repeatElement(false, count: blockCount(newSize) - blocks.count))
    }
}

/// A file, directory or link of a simulated disk, whatever its names are.
final class SimulatedInode {
    enum Body {
        case file(SimulatedContent)
        case directory([String: SimulatedInode])
        case symbolicLink(String)
        case special
    }

    let number: UInt64
    let generation: UInt32
    var body: Body
    var linkCount = 0
    /// Handles that keep the inode alive without a name, writers included.
    var openCount = 0
    var writerCount = 0
    var isReadable = true
    var hidesWriters = false
    var modified: WallTime

    init(number: UInt64, generation: UInt32, body: Body, modified: WallTime) {
        self.number = number
        self.generation = generation
        self.body = body
        self.modified = modified
    }

    var kind: FileKind {
        switch body {
        case .file: .regular
        case .directory: .directory
        case .symbolicLink: .symbolicLink
        case .special: .other
        }
    }

    /// The content of a file; nothing for the other kinds, whose content cannot be set.
    var content: SimulatedContent {
        get {
            guard case .file(let content) = body else { return SimulatedContent(blockSize: 4096) }
            return content
        }
        set {
            guard case .file = body else { return }
            // Give up the old value first, so that the new one is changed in place.
            body = .special
            body = .file(newValue)
        }
        _modify {
            guard case .file(var content) = body else {
                var none = SimulatedContent(blockSize: 4096)
                yield &none
                return
            }
            body = .special
            defer { body = .file(content) }
            yield &content
        }
    }

    var entries: [String: SimulatedInode] {
        get {
            guard case .directory(let entries) = body else { return [:] }
            return entries
        }
        set { body = .directory(newValue) }
    }
}
