/// Reads lines of Docker's `json-file` log driver: `{"log":"text\n","stream":"stdout","time":"2016-10-06T00:17:09.669794202Z"}`.
///
/// The object has exactly these keys in any order, and perhaps `attrs`, an object. Docker cuts what a container writes at line
/// ends and every 16 KiB; a text that does not end in a line end is therefore partial.
///
/// SAFETY: a line is read within its bounds and only during the call.
public struct DockerLineReader: Sendable {
    private let tree: FieldTree

    /// Prepares to read.
    public init() {
        tree = .docker
    }

    /// Reads a line, which is without its line end.
    ///
    /// - Throws: Why Docker did not write it; the first of its mistakes.
    public func read(_ line: UnsafeRawBufferPointer) throws(Malformation) -> ContainerLine {
        guard let bytes = line.baseAddress else { throw Malformation(.notAnObject, at: 0) }
        let result = withUnsafeTemporaryAllocation(of: FieldValue.self, capacity: tree.candidateCount) {
            members -> Result<ContainerLine, Malformation> in
            members.initialize(repeating: .absent)
            guard let base = members.baseAddress else { return .failure(Malformation(.notAnObject, at: 0)) }
            let scanner = JSONScanner(bytes: bytes, end: line.count, tree: tree, candidates: base, isClosed: true)
            do throws(Malformation) {
                try scanner.document()
                return .success(
                    try container(line, log: base[0], stream: base[1], time: base[2], attributes: base[3]))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    @inline(__always)
    private func container(
        _ line: UnsafeRawBufferPointer, log: FieldValue, stream: FieldValue, time: FieldValue, attributes: FieldValue
    ) throws(Malformation) -> ContainerLine {
        for member in [log, stream, time] {
            guard member.kind != .absent else { throw Malformation(.missingMember, at: line.count) }
            guard member.kind == .string else { throw Malformation(.wrongType, at: member.range.lowerBound) }
        }
        guard attributes.kind == .absent || attributes.kind == .object else {
            throw Malformation(.wrongType, at: attributes.range.lowerBound)
        }
        guard isInternetTime(UnsafeRawBufferPointer(rebasing: line[time.range])) else {
            throw Malformation(.badTime, at: time.range.lowerBound)
        }
        guard let name = ContainerLine.Stream(UnsafeRawBufferPointer(rebasing: line[stream.range])) else {
            throw Malformation(.badStream, at: stream.range.lowerBound)
        }
        let (text, isPartial) = log.hasEscapes ? withoutLineEnd(line, log.range) : (log.range, true)
        let hasEscapes =
            log.hasEscapes
            && firstIndex(of: UInt8(ascii: "\\"), in: UnsafeRawBufferPointer(rebasing: line[text]), from: 0)
                < text.count
        return ContainerLine(
            stream: name, time: time.range, text: text, hasEscapes: hasEscapes, isPartial: isPartial)
    }

    /// The text without the line end, `\n` or `\r\n`, that it may have, and whether it has none.
    private func withoutLineEnd(_ line: UnsafeRawBufferPointer, _ text: Range<Int>) -> (Range<Int>, isPartial: Bool) {
        guard let end = droppingEscape(of: UInt8(ascii: "n"), UInt8(ascii: "a"), line, text) else {
            return (text, true)
        }
        let complete = text.lowerBound..<end
        let behindText = droppingEscape(of: UInt8(ascii: "r"), UInt8(ascii: "d"), line, complete)
        return (text.lowerBound..<(behindText ?? end), false)
    }

    /// Where the escape begins with which the text ends, when it is `\letter` or `\u000digit`.
    private func droppingEscape(
        of letter: UInt8, _ digit: UInt8, _ line: UnsafeRawBufferPointer, _ text: Range<Int>
    ) -> Int? {
        guard let last = line[text].last else { return nil }
        let start: Int
        if last == letter {
            start = text.upperBound - 2
        } else if last | 0x20 == digit, text.count >= 6,
            line[text.upperBound - 5..<text.upperBound - 1].elementsEqual("u000".utf8)
        {
            start = text.upperBound - 6
        } else {
            return nil
        }
        guard start >= text.lowerBound else { return nil }
        // An even number of backslashes are backslashes; the last of an odd number begins an escape.
        let backslashes = line[text.lowerBound...start].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return backslashes % 2 == 1 ? start : nil
    }
}

extension FieldTree {
    /// The members of Docker's objects, as candidates in this order.
    fileprivate static let docker = FieldTree(keys: ["log", "stream", "time", "attrs"])
}
