/// The fields of one line, overwritten with each line that is read.
///
/// A reader makes the table that fits it. It belongs to one thread at a time, and what it holds are ranges of the last line
/// that was read into it.
///
/// SAFETY: the storage lives as long as the table; every access by index is checked against its size.
public final class FieldTable {
    /// How many fields there are: as many as the reader has paths.
    public let count: Int
    let values: UnsafeMutablePointer<FieldValue>
    /// What was found at each place where a path may lead.
    let candidates: UnsafeMutablePointer<FieldValue>
    let candidateCount: Int

    init(count: Int, candidateCount: Int = 0) {
        self.count = count
        self.candidateCount = candidateCount
        values = .allocate(capacity: max(count, 1))
        values.initialize(repeating: .absent, count: max(count, 1))
        candidates = .allocate(capacity: max(candidateCount, 1))
        candidates.initialize(repeating: .absent, count: max(candidateCount, 1))
    }

    deinit {
        values.deallocate()
        candidates.deallocate()
    }

    /// What the last line has for the path of that index.
    public subscript(index: Int) -> FieldValue {
        precondition(index >= 0 && index < count, "BUG: no field \(index) among \(count)")
        return values[index]
    }

    /// Forgets the last line.
    func removeAll() {
        values.update(repeating: .absent, count: count)
        candidates.update(repeating: .absent, count: candidateCount)
    }
}
