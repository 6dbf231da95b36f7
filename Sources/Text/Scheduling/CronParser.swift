/// Reads the fields of an expression and says what is wrong with them.
struct CronParser {
    /// What a field says.
    struct Values {
        /// A bit for each.
        var values: UInt64 = 0
        var beginsWithStar = false
        /// Where the field begins.
        var start = 0
    }

    struct Fields {
        fileprivate var values: [Values]
        subscript(field: CronField) -> Values { values[field.rawValue] }
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func fields() throws(CronExpressionError) -> Fields {
        skipSpaces()
        if next == "@" { return try word() }
        if scalars[position...].starts(with: "CRON_TZ=".unicodeScalars)
            || scalars[position...].starts(with: "TZ=".unicodeScalars)
        {
            throw error(
                .fields, at: position, "a zone is no part of the fields", hint: "Give the zone beside the expression.")
        }
        try checkCount()
        var values: [Values] = []
        for field in CronField.allCases {
            values.append(try list(of: field))
            skipSpaces()
        }
        return Fields(values: values)
    }

    func error(
        _ kind: CronExpressionError.Kind, at position: Int, _ reason: String, hint: String
    ) -> CronExpressionError {
        CronExpressionError(
            kind: kind, offset: scalars[..<position].reduce(0) { $0 + UTF8.width($1) }, character: position + 1,
            reason: reason, hint: hint)
    }
}

extension CronParser {
    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private mutating func skipSpaces() {
        while let next, Self.isSpace(next) { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func text(_ range: Range<Int>) -> String {
        scalars[range].reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    /// Where the word ends that begins at a place.
    private func end(from start: Int) -> Int {
        scalars[start...].firstIndex(where: Self.isSpace) ?? scalars.count
    }

    private static let meanings: [(word: String, expression: String)] = [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ]

    /// A word that begins with `@` and stands for all fields.
    private mutating func word() throws(CronExpressionError) -> Fields {
        let start = position
        let end = end(from: start)
        let word = text(start..<end)
        guard let meaning = Self.meanings.first(where: { $0.word == word.lowercased() }) else {
            let words = Self.meanings.map(\.word).joined(separator: " ")
            throw error(
                .fields, at: start, "there is no word `\(word)`",
                hint: word.lowercased() == "@reboot"
                    ? "A start is no time: what is to be done then is said beside the expression."
                    : "Write one of \(words), or five fields.")
        }
        position = end
        skipSpaces()
        if position < scalars.count {
            throw error(
                .fields, at: position, "something stands behind `\(word)`", hint: "Write `\(word)` alone.")
        }
        var parser = CronParser(meaning.expression)
        var fields = try parser.fields()
        for index in fields.values.indices { fields.values[index].start = start }
        return fields
    }

    private func checkCount() throws(CronExpressionError) {
        var starts: [Int] = []
        var place = position
        while place < scalars.count {
            starts.append(place)
            place = scalars[end(from: place)...].firstIndex { !Self.isSpace($0) } ?? scalars.count
        }
        let all = "minute, hour, day of the month, month, day of the week"
        if starts.count > 5 {
            throw error(
                .fields, at: starts[5], "there are \(starts.count) fields, not five",
                hint: "Write \(all), without seconds, a year or a command.")
        }
        if starts.count < 5 {
            let missing = CronField.allCases[starts.count].phrase
            throw error(
                .fields, at: scalars.count, "\(missing) is missing", hint: "Write \(all), such as `5 * * * *`.")
        }
    }
}

extension CronParser {
    private mutating func list(of field: CronField) throws(CronExpressionError) -> Values {
        var values = Values(beginsWithStar: next == "*", start: position)
        repeat {
            values.values |= try item(of: field)
        } while take(",")
        if let next, !Self.isSpace(next) { throw unexpected(field) }
        return values
    }

    /// `*`, a value or a range, and a step behind it.
    private mutating func item(of field: CronField) throws(CronExpressionError) -> UInt64 {
        let start = position
        var values = field.values
        if !take("*") {
            let first = try value(of: field)
            guard take("-") else {
                let slash = position
                if take("/") {
                    let step = try step(of: field)
                    throw error(
                        .syntax, at: slash, "a step needs a range or `*` before it",
                        hint: "Write \(first)-\(field.values.upperBound)/\(step) for all from \(first) on.")
                }
                return 1 << UInt64(first)
            }
            values = try first...last(of: field, from: first, start: start)
        }
        let step = try take("/") ? step(of: field) : 1
        return stride(from: values.lowerBound, through: values.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    /// The end of a range, at which Sunday comes behind Saturday.
    private mutating func last(
        of field: CronField, from first: Int, start: Int
    ) throws(CronExpressionError) -> Int {
        let isName = next.map { $0.properties.isAlphabetic } ?? false
        var last = try value(of: field)
        if field == .weekday, isName, last == 0, first > 0 { last = 7 }
        guard first > last else { return last }
        let begin = field.values.lowerBound
        let end = field == .weekday ? 6 : field.values.upperBound
        let head = last == begin ? "\(begin)" : "\(begin)-\(last)"
        let tail = first == end ? "\(end),\(head)" : first > end ? head : "\(first)-\(end),\(head)"
        throw error(.range, at: start, "the range \(text(start..<position)) goes backwards", hint: "Write \(tail).")
    }

    /// A number or a name.
    private mutating func value(of field: CronField) throws(CronExpressionError) -> Int {
        let start = position
        if let number = number() {
            guard field.values.contains(number) else {
                throw error(
                    .range, at: start, "\(field.phrase) is \(text(start..<position))",
                    hint: "Write a number from \(field.values.lowerBound) to \(field.values.upperBound).")
            }
            return number
        }
        while let next, next.properties.isAlphabetic { position += 1 }
        let name = text(start..<position).lowercased()
        guard !name.isEmpty else { throw unexpected(field) }
        guard let index = field.names.firstIndex(of: name) else {
            throw error(
                .syntax, at: start, "`\(text(start..<position))` is no value of \(field.phrase)",
                hint: field.names.first { name.hasPrefix($0) }.map { "Write \($0)." } ?? field.advice)
        }
        return field.values.lowerBound + index
    }

    private mutating func step(of field: CronField) throws(CronExpressionError) -> Int {
        let start = position
        let most = field.values.upperBound
        guard let step = number() else {
            throw error(
                .syntax, at: start, "a step of \(field.phrase) is missing behind `/`",
                hint: "Write a number from 1 to \(most).")
        }
        guard (1...most).contains(step) else {
            throw error(
                .range, at: start, "the step of \(field.phrase) is \(text(start..<position))",
                hint: "Write a number from 1 to \(most): counting begins anew with each \(field.cycle).")
        }
        return step
    }

    /// Digits; a number that is too large for every field in place of what is larger.
    private mutating func number() -> Int? {
        var number: Int?
        while let next, let digit = Self.digit(next) {
            number = min((number ?? 0) * 10 + digit, 1000)
            position += 1
        }
        return number
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        (UInt32(UInt8(ascii: "0"))...UInt32(UInt8(ascii: "9"))).contains(scalar.value)
            ? Int(scalar.value) - Int(UInt8(ascii: "0")) : nil
    }

    /// What comes next does not belong there.
    private func unexpected(_ field: CronField) -> CronExpressionError {
        guard let next, !Self.isSpace(next), next != "," else {
            return error(
                .syntax, at: position, "a value of \(field.phrase) is missing", hint: field.advice)
        }
        return error(
            .syntax, at: position, "`\(next)` does not belong into \(field.phrase)",
            hint: next == "?" ? "Write * for all." : field.advice)
    }
}
