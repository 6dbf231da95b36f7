/// Reads a glob in two steps: braces are multiplied out over characters that remember where they stood, and each result is cut
/// at its slashes.
struct FilePatternParser {
    /// A character of the pattern.
    private struct Token: Equatable {
        var scalar: Unicode.Scalar
        var offset: Int
        /// Written behind a backslash: stands for itself.
        var isEscaped = false

        func isSpecial(_ scalar: Unicode.Scalar) -> Bool { self.scalar == scalar && !isEscaped }
    }

    /// More alternatives than anybody means; `{a,b}` twenty times over would be a million.
    private static let maximumAlternatives = 4096

    private let text: String
    private var tokens: [Token] = []
    private var index = 0

    init(_ text: String) { self.text = text }

    mutating func parse() throws(FilePatternError) -> [[FilePattern.Component]] {
        try tokenize()
        guard let first = tokens.first else {
            throw error(0, "is empty", "Write an absolute path such as /var/log/app/*.log.")
        }
        let expanded = try alternatives(depth: 0)
        var result: [[FilePattern.Component]] = []
        for alternative in expanded {
            guard let start = alternative.first, start.scalar == "/" else {
                throw error(
                    alternative.first?.offset ?? first.offset, "is not absolute",
                    "Write the whole path, beginning with a slash.")
            }
            let components = try components(alternative)
            if !result.contains(components) { result.append(components) }
        }
        return result
    }

    private func error(_ offset: Int, _ problem: String, _ hint: String) -> FilePatternError {
        FilePatternError(text, offset, problem, hint: hint)
    }

    private mutating func tokenize() throws(FilePatternError) {
        var offset = 0
        var escape: Int?
        for scalar in text.unicodeScalars {
            let width = UTF8.encode(scalar)?.count ?? 1
            if scalar == "\0" { throw error(offset, "holds a NUL", "Remove it; no file has one in its name.") }
            if scalar == "\\", escape == nil {
                escape = offset
            } else {
                tokens.append(Token(scalar: scalar, offset: escape ?? offset, isEscaped: escape != nil))
                escape = nil
            }
            offset += width
        }
        if let escape { throw error(escape, "ends with a backslash", "Write \\\\ for a backslash itself.") }
    }

    /// Everything up to the end, or inside braces up to the next comma or closing brace, multiplied out.
    private mutating func alternatives(depth: Int) throws(FilePatternError) -> [[Token]] {
        var results: [[Token]] = [[]]
        while index < tokens.count {
            let token = tokens[index]
            if depth > 0, token.isSpecial(",") || token.isSpecial("}") { return results }
            if token.isSpecial("}") {
                throw error(token.offset, "closes a brace that was not opened", "Write \\} for the brace itself.")
            }
            index += 1
            if token.isSpecial("{") {
                results = try product(results, try group(open: token, depth: depth), token)
            } else if token.isSpecial("[") {
                // Commas and braces in a class are characters.
                let classTokens = try classTokens(open: token)
                for k in results.indices { results[k] += classTokens }
            } else {
                for k in results.indices { results[k].append(token) }
            }
        }
        return results
    }

    /// The alternatives between braces; the opening one is passed already.
    private mutating func group(open: Token, depth: Int) throws(FilePatternError) -> [[Token]] {
        guard depth < 32 else { throw error(open.offset, "nests braces too deeply", "Use several patterns.") }
        var all: [[Token]] = []
        var branches = 0
        while true {
            all += try alternatives(depth: depth + 1)
            branches += 1
            guard index < tokens.count else {
                throw error(
                    open.offset, "opens a brace that is not closed", "Close it, or write \\{ for the brace itself.")
            }
            index += 1
            if tokens[index - 1].scalar == "}" { break }
        }
        guard branches > 1 else {
            throw error(
                open.offset, "has braces around a single alternative",
                "Put commas between alternatives, {a,b}; ranges such as {1..3} are not known: write [1-3].")
        }
        return all
    }

    private func product(
        _ heads: [[Token]], _ tails: [[Token]], _ at: Token
    ) throws(FilePatternError) -> [[Token]] {
        guard heads.count * tails.count <= FilePatternParser.maximumAlternatives else {
            throw error(
                at.offset, "stands for more than \(FilePatternParser.maximumAlternatives) alternatives",
                "Use wildcards, or several patterns.")
        }
        return heads.flatMap { head in tails.map { head + $0 } }
    }

    /// A character class with its brackets; the opening one is passed already.
    private mutating func classTokens(open: Token) throws(FilePatternError) -> [Token] {
        var result = [open]
        // Right behind the opening bracket (and its !) a closing one is a character.
        var canClose = false
        while index < tokens.count {
            let token = tokens[index]
            index += 1
            result.append(token)
            if token.isSpecial("]"), canClose { return result }
            if token.scalar == "/" { break }
            let isNegation = result.count == 2 && (token.isSpecial("!") || token.isSpecial("^"))
            if !isNegation { canClose = true }
        }
        throw error(open.offset, "opens a bracket that is not closed", "Close it, or write \\[ for the bracket itself.")
    }

    private func components(_ tokens: [Token]) throws(FilePatternError) -> [FilePattern.Component] {
        var components: [FilePattern.Component] = []
        for name in tokens.split(whereSeparator: { $0.scalar == "/" }) {
            if name.count == 2, name.allSatisfy({ $0.isSpecial("*") }) {
                if components.last != .anyDirectories { components.append(.anyDirectories) }
                continue
            }
            let scalars = name.map(\.scalar)
            if scalars == ["."] || scalars == [".", "."], let first = name.first {
                throw error(first.offset, "has a relative step", "Write the path without . and .. in it.")
            }
            components.append(.name(try self.name(name)))
        }
        guard let last = tokens.last, last.scalar != "/" else {
            throw error(tokens.last?.offset ?? 0, "names a directory", "Name the files in it, for example with /*.log.")
        }
        if components.last == .anyDirectories {
            // Everything below: at any depth, any name.
            var any = NamePattern()
            any.append(.anyRun)
            components.append(.name(any))
        }
        return components
    }

    private func name(_ tokens: ArraySlice<Token>) throws(FilePatternError) -> NamePattern {
        var pattern = NamePattern()
        var rest = tokens
        while let token = rest.popFirst() {
            if token.isSpecial("*") {
                pattern.append(.anyRun)
            } else if token.isSpecial("?") {
                pattern.append(.anyCharacter)
            } else if token.isSpecial("[") {
                pattern.append(try oneOf(&rest))
            } else {
                pattern.append(.character(token.scalar))
            }
        }
        return pattern
    }

    /// The class whose opening bracket is passed already; that it is closed has been seen to.
    private func oneOf(_ rest: inout ArraySlice<Token>) throws(FilePatternError) -> NamePattern.Element {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = rest.first.map { $0.isSpecial("!") || $0.isSpecial("^") } ?? false
        if isNegated { rest.removeFirst() }
        while let token = rest.popFirst() {
            if token.isSpecial("]"), !ranges.isEmpty { break }
            if token.isSpecial("["), let next = rest.first, [":", ".", "="].contains(next.scalar), !next.isEscaped {
                throw error(
                    token.offset, "names a class of characters", "Write the characters, such as [0-9] or [a-zA-Z].")
            }
            guard rest.count > 2, let dash = rest.first, dash.isSpecial("-"),
                let upper = rest.dropFirst().first, !upper.isSpecial("]")
            else {
                ranges.append(token.scalar.value...token.scalar.value)
                continue
            }
            rest.removeFirst(2)
            guard token.scalar.value <= upper.scalar.value else {
                throw error(token.offset, "has a range that runs backwards", "Write the lower end first.")
            }
            ranges.append(token.scalar.value...upper.scalar.value)
        }
        return .oneOf(ranges, isNegated: isNegated)
    }
}
