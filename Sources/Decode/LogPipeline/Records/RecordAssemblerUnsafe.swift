import LineFormats
public import LogModel
public import PatternMatching

/// What became of a run of lines.
public struct AssembledRecords {
    /// The records; `raw` is what they are made of, from the first line on.
    public let batch: LineBatch
    /// Where the last line ends, counted from the batch that was handed in, of the first record that may go on; nil when there
    /// is none.
    public let openEnd: Int?
}

/// Makes records of the lines of one source: takes off what a container runtime wrote around them, joins what it cut, takes
/// out colours, turns other encodings into UTF-8, and puts lines together that belong together.
///
/// It keeps nothing from call to call: a record that may go on is not taken, and its lines are handed in again together with
/// what has come since. So whoever commits where the taken lines end has committed the boundary, and a replay makes the same
/// records. Used by one thread at a time.
///
/// SAFETY: lines are read within the batch and during the call. The batch of records points into the object's buffers, or into
/// those of the batch it was made from, and is lent for one call.
public final class RecordAssembler {
    /// How records are made.
    public let settings: DecodingSettings

    private let boundary: PatternSetMatcher?
    private let maximumLength: Int
    private let maximumLineCount: Int
    private let containers: ContainerLineReader

    private var text: ContiguousArray<UInt8> = []
    private var ends: ContiguousArray<UInt32> = []
    private var origins: ContiguousArray<UInt32> = []
    /// By record: the lines that it is made of.
    private var lines: ContiguousArray<Range<Int>> = []
    /// By output of the container: what may go on.
    private var partial = [OpenText(), OpenText()]
    private var open = [OpenText(), OpenText()]
    private var decoded = TranscodedText()
    private var stripped: ContiguousArray<UInt8> = []
    /// What gave trouble, by the line that it came to light with: of lines that are not taken it will come again.
    private var troubles: ContiguousArray<Trouble> = []

    private struct Trouble {
        var line: Int
        var kind: WritableKeyPath<DecodingTally, UInt64>
        var count: UInt64 = 1
    }

    /// Text of which more may come.
    private struct OpenText {
        var bytes: ContiguousArray<UInt8> = []
        /// The lines it is made of; empty when there is none.
        var lines = 0..<0
        var lineCount = 0
        /// Where its first line begins.
        var origin: UInt32 = 0

        mutating func begin(_ line: Range<Int>, at origin: UInt32) {
            bytes.removeAll(keepingCapacity: true)
            (lines, lineCount, self.origin) = (line, 0, origin)
        }

        mutating func append(_ text: UnsafeRawBufferPointer, to upper: Int) {
            bytes.append(contentsOf: text)
            lines = lines.lowerBound..<upper
            lineCount += 1
        }
    }

    /// - Parameters:
    ///   - settings: how records are made.
    ///   - maximumLineLength: what a line that a container runtime cut is joined to at most, in bytes.
    /// - Throws: when the expression of the boundary is wrong.
    public init(_ settings: DecodingSettings, maximumLineLength: Int) throws(PatternError) {
        self.settings = settings
        containers = ContainerLineReader(settings.container)
        maximumLength = settings.multiline?.maximumLength ?? maximumLineLength
        maximumLineCount = settings.multiline?.maximumLineCount ?? .max
        switch settings.multiline?.boundary {
        case .firstLine(let expression), .continuation(let expression):
            boundary = PatternSetMatcher(patterns: [try Pattern(expression)])
        case nil: boundary = nil
        }
    }

    /// How long a record that may go on is waited for when nothing comes.
    public var patience: Duration { settings.multiline?.patience ?? .seconds(5) }

    /// Makes records of whole lines.
    ///
    /// - Parameters:
    ///   - batch: lines as they stand in their file.
    ///   - isOver: no more will come that could belong to them, or has come in time; every record is whole.
    ///   - isFull: there is no room for more: records that may go on are cut.
    ///   - overdue: records that may go on and end at or before this offset in the batch have waited long enough; they are whole.
    ///   - body: gets the whole records in front; none when the first one may go on.
    /// - Returns: what `body` returns.
    public func assemble<Result>(
        _ batch: LineBatch, isOver: Bool, isFull: Bool = false, overdue: Int = 0, _ body: (AssembledRecords) -> Result
    ) -> Result {
        settings.keepsText
            ? group(batch, isOver: isOver || overdue >= batch.bytes.count, isFull: isFull, body)
            : decode(batch, isOver: isOver, isFull: isFull, overdue: overdue, body)
    }

    // MARK: - Text that stands in the file

    private func group<Result>(
        _ batch: LineBatch, isOver: Bool, isFull: Bool, _ body: (AssembledRecords) -> Result
    ) -> Result {
        ends.removeAll(keepingCapacity: true)
        var (first, start, taken) = (0, 0, 0)
        var tally = DecodingTally()
        for line in 0..<batch.lineCount {
            let range = batch.lineRange(line)
            if line > first {
                let isTooLong = line - first >= maximumLineCount || range.upperBound - start > maximumLength
                let begins = beginsRecord(UnsafeRawBufferPointer(rebasing: batch.bytes[range]))
                if isTooLong, !begins { tally.cutRecords += 1 }
                if isTooLong || begins {
                    ends.append(batch.lineEnds[line - 1])
                    (first, start, taken) = (line, range.lowerBound, line)
                }
            }
        }
        if isOver || isFull, batch.lineCount > 0 {
            if isFull { tally.cutRecords += 1 }
            ends.append(batch.lineEnds[batch.lineCount - 1])
            taken = batch.lineCount
        }
        let raw = UnsafeRawBufferPointer(rebasing: batch.bytes[..<Int(ends.last ?? 0)])
        return ends.withUnsafeBufferPointer { ends in
            body(
                AssembledRecords(
                    batch: LineBatch(
                        bytes: raw, lineEnds: ends, stream: batch.stream, source: batch.source, offset: batch.offset,
                        raw: raw, origins: nil, rawLineCount: taken, tally: tally),
                    openEnd: taken < batch.lineCount ? batch.bytes.count : nil))
        }
    }

    private func beginsRecord(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let boundary, let rule = settings.multiline?.boundary else { return true }
        let isMatch = if case .matched = boundary.match(0, line: line) { true } else { false }
        return switch rule {
        case .firstLine: isMatch
        case .continuation: !isMatch
        }
    }

    // MARK: - Text that is decoded

    private func decode<Result>(
        _ batch: LineBatch, isOver: Bool, isFull: Bool, overdue: Int, _ body: (AssembledRecords) -> Result
    ) -> Result {
        text.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        troubles.removeAll(keepingCapacity: true)
        for output in partial.indices {
            partial[output].lines = 0..<0
            open[output].lines = 0..<0
        }
        for line in 0..<batch.lineCount { take(line, batch) }
        if isFull {
            for output in open.indices {
                let text = partial[output].lines.isEmpty ? open[output] : partial[output]
                if !text.lines.isEmpty { noteCut(text) }
            }
        }
        let isDue = { (text: OpenText) in isOver || isFull || Int(batch.lineEnds[text.lines.upperBound - 1]) <= overdue
        }
        closeAll(where: isDue)
        let first = (partial + open).filter { !$0.lines.isEmpty }.min { $0.lines.lowerBound < $1.lines.lowerBound }
        let openEnd = first.map { Int(batch.lineEnds[$0.lines.upperBound - 1]) }
        let taken = leaveOpen(batch.lineCount)
        var tally = DecodingTally()
        for trouble in troubles where trouble.line < taken { tally[keyPath: trouble.kind] += trouble.count }
        let raw = UnsafeRawBufferPointer(rebasing: batch.bytes[..<Int(taken == 0 ? 0 : batch.lineEnds[taken - 1])])
        return text.withUnsafeBytes { text in
            ends.withUnsafeBufferPointer { ends in
                origins.withUnsafeBufferPointer { origins in
                    body(
                        AssembledRecords(
                            batch: LineBatch(
                                bytes: text, lineEnds: ends, stream: batch.stream, source: batch.source,
                                offset: batch.offset, raw: raw, origins: origins, rawLineCount: taken,
                                tally: tally),
                            openEnd: openEnd))
                }
            }
        }
    }

    /// Decodes one line of the file.
    private func take(_ line: Int, _ batch: LineBatch) {
        let origin = line == 0 ? 0 : batch.lineEnds[line - 1]
        let bytes = UnsafeRawBufferPointer(rebasing: batch.bytes[batch.lineRange(line)])
        if settings.encoding == .utf8 { return unwrap(bytes, line, origin) }
        decoded.removeAll()
        var transcoder = Transcoder(from: settings.encoding)
        transcoder.transcode(
            UnsafeRawBufferPointer(rebasing: batch.bytes[Int(origin)..<Int(batch.lineEnds[line])]), into: &decoded)
        transcoder.finish(into: &decoded)
        if transcoder.replacementCount > 0 {
            troubles.append(Trouble(line: line, kind: \.replacedCharacters, count: transcoder.replacementCount))
        }
        decoded.bytes.withUnsafeBytes { bytes in unwrap(withoutLineEnd(bytes), line, origin) }
    }

    private func withoutLineEnd(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var count = bytes.count
        if count > 0, bytes[count - 1] == 0x0A {
            count -= 1
            if count > 0, bytes[count - 1] == 0x0D { count -= 1 }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    /// Takes off what the container runtime wrote.
    private func unwrap(_ bytes: UnsafeRawBufferPointer, _ line: Int, _ origin: UInt32) {
        guard settings.container != .none, let container = container(bytes, line) else {
            return join(bytes, 0, isPartial: false, line, origin)
        }
        let output = container.stream == .stdout ? 0 : 1
        let text = UnsafeRawBufferPointer(rebasing: bytes[container.text])
        guard container.hasEscapes else { return join(text, output, isPartial: container.isPartial, line, origin) }
        stripped.removeAll(keepingCapacity: true)
        appendUnescaped(text, to: &stripped)
        let unescaped = stripped
        unescaped.withUnsafeBytes { join($0, output, isPartial: container.isPartial, line, origin) }
    }

    private func container(_ bytes: UnsafeRawBufferPointer, _ line: Int) -> ContainerLine? {
        let found = containers.read(bytes)
        if found == nil, settings.container != .auto { troubles.append(Trouble(line: line, kind: \.malformedLines)) }
        return found
    }

    /// Joins what a runtime cut.
    private func join(_ bytes: UnsafeRawBufferPointer, _ output: Int, isPartial: Bool, _ line: Int, _ origin: UInt32) {
        let isOpen = !partial[output].lines.isEmpty
        guard isOpen || isPartial else { return strip(bytes, output, line..<line + 1, origin) }
        if !isOpen { partial[output].begin(line..<line, at: origin) }
        partial[output].append(bytes, to: line + 1)
        if isPartial {
            guard partial[output].bytes.count >= maximumLength else { return }
            noteCut(partial[output])
        }
        closePartial(output)
    }

    private func noteCut(_ text: OpenText) {
        troubles.append(Trouble(line: text.lines.upperBound - 1, kind: \.cutRecords))
    }

    private func closePartial(_ output: Int) {
        let whole = partial[output]
        partial[output].lines = 0..<0
        whole.bytes.withUnsafeBytes { strip($0, output, whole.lines, whole.origin) }
    }

    /// Takes out colours, of whole lines: a runtime may cut in the middle of a sequence.
    private func strip(_ bytes: UnsafeRawBufferPointer, _ output: Int, _ made: Range<Int>, _ origin: UInt32) {
        guard settings.stripsColours, EscapeSequences.areIn(bytes) else { return add(bytes, output, made, origin) }
        var plain: ContiguousArray<UInt8> = []
        EscapeSequences.strip(bytes, into: &plain)
        plain.withUnsafeBytes { add($0, output, made, origin) }
    }

    /// Puts lines together that belong together.
    private func add(_ bytes: UnsafeRawBufferPointer, _ output: Int, _ made: Range<Int>, _ origin: UInt32) {
        guard boundary != nil else { return emit(bytes, made, origin) }
        if !open[output].lines.isEmpty {
            let isFull =
                open[output].lineCount >= maximumLineCount || open[output].bytes.count + bytes.count >= maximumLength
            let begins = beginsRecord(bytes)
            if isFull, !begins { noteCut(open[output]) }
            if isFull || begins {
                closeRecord(output)
            } else {
                open[output].bytes.append(0x0A)
            }
        }
        if open[output].lines.isEmpty { open[output].begin(made, at: origin) }
        open[output].append(bytes, to: made.upperBound)
    }

    private func closeRecord(_ output: Int) {
        let record = open[output]
        open[output].lines = 0..<0
        record.bytes.withUnsafeBytes { emit($0, record.lines, record.origin) }
    }

    private func closeAll(where isDue: (OpenText) -> Bool) {
        for output in partial.indices where !partial[output].lines.isEmpty && isDue(partial[output]) {
            closePartial(output)
        }
        let byOrigin = open.indices.filter { !open[$0].lines.isEmpty && partial[$0].lines.isEmpty && isDue(open[$0]) }
            .sorted { open[$0].origin < open[$1].origin }
        for output in byOrigin { closeRecord(output) }
    }

    private func emit(_ bytes: UnsafeRawBufferPointer, _ made: Range<Int>, _ origin: UInt32) {
        text.append(contentsOf: bytes)
        // A carriage return at the end is part of the text, and only one is taken for a part of the line end.
        if bytes.last == 0x0D { text.append(0x0D) }
        text.append(0x0A)
        ends.append(UInt32(truncatingIfNeeded: text.count))
        origins.append(origin)
        lines.append(made)
    }

    // MARK: - What may go on

    /// Takes back every record that has a line from the first open one on; returns the number of lines in front of it.
    private func leaveOpen(_ count: Int) -> Int {
        var limit = count
        for text in partial + open where !text.lines.isEmpty { limit = min(limit, text.lines.lowerBound) }
        guard limit < count else { return count }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for made in lines where made.upperBound > limit && made.lowerBound < limit {
                limit = made.lowerBound
                hasChanged = true
            }
        }
        keep(below: limit)
        return limit
    }

    private func keep(below limit: Int) {
        var (count, length, lower) = (0, 0, 0)
        for index in lines.indices {
            let range = lower..<Int(ends[index])
            lower = range.upperBound
            guard lines[index].upperBound <= limit else { continue }
            if length != range.lowerBound {
                for place in range { text[length + place - range.lowerBound] = text[place] }
            }
            length += range.count
            ends[count] = UInt32(truncatingIfNeeded: length)
            origins[count] = origins[index]
            count += 1
        }
        text.removeLast(text.count - length)
        ends.removeLast(ends.count - count)
        origins.removeLast(origins.count - count)
        lines.removeLast(lines.count - count)
    }
}
