import FileAccess
import LogModel
import LogPipeline

/// Finds line ends; the table is reused from batch to batch.
///
/// SAFETY: `ends` is allocated once, grows only here, and its pointers are lent for the duration of a batch.
final class LineSplitter {
    private var ends: UnsafeMutableBufferPointer<UInt32> = .allocate(capacity: 4096)

    deinit { ends.deallocate() }

    /// The offsets behind each line end in `bytes`, which begin where a character does.
    func split(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> UnsafeBufferPointer<UInt32> {
        if encoding.unitLength > 1 { return splitUTF16(bytes, encoding) }
        var count = LineEnds.find(in: bytes, into: ends)
        while count == ends.count {
            let capacity = ends.count * 2
            ends.deallocate()
            ends = .allocate(capacity: capacity)
            count = LineEnds.find(in: bytes, into: ends)
        }
        return UnsafeBufferPointer(rebasing: ends[..<count])
    }

    private func splitUTF16(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> UnsafeBufferPointer<UInt32> {
        var found: ContiguousArray<UInt32> = []
        appendUTF16LineEnds(of: bytes, encoding, to: &found)
        if found.count >= ends.count {
            ends.deallocate()
            ends = .allocate(capacity: found.count * 2)
        }
        _ = ends.update(fromContentsOf: found)
        return UnsafeBufferPointer(rebasing: ends[..<found.count])
    }

    /// The table of one line that reaches to the end of `count` bytes, with or without line end.
    func single(_ count: Int) -> UnsafeBufferPointer<UInt32> {
        ends[0] = UInt32(count)
        return UnsafeBufferPointer(rebasing: ends[..<1])
    }

    /// The table of the last split with one more line, which ends with the bytes.
    func appending(_ table: UnsafeBufferPointer<UInt32>, end: Int) -> UnsafeBufferPointer<UInt32> {
        ends[table.count] = UInt32(end)
        return UnsafeBufferPointer(rebasing: ends[..<(table.count + 1)])
    }
}
