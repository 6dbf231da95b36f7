/// Reads lines as container runtimes of Kubernetes write them: `2016-10-06T00:17:09.669794202Z stdout F text`.
///
/// A time, a stream and tags, each with one blank behind it, and then the text with all its blanks. The first of the tags, which
/// `:` divides, is `F` for a line or the last part of one, `P` for a part that is continued. Behind the tags of an empty text the
/// blank may be missing.
///
/// SAFETY: a line is read within its bounds and only during the call.
public struct CRILineReader: Sendable {
    /// Prepares to read.
    public init() {}

    /// Reads a line, which is without its line end.
    ///
    /// - Throws: Why no container runtime wrote it; the first of its mistakes.
    public func read(_ line: UnsafeRawBufferPointer) throws(Malformation) -> ContainerLine {
        let time = 0..<blank(line, 0)
        guard isInternetTime(UnsafeRawBufferPointer(rebasing: line[time])) else { throw Malformation(.badTime, at: 0) }
        let streamStart = min(time.upperBound + 1, line.count)
        let streamEnd = blank(line, streamStart)
        guard let stream = ContainerLine.Stream(UnsafeRawBufferPointer(rebasing: line[streamStart..<streamEnd])) else {
            throw Malformation(.badStream, at: streamStart)
        }
        let tagStart = min(streamEnd + 1, line.count)
        let tagsEnd = blank(line, tagStart)
        guard tagStart < tagsEnd, tagsEnd == tagStart + 1 || line[tagStart + 1] == UInt8(ascii: ":"),
            line[tagStart] == UInt8(ascii: "F") || line[tagStart] == UInt8(ascii: "P")
        else { throw Malformation(.badTag, at: tagStart) }
        return ContainerLine(
            stream: stream, time: time, text: min(tagsEnd + 1, line.count)..<line.count, hasEscapes: false,
            isPartial: line[tagStart] == UInt8(ascii: "P"))
    }

    @inline(__always)
    private func blank(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
        firstIndex(of: UInt8(ascii: " "), in: line, from: start)
    }
}
