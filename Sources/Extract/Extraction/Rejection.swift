public import LogModel

/// A value that was kept from its metric. Its line is for the operator's eyes: it may hold a secret.
public struct Rejection: Hashable, Sendable {
    /// The name of the metric.
    public var metric: String
    /// The name of the pattern that found the value.
    public var pattern: String
    /// The first byte of the line.
    public var position: Position
    /// Why it was kept.
    public var reason: RejectionReason
    /// The value, when it was a number.
    public var number: Double?
    /// When the line was read.
    public var time: WallTime
    /// The line, or its first 256 bytes.
    public var line: [UInt8]
}

/// The latest rejections of each instrument.
struct RejectionMemory {
    static let capacityPerInstrument = 16
    /// What is kept of a line.
    static let lineLength = 256

    struct Entry {
        var pattern: Int
        var position: Position
        var reason: RejectionReason
        var number: Double?
        var time: WallTime
        var line: ContiguousArray<UInt8> = []
    }

    private struct Ring {
        var entries: ContiguousArray<Entry> = []
        var oldest = 0
    }

    private var rings: ContiguousArray<Ring>

    init(instrumentCount: Int) { rings = ContiguousArray(repeating: Ring(), count: instrumentCount) }

    /// Remembers a rejection with its line; the storage of the one that it pushes out is used again.
    mutating func record(_ entry: Entry, line: UnsafeRawBufferPointer, instrument: Int) {
        let place: Int
        if rings[instrument].entries.count < Self.capacityPerInstrument {
            place = rings[instrument].entries.count
            rings[instrument].entries.append(entry)
        } else {
            place = rings[instrument].oldest
            rings[instrument].oldest = (place + 1) % Self.capacityPerInstrument
            var entry = entry
            swap(&entry.line, &rings[instrument].entries[place].line)
            rings[instrument].entries[place] = entry
            rings[instrument].entries[place].line.removeAll(keepingCapacity: true)
        }
        rings[instrument].entries[place].line.append(contentsOf: line.prefix(Self.lineLength))
    }

    /// The instruments that have some.
    var instruments: [Int] { rings.indices.filter { !rings[$0].entries.isEmpty } }

    /// Oldest first.
    func entries(instrument: Int) -> [Entry] {
        let ring = rings[instrument]
        return Array(ring.entries[ring.oldest...] + ring.entries[..<ring.oldest])
    }
}
