public import CivilTime
public import LineFormats
public import LogModel

/// Reads when the lines of one source were written, each by itself. Used by one thread at a time.
///
/// It remembers nothing of other lines, so that the same line always says the same: of a line with two times the first one
/// counts, wherever the line before had its own.
///
/// SAFETY: lines are read within their batch and during a call only.
public struct TimestampReader {
    private let layout: TimestampLayout?
    private let containers: ContainerLineReader?
    private let fields: LineFields?
    private var clock: CivilClock

    /// A reader for a source whose lines have such fields.
    ///
    /// - Throws: when the path of the field is too long.
    public init(_ settings: TimestampSettings, fields: FieldFormat = .none) throws(FieldPathError) {
        layout = settings.layout
        containers = settings.container == .none ? nil : ContainerLineReader(settings.container)
        if let path = settings.field {
            self.fields = try LineFields(fields == .none ? .auto : fields, paths: [path])
        } else {
            self.fields = nil
        }
        clock = CivilClock(settings.zone)
    }

    /// When a line was written, with as many digits as it says.
    ///
    /// - Parameters:
    ///   - line: its index in the batch.
    ///   - batch: the batch.
    ///   - reference: when the line was written at the latest, by which a year or a date is found that is not in it.
    /// - Returns: what the line says by itself, or else what its container runtime wrote around it; nil when neither says it.
    public mutating func timestamp(of line: Int, in batch: LineBatch, reference: WallTime) -> Timestamp? {
        let bytes = UnsafeRawBufferPointer(rebasing: batch.bytes[batch.lineRange(line)])
        return ownTimestamp(bytes, line, reference) ?? containers.flatMap { runtimeTimestamp($0, line, batch) }
    }

    private mutating func ownTimestamp(
        _ bytes: UnsafeRawBufferPointer, _ line: Int, _ reference: WallTime
    ) -> Timestamp? {
        guard let fields else { return search(bytes, reference) }
        // Several batches may come, each with a line of this number.
        fields.beginBatch()
        fields.read(bytes, line: line)
        guard fields.isPresent(0) else { return nil }
        let found = fields.withText(of: 0, in: bytes) { text, _ in value(text, reference) }
        return found ?? nil
    }

    /// The time that a field's text is.
    private mutating func value(_ text: UnsafeRawBufferPointer, _ reference: WallTime) -> Timestamp? {
        let span = bytes(text).span
        if let layout { return layout.timestamp(in: span, at: 0, clock: &clock, reference: reference) }
        var detector = TimestampDetector()
        return detector.timestamp(ofValue: span, clock: &clock, reference: reference)
    }

    /// The first time in a line.
    private mutating func search(_ text: UnsafeRawBufferPointer, _ reference: WallTime) -> Timestamp? {
        let span = bytes(text).span
        guard let layout else {
            var detector = TimestampDetector()
            return detector.timestamp(in: span, clock: &clock, reference: reference)
        }
        for start in 0..<min(text.count, TimestampDetector.searchedBytes) {
            // A time does not begin in the midst of a number.
            if start > 0, text[start - 1] &- UInt8(ascii: "0") < 10 { continue }
            if let found = layout.timestamp(in: span, at: start, clock: &clock, reference: reference) { return found }
        }
        return nil
    }

    /// The time that a container runtime wrote before or behind the text of a line.
    private func runtimeTimestamp(
        _ reader: ContainerLineReader, _ line: Int, _ batch: LineBatch
    ) -> Timestamp? {
        let start = Int(batch.position(of: line).offset - batch.offset)
        let rest = UnsafeRawBufferPointer(rebasing: batch.raw[start...])
        var end = rest.firstIndex(of: 0x0A) ?? rest.count
        if end > 0, rest[end - 1] == 0x0D { end -= 1 }
        let written = UnsafeRawBufferPointer(rebasing: rest[..<end])
        guard let found = reader.read(written) else { return nil }
        var detector = TimestampDetector()
        var universal = CivilClock(.utc)
        return detector.timestamp(
            ofValue: bytes(UnsafeRawBufferPointer(rebasing: written[found.time])).span, clock: &universal,
            reference: .unixEpoch)
    }

    private func bytes(_ raw: UnsafeRawBufferPointer) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: raw.baseAddress?.assumingMemoryBound(to: UInt8.self), count: raw.count)
    }
}
