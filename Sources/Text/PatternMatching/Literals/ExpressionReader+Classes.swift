/// Character classes. They match exactly one byte; small ones are as good as alternatives.
extension ExpressionReader {
    /// A class of more members is not taken apart.
    private static var maximumMembers: Int { 8 }

    /// Reads `[…]`.
    mutating func readClass() throws(NotUnderstood) -> ExpressionShape {
        guard skip("[") else { throw NotUnderstood() }
        let isNegated = skip("^")
        var members = ClassMembers()
        var isFirst = true
        while isFirst || peek() != UInt8(ascii: "]") {
            guard let byte = peek() else { throw NotUnderstood() }
            if skip("\\Q") {
                // Rare, and where an empty one counts as the first member is not worth knowing.
                throw NotUnderstood()
            } else if skip("\\E") {
                if isFirst { throw NotUnderstood() }
                continue
            } else if byte == UInt8(ascii: "["), let next = peek(1), ":.=".utf8.contains(next) {
                try skipNamedClass()
                members.addMany()
            } else if byte == UInt8(ascii: "-"), members.mayBeginRange, peek(1) != UInt8(ascii: "]") {
                position += 1
                members.beginRange()
            } else {
                members.add(try readMember())
            }
            isFirst = false
        }
        position += 1
        guard !isNegated, let bytes = members.all, bytes.count <= Self.maximumMembers else { return .unknown }
        return ExpressionShape(
            exactly: LiteralSet(bytes.sorted().map { Literal([$0], isCaseless: flags.isCaseless) }))
    }

    /// A member; nil when it stands for several bytes, as `\d` does.
    private mutating func readMember() throws(NotUnderstood) -> UInt8? {
        guard let byte = peek() else { throw NotUnderstood() }
        guard skip("\\") else {
            position += 1
            return byte
        }
        if let character = try readEscapedCharacter() { return character }
        if skip("b") { return 0x08 }
        if skip("p") || skip("P") {
            if peek() == UInt8(ascii: "{") { try skip(through: UInt8(ascii: "}")) } else { position += 1 }
            return nil
        }
        guard let letter = peek(), "dDhHsSvVwW".utf8.contains(letter) else { throw NotUnderstood() }
        position += 1
        return nil
    }

    /// `[:name:]`. Names that stand for places between words, `[:<:]`, are not understood, nor is what only looks like a name.
    private mutating func skipNamedClass() throws(NotUnderstood) {
        guard skip("[:") else { throw NotUnderstood() }
        _ = skip("^")
        while let byte = peek(), isLetter(byte) { position += 1 }
        guard skip(":]") else { throw NotUnderstood() }
    }
}

/// The bytes of a class, while it is read.
private struct ClassMembers {
    private var bytes: Set<UInt8> = []
    private var last: UInt8?
    private var isInRange = false
    private var hasMany = false

    /// Whether a hyphen would begin a range: behind a single byte that ended none.
    var mayBeginRange: Bool { last != nil }

    mutating func beginRange() { isInRange = true }

    /// A class within the class.
    mutating func addMany() { add(nil) }

    mutating func add(_ member: UInt8?) {
        defer { isInRange = false }
        guard let member else {
            hasMany = true
            last = nil
            return
        }
        if isInRange, let first = last {
            guard first <= member else {
                hasMany = true
                return
            }
            bytes.formUnion(first...member)
            last = nil
        } else {
            bytes.insert(member)
            last = member
        }
    }

    /// All bytes; nil when there are more than were taken down.
    var all: Set<UInt8>? { hasMany ? nil : bytes }
}
