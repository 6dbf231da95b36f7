import LogModel

/// A segment together with what is open of it.
final class TrackedSegment {
    var segment: Segment
    var file: SegmentFile?
    /// Why its bytes are not where they were, while they are looked for and when they are gone.
    var displacement: LossReason?
    /// Since when its bytes are looked for.
    var missingSince: MonotonicTime?
    /// Its file cannot hold more than is known: no late writer, or the whole of a compressed or copied file.
    var isFinal: Bool { segment.state == .complete || segment.state == .gone }
    /// When its file was last seen to grow; a closed one without a word on its writers is complete after a quiet time.
    var lastGrowth: MonotonicTime

    init(_ segment: Segment, file: SegmentFile? = nil, now: MonotonicTime) {
        self.segment = segment
        self.file = file
        self.lastGrowth = now
    }

    /// The file's byte that logical `offset` is.
    func fileOffset(_ offset: UInt64) -> UInt64 { segment.base + (offset - segment.start) }

    /// The file's byte behind the last one known.
    var fileEnd: UInt64 { segment.base + segment.length }
}
