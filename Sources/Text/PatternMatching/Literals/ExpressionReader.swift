/// Something in an expression whose meaning is not known for certain.
struct NotUnderstood: Error {}

/// Reads an expression as PCRE2 does (pcre2pattern(3)), as far as its literals go.
///
/// It only sees what PCRE2 has compiled, so mistakes need no care; the bytes are code units, as `Pattern` matches bytes.
/// Whatever begins with `(*` is not understood: among these are the switches to UTF and to other newlines, and `(*ACCEPT)`.
struct ExpressionReader {
    /// The options that change how the text is read.
    struct Flags {
        /// `(?i)`
        var isCaseless = false
        /// `(?x)`
        var isExtended = false
    }

    let bytes: [UInt8]
    var position = 0
    var flags = Flags()
    /// Between `\Q` and `\E`.
    private var isQuoting = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The byte `ahead` places further; nil behind the end.
    func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    /// Whether `text` comes next; passes over it then.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count, (0..<count).allSatisfy({ bytes[position + $0] == text.utf8Start[$0] })
        else { return false }
        position += count
        return true
    }

    /// Passes over everything up to and with the next `terminator`.
    mutating func skip(through terminator: UInt8) throws(NotUnderstood) {
        while let byte = peek() {
            position += 1
            if byte == terminator { return }
        }
        throw NotUnderstood()
    }

    /// The shape of the whole expression.
    mutating func readAll() throws(NotUnderstood) -> ExpressionShape {
        let shape = try readAlternatives()
        guard position == bytes.count else { throw NotUnderstood() }
        return shape
    }

    /// Reads up to the `)` that closes the group, or to the end. Options that a branch sets hold in those behind it too.
    mutating func readAlternatives() throws(NotUnderstood) -> ExpressionShape {
        ExpressionShape.oneOf(try readBranches())
    }

    /// The branches of a group, up to its `)`.
    mutating func readBranches() throws(NotUnderstood) -> [ExpressionShape] {
        var branches = [try readBranch()]
        while skip("|") { branches.append(try readBranch()) }
        return branches
    }

    private mutating func readBranch() throws(NotUnderstood) -> ExpressionShape {
        var whole: ExpressionShape?
        // Neighbours whose texts are known are joined first: what they say together is worth more than one by one.
        var run = ExpressionShape.zeroWidth
        while try !isAtEndOfBranch() {
            let item = try readQuantified()
            let joined = run.followed(by: item)
            if joined.exact != nil {
                run = joined
            } else {
                whole = whole?.followed(by: run) ?? run
                run = item
            }
        }
        return whole?.followed(by: run) ?? run
    }

    private mutating func isAtEndOfBranch() throws(NotUnderstood) -> Bool {
        if isQuoting { return peek() == nil }
        try skipIgnored()
        guard let byte = peek() else { return true }
        return !isQuoting && (byte == UInt8(ascii: "|") || byte == UInt8(ascii: ")"))
    }

    /// Passes over what stands for nothing: comments, `\E`, and with `(?x)` blanks. May begin a quotation.
    private mutating func skipIgnored() throws(NotUnderstood) {
        while let byte = peek(), !isQuoting {
            if skip("\\E") || skip("\\Q\\E") { continue }
            if skip("\\Q") {
                isQuoting = true
            } else if skip("(?#") {
                try skip(through: UInt8(ascii: ")"))
            } else if flags.isExtended, isBlank(byte) {
                position += 1
            } else if flags.isExtended, byte == UInt8(ascii: "#") {
                while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
            } else {
                return
            }
        }
    }

    // MARK: - Items and quantifiers

    private mutating func readQuantified() throws(NotUnderstood) -> ExpressionShape {
        var item = try readItem()
        while true {
            if isQuoting {
                guard skip("\\E") else { return item }
                isQuoting = false
            }
            try skipIgnored()
            guard !isQuoting, let (minimum, maximum) = try readQuantifier() else { return item }
            item = item.repeated(minimum, maximum)
        }
    }

    private mutating func readItem() throws(NotUnderstood) -> ExpressionShape {
        guard let byte = peek() else { throw NotUnderstood() }
        if isQuoting {
            if skip("\\E") {
                isQuoting = false
                return .zeroWidth
            }
            position += 1
            return text(byte)
        }
        switch byte {
        case UInt8(ascii: "("): return try readGroup()
        case UInt8(ascii: "["): return try readClass()
        case UInt8(ascii: "\\"): return try readEscape()
        case UInt8(ascii: "."):
            position += 1
            return .unknown
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            position += 1
            return .zeroWidth
        default:
            position += 1
            return text(byte)
        }
    }

    /// The quantifier that comes next, if one does, with its `?` or `+`.
    private mutating func readQuantifier() throws(NotUnderstood) -> (minimum: Int, maximum: Int?)? {
        let range: (Int, Int?)
        if skip("*") {
            range = (0, nil)
        } else if skip("+") {
            range = (1, nil)
        } else if skip("?") {
            range = (0, 1)
        } else if peek() == UInt8(ascii: "{"), let counted = try readCounts() {
            range = counted
        } else {
            return nil
        }
        if !skip("?") { _ = skip("+") }
        return range
    }

    /// `{n}`, `{n,}` or `{n,m}`; nil when the brace stands for itself.
    private mutating func readCounts() throws(NotUnderstood) -> (Int, Int?)? {
        let start = position
        position += 1
        let minimum = try readNumber()
        var maximum = minimum
        if skip(",") { maximum = try readNumber() }
        if let minimum, skip("}") { return (minimum, maximum) }
        if peek() == UInt8(ascii: "}"), position == start + 1 {
            position = start
            return nil
        }
        // Newer versions take {,n} and blanks for a quantifier too, older ones for text.
        while let byte = peek(), isDigit(byte) || isBlank(byte) || byte == UInt8(ascii: ",") { position += 1 }
        if peek() == UInt8(ascii: "}") { throw NotUnderstood() }
        position = start
        return nil
    }

    /// A decimal number of at most five digits, as all of PCRE2's are; nil when no digit comes next.
    mutating func readNumber() throws(NotUnderstood) -> Int? {
        var number: Int?
        while let byte = peek(), isDigit(byte) {
            number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            if let number, number > 99_999 { throw NotUnderstood() }
            position += 1
        }
        return number
    }

    /// The byte itself.
    func text(_ byte: UInt8) -> ExpressionShape {
        ExpressionShape(exactly: LiteralSet([Literal([byte], isCaseless: flags.isCaseless)]))
    }
}

/// A decimal digit.
func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

/// What `(?x)` ignores, and newer versions allow within braces: white space of the C locale.
func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte }
