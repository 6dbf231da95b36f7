/// Parentheses.
extension ExpressionReader {
    /// Reads a group, an assertion, a reference, or a setting of options.
    mutating func readGroup() throws(NotUnderstood) -> ExpressionShape {
        guard skip("(") else { throw NotUnderstood() }
        if peek() == UInt8(ascii: "*") { throw NotUnderstood() }
        guard skip("?") else { return try readBody() }
        if skip(":") || skip("|") || skip(">") { return try readBody() }
        if skip("=") || skip("<=") { return try readBody().asAssertion }
        if skip("!") || skip("<!") {
            _ = try readBody()
            return .zeroWidth
        }
        if skip("P=") || skip("P>") || skip("&") || skip("R") { return try readReference() }
        if skip("<") || skip("P<") {
            try skipName(through: UInt8(ascii: ">"))
            return try readBody()
        }
        if skip("'") {
            try skipName(through: UInt8(ascii: "'"))
            return try readBody()
        }
        if peek() == UInt8(ascii: "(") { return try readConditional() }
        if let byte = peek(), isDigit(byte) || isSigned(byte) { return try readReference() }
        return try readOptions()
    }

    /// A group's name; what begins otherwise is some other construct, such as `(?<*…)`.
    private mutating func skipName(through terminator: UInt8) throws(NotUnderstood) {
        guard let first = peek(), isLetter(first) || first == UInt8(ascii: "_") else { throw NotUnderstood() }
        try skip(through: terminator)
    }

    /// The branches and the `)`; options that are set inside end there.
    private mutating func readBody() throws(NotUnderstood) -> ExpressionShape {
        ExpressionShape.oneOf(try readClosedBranches())
    }

    private mutating func readClosedBranches() throws(NotUnderstood) -> [ExpressionShape] {
        let outside = flags
        let branches = try readBranches()
        guard skip(")") else { throw NotUnderstood() }
        flags = outside
        return branches
    }

    /// Whether `+1)` or `-1)` comes next: a group's number, counted from here.
    private func isSigned(_ byte: UInt8) -> Bool {
        guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), let next = peek(1) else { return false }
        return isDigit(next)
    }

    /// What a group has matched, or can match: text that stands elsewhere in the expression.
    private mutating func readReference() throws(NotUnderstood) -> ExpressionShape {
        try skip(through: UInt8(ascii: ")"))
        return .unknown
    }

    /// `(?(condition)yes|no)`, behind the question mark. What the condition looks at is left aside.
    private mutating func readConditional() throws(NotUnderstood) -> ExpressionShape {
        if peek(1) == UInt8(ascii: "?") {
            _ = try readGroup()
        } else if peek(1) == UInt8(ascii: "*") {
            throw NotUnderstood()
        } else {
            try skip(through: UInt8(ascii: ")"))
        }
        let branches = try readClosedBranches()
        // Without an alternative nothing is matched where the condition fails; (DEFINE) is never matched in its place.
        return ExpressionShape.oneOf(branches.count == 1 ? branches + [.zeroWidth] : branches)
    }

    /// `(?i-x)` or `(?i-x:…)`, behind the question mark.
    private mutating func readOptions() throws(NotUnderstood) -> ExpressionShape {
        let outside = flags
        var isSetting = true
        if skip("^") { flags = Flags() }
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "i"): flags.isCaseless = isSetting
            case UInt8(ascii: "x"):
                // xx ignores blanks in classes too.
                if peek() == UInt8(ascii: "x") { throw NotUnderstood() }
                flags.isExtended = isSetting
            case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"), UInt8(ascii: "U"): break
            case UInt8(ascii: "-"): isSetting = false
            case UInt8(ascii: ")"): return .zeroWidth
            case UInt8(ascii: ":"):
                let body = try readBody()
                flags = outside
                return body
            default: throw NotUnderstood()
            }
        }
        throw NotUnderstood()
    }
}
