import LogModel
import MetricRegistry

/// In which files the bytes of streams lie.
struct StreamFiles {
    private let segments: [StreamID: [Segment]]

    init(_ streams: [StreamRecord]) {
        segments = Dictionary(uniqueKeysWithValues: streams.map { ($0.id, $0.segments) })
    }

    /// The file in which a place lies now; nil when it is gone, or when all consumers have passed it.
    func place(_ position: Position) -> FilePlace? {
        let segment = segments[position.stream]?.last {
            $0.state != .gone && $0.start <= position.offset && position.offset < $0.end
        }
        return segment.map { FilePlace(path: $0.path, offset: $0.base + (position.offset - $0.start)) }
    }
}
