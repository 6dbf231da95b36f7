/// Durations as people write them: `250ms`, `30s`, `1h30m`, `1d`.
enum DurationText {
    static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    private static let hint =
        "write whole numbers with units from the greatest to the smallest, such as `30s` or `1h30m`"

    static func parse(_ text: String) throws(FormProblem) -> Duration {
        var rest = Substring(text)
        var unitsLeft = units[...]
        var total: Int64 = 0
        var parts: [(number: Int64, unit: Int)] = []
        guard !rest.isEmpty else { throw FormProblem(hint: hint) }
        while !rest.isEmpty {
            let (part, unit) = try takePart(&rest)
            guard let index = unitsLeft.firstIndex(where: { $0.name == unit }) else {
                throw unfit(unit, behind: part, rest)
            }
            let (scaled, isTooGreat) = part.multipliedReportingOverflow(by: unitsLeft[index].milliseconds)
            let (sum, isSumTooGreat) = total.addingReportingOverflow(scaled)
            guard !isTooGreat, !isSumTooGreat else { throw FormProblem("it is too long", hint: hint) }
            total = sum
            parts.append((part, index))
            unitsLeft = unitsLeft[(index + 1)...]
        }
        try checkCarry(parts, total: total)
        return .milliseconds(total)
    }

    /// `1h90m` is probably a slip of the pen: a part behind another is less than one of the unit in front of it.
    private static func checkCarry(_ parts: [(number: Int64, unit: Int)], total: Int64) throws(FormProblem) {
        for (greater, part) in zip(parts, parts.dropFirst()) {
            let (unit, limit) = (units[part.unit], units[greater.unit])
            guard part.number >= limit.milliseconds / unit.milliseconds else { continue }
            throw FormProblem(
                "`\(part.number)\(unit.name)` is not less than `1\(limit.name)`",
                hint: "write `\(render(.milliseconds(total)))`, if that is meant")
        }
    }

    private static func takePart(_ rest: inout Substring) throws(FormProblem) -> (Int64, String) {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        let unit = String(rest.prefix { !($0.isASCII && $0.isNumber) })
        rest = rest.dropFirst(unit.count)
        guard let part = Int64(digits) else { throw FormProblem(hint: hint) }
        guard !unit.isEmpty else { throw FormProblem("the unit is missing", hint: "write `\(digits)s` for seconds") }
        return (part, unit)
    }

    /// How people begin the names of units that they write out.
    private static let longNames: [(start: String, unit: String)] = [
        ("mil", "ms"), ("sec", "s"), ("min", "m"), ("ho", "h"), ("hr", "h"), ("da", "d"), ("we", "w"),
    ]

    private static func unfit(_ unit: String, behind number: Int64, _ rest: Substring) -> FormProblem {
        guard unit.first != ".", unit.first != "," else {
            return FormProblem("only whole numbers are taken", hint: wholeHint("\(number)\(unit)\(rest)"))
        }
        guard !units.contains(where: { $0.name == unit }) else {
            return FormProblem("`\(unit)` stands behind a smaller unit or occurs twice", hint: hint)
        }
        let word = unit.drop { $0 == " " }.lowercased()
        let known = longNames.first { word.hasPrefix($0.start) }?.unit
        return FormProblem(
            "the unit `\(word)` is unknown",
            hint: known.map { "write `\(number)\($0)`" } ?? "the units are \(units.map(\.name).quotedList)")
    }

    /// How to write a duration with a fraction in whole numbers, where that can be done.
    private static func wholeHint(_ text: String) -> String {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let factor = units.first(where: { $0.name == unit })?.milliseconds,
            let value = Double(String(number.map { $0 == "," ? "." : $0 })),
            let milliseconds = Int64(exactly: (value * Double(factor)).rounded(.up)), milliseconds > 0
        else { return hint }
        return "write `\(render(.milliseconds(milliseconds)))` for `\(text)`"
    }

    /// The shortest text that `parse` reads as the same duration, to the millisecond.
    static func render(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var text = ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
