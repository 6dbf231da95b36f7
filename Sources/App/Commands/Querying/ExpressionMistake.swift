import LogModel
import PromQL

/// An expression that is none, shown with a mark under the place.
struct ExpressionMistake: DescribedError {
    let code = "expression_invalid"
    let message: String
    let hint: String? = nil
    let healing = Healing.byOperator
    /// The line that is wrong, and the mark below it.
    let excerpt: String

    /// What is wrong with `text`.
    init(_ error: ParseError, in text: String) {
        message = "\(error.position): \(error.reason)"
        let bytes = Array(text.utf8)
        let start = min(max(0, error.range.start), bytes.count)
        let lineStart = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let end = min(max(start + 1, error.range.end), max(lineEnd, start + 1))
        let before = String(decoding: bytes[lineStart..<start], as: UTF8.self)
        let marked = String(decoding: bytes[start..<min(end, lineEnd)], as: UTF8.self)
        let indent = String(before.map { $0 == "\t" ? "\t" : " " })
        excerpt =
            "    \(String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self))\n"
            + "    \(indent)\(String(repeating: "^", count: max(1, marked.count)))\n"
    }

    /// What is said to whoever wrote it.
    var complaint: String { "outrider: \(message)\n\(excerpt)" }
}
