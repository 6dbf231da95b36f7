import PatternMatching
import QueryModel
import Synchronization

/// A regular expression of a label matcher or of `label_replace`: RE2's language (github.com/google/re2/wiki/Syntax), matched
/// against the whole value, `.` matching every character.
///
/// PCRE2 does the matching, and `RegularExpressionSyntax` refuses what RE2 does not know. Expressions that are a few texts
/// with bars between them, or `.*` or `.+`, are matched without it.
///
/// SAFETY: the matcher is used by one thread at a time, inside of the mutex, and what it lends does not leave it. Subjects
/// are read within one call.
final class RegularExpression: LabelPattern {
    private enum Form: @unchecked Sendable {
        case everything
        case anythingButEmpty
        case texts(Set<ByteString>)
        case pattern(Pattern)
    }

    private let form: Form
    private let text: ByteString
    private let matcher = Mutex<PatternSetMatcher?>(nil)
    private let failure = Mutex<String?>(nil)

    /// Compiles `expression`.
    init(_ expression: ByteString) throws(RegularExpressionError) {
        if let problem = RegularExpressionSyntax.problem(in: expression) {
            throw RegularExpressionError(reason: problem)
        }
        text = expression
        if let simple = Self.simpleForm(of: expression) {
            form = simple
        } else {
            form = .pattern(try Self.pattern(of: expression))
        }
    }

    private static func pattern(of expression: ByteString) throws(RegularExpressionError) -> Pattern {
        do {
            // Alone first, so that a parenthesis too many does not close the group around it.
            _ = try Pattern("(*UTF)" + expression.string, jit: .never)
            return try Pattern("(*UTF)\\A(?s:" + expression.string + ")\\z", jit: .never)
        } catch { throw RegularExpressionError(reason: "\(error.reason): `\(expression.string)`") }
    }

    private static func simpleForm(of expression: ByteString) -> Form? {
        switch expression.string {
        case ".*": return .everything
        case ".+": return .anythingButEmpty
        default: break
        }
        let special = Set("\\.+*?()[]{}^$".utf8)
        guard !expression.bytes.contains(where: special.contains) else { return nil }
        let parts = expression.bytes.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
        return .texts(Set(parts.map { ByteString($0) }))
    }

    func matches(_ value: ByteString) -> Bool {
        switch form {
        case .everything: true
        case .anythingButEmpty: !value.isEmpty
        case .texts(let texts): texts.contains(value)
        case .pattern(let pattern): match(pattern, value) { _ in true } ?? false
        }
    }

    /// What the groups captured, the whole value first; nil when it does not match. Groups without part are empty.
    func captures(in value: ByteString) -> [ByteString]? {
        guard case .pattern(let pattern) = form else { return matches(value) ? [value] : nil }
        return match(pattern, value) { found in
            (0...pattern.captureCount).map { number in
                found.capture(number).map { ByteString(value.bytes[$0]) } ?? .empty
            }
        }
    }

    /// The number of the group with this name or number.
    func captureNumber(named name: String) -> Int? {
        guard case .pattern(let pattern) = form else { return name == "0" ? 0 : nil }
        return pattern.captureNumber(named: name)
    }

    private func match<Result: Sendable>(
        _ pattern: Pattern, _ value: ByteString, _ body: @Sendable (PatternMatch) -> Result
    ) -> Result? {
        matcher.withLock { matcher in
            let ready = matcher ?? PatternSetMatcher(patterns: [pattern])
            matcher = ready
            return value.bytes.withUnsafeBytes { bytes in
                switch ready.match(0, line: bytes) {
                case .matched(let found): return body(found)
                case .noMatch: return nil
                case .failed:
                    let text = "regular expression takes too many steps: \(text.string) for \(value.shortened)"
                    failure.withLock { $0 = text }
                    return nil
                }
            }
        }
    }

    func takeFailure() -> String? {
        failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
    }
}

extension ByteString {
    /// For messages.
    fileprivate var shortened: String { bytes.count <= 64 ? string : "\(ByteString(bytes.prefix(64)).string)…" }
}

/// Why a text is no regular expression.
struct RegularExpressionError: Error {
    /// What is wrong, as half a sentence.
    var reason: String
}
