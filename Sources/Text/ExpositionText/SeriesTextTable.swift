/// Knows series by their bytes on a page: an open table of their places.
struct SeriesTextTable: Sendable {
    private struct Entry {
        var range: Range<Int>
        var number: Int
    }

    private var slots: [Entry?] = Array(repeating: nil, count: 64)
    private var count = 0

    func number(of range: Range<Int>, in text: [UInt8]) -> Int? {
        var slot = Self.hash(text.span, range) & (slots.count - 1)
        while let entry = slots[slot] {
            if Self.isSame(text.span, entry.range, range) { return entry.number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    mutating func insert(_ number: Int, _ range: Range<Int>, in text: [UInt8]) {
        if count * 2 >= slots.count { grow(text) }
        place(Entry(range: range, number: number), text)
        count += 1
    }

    private mutating func place(_ entry: Entry, _ text: [UInt8]) {
        var slot = Self.hash(text.span, entry.range) & (slots.count - 1)
        while slots[slot] != nil { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    private mutating func grow(_ text: [UInt8]) {
        let entries = slots
        slots = Array(repeating: nil, count: entries.count * 2)
        for case let entry? in entries { place(entry, text) }
    }

    /// FNV-1a, mixed once more at the end. What is chosen to collide makes one page slow to read, for whoever chose it.
    private static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
        hash ^= hash >> 32
        return Int(truncatingIfNeeded: hash & 0x7fff_ffff_ffff_ffff)
    }

    private static func isSame(_ text: Span<UInt8>, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count where text[one.lowerBound + offset] != text[other.lowerBound + offset] {
            return false
        }
        return true
    }
}
