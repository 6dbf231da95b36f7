import Extraction
import PatternMatching

/// Where an expression and a text part, one above the other.
struct NearMissText {
    /// How much of each is shown on either side of the parting.
    private static let width = 36

    private let miss: PatternExplanation.Miss
    init(_ miss: PatternExplanation.Miss) { self.miss = miss }

    func sentence(in field: String?) -> String {
        let place = field.map { "the field \($0.printable)" } ?? "the line"
        switch miss.miss.obstacle {
        case .letterCase:
            return "only the case of letters differs; `(?i)` at the front of the expression makes it match"
        case .lineBegin: return "matches only without `^`, at byte \(miss.miss.met.lowerBound) of \(place)"
        case .exclusion: return "byte \(miss.miss.met.upperBound) of \(place) begins what the expression excludes"
        case .text: return "stops at byte \(miss.miss.met.upperBound) of \(place)"
        }
    }

    /// The expression and the text, so that the place where they part is one column.
    func picture(_ style: TerminalStyle) -> [String] {
        let expression = Array(miss.expression.utf8)
        switch miss.miss.obstacle {
        case .letterCase, .lineBegin:
            return [
                "expression  \(Self.shortened(tail: expression[...], to: 2 * Self.width))",
                "text        \(style.good(Self.shortened(tail: miss.text[miss.miss.met], to: 2 * Self.width)))",
            ]
        case .text, .exclusion: break
        }
        let unmet = miss.miss.unmet
        let met = Self.shortened(front: expression[..<unmet.lowerBound], to: Self.width)
        let fitting = Self.shortened(front: miss.text[miss.miss.met], to: Self.width)
        let column = max(met.count, fitting.count)
        let item = Self.shortened(tail: expression[unmet], to: Self.width)
        let rest = Self.shortened(tail: expression[unmet.upperBound...], to: Self.width - item.count)
        let other = Self.shortened(tail: miss.text[miss.miss.met.upperBound...], to: Self.width)
        func padded(_ text: String) -> String { String(repeating: " ", count: column - text.count) + style.good(text) }
        return [
            "expression  \(padded(met))▕\(style.doubtful(item))\(style.faint(rest))",
            "text        \(padded(fitting))▕\(other.isEmpty ? style.faint("(ends here)") : style.doubtful(other))",
        ]
    }

    private static func shortened(front bytes: ArraySlice<UInt8>, to width: Int) -> String {
        let text = String(decoding: bytes, as: UTF8.self).printable
        return text.count > width ? "…" + text.suffix(max(width - 1, 0)) : text
    }

    private static func shortened(tail bytes: ArraySlice<UInt8>, to width: Int) -> String {
        let text = String(decoding: bytes, as: UTF8.self).printable
        return text.count > width ? text.prefix(max(width - 1, 0)) + "…" : text
    }
}
