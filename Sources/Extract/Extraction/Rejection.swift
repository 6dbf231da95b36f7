public import LogModel

/// A value that was kept from its metric. It says where the line is and not what it says, which may be a secret.
public struct Rejection: Hashable, Sendable {
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
}

/// The latest rejections of each instrument.
struct RejectionMemory {
    static let capacityPerInstrument = 16

    struct Entry {
        var pattern: Int
        var position: Position
        var reason: RejectionReason
        var number: Double?
        var time: WallTime
    }

    private struct Ring {
        var entries: ContiguousArray<Entry> = []
        var oldest = 0
    }

    private var rings: ContiguousArray<Ring>

    init(instrumentCount: Int) { rings = ContiguousArray(repeating: Ring(), count: instrumentCount) }

    mutating func record(_ entry: Entry, instrument: Int) {
        if rings[instrument].entries.count < Self.capacityPerInstrument {
            rings[instrument].entries.append(entry)
        } else {
            let oldest = rings[instrument].oldest
            rings[instrument].entries[oldest] = entry
            rings[instrument].oldest = (oldest + 1) % Self.capacityPerInstrument
        }
    }

    /// Oldest first.
    func entries(instrument: Int) -> [Entry] {
        let ring = rings[instrument]
        return Array(ring.entries[ring.oldest...] + ring.entries[..<ring.oldest])
    }
}
