/// What the number before a unit is multiplied by, as a fraction: dividing by 1000 rounds better than multiplying by 0.001.
struct UnitFactor: Equatable {
    var numerator: Double
    var denominator: Double
    init(_ numerator: Double, dividedBy denominator: Double = 1) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// A factor; where it is the reciprocal of a whole number, that is divided by.
    init(scale: Double) {
        let reciprocal = (1 / scale).rounded()
        let isFraction = abs(scale) < 1 && reciprocal.isFinite && 1 / reciprocal == scale
        self = isFraction ? UnitFactor(1, dividedBy: reciprocal) : UnitFactor(scale)
    }

    func applied(to value: Double) -> Double { value * numerator / denominator }
}

/// The words behind a number, longest first where one begins with another.
private let factorsOfUnits: [ValueUnit: [(word: String, factor: UnitFactor)]] = {
    let seconds = [
        (["ns"], UnitFactor(1, dividedBy: 1e9)), (["us", "µs", "μs"], UnitFactor(1, dividedBy: 1e6)),
        (["ms", "msec", "msecs"], UnitFactor(1, dividedBy: 1e3)),
        (["s", "sec", "secs", "second", "seconds"], UnitFactor(1)),
        (["m", "min", "mins", "minute", "minutes"], UnitFactor(60)),
        (["h", "hr", "hrs", "hour", "hours"], UnitFactor(3600)), (["d", "day", "days"], UnitFactor(86_400)),
        (["w", "week", "weeks"], UnitFactor(604_800)),
    ]
    var bytes = [(["B", "b", "byte", "bytes"], UnitFactor(1)), (["kB", "KB", "kb"], UnitFactor(1e3))]
    for (power, letter) in ["K", "M", "G", "T", "P"].enumerated() {
        var binary = 1024.0
        var decimal = 1000.0
        for _ in 0..<power { (binary, decimal) = (binary * 1024, decimal * 1000) }
        bytes.append((["\(letter)iB", "\(letter)i"], UnitFactor(binary)))
        if power > 0 { bytes.append((["\(letter)B", "\(letter.lowercased())b"], UnitFactor(decimal))) }
    }
    let ratio = [(["%", "percent"], UnitFactor(1, dividedBy: 100))]
    return [ValueUnit.seconds: seconds, .bytes: bytes, .ratio: ratio].mapValues { units in
        units.flatMap { words, factor in words.map { ($0, factor) } }.sorted { $0.word.utf8.count > $1.word.utf8.count }
    }
}()

/// Reads numbers with units, groups of digits and a scale, as the settings of one metric say.
///
/// SAFETY: reads `text` within its bounds only and keeps no pointer.
struct NumberReader {
    private let reading: NumberReading
    private let scale: UnitFactor
    private let units: [(word: [UInt8], factor: UnitFactor)]

    init(_ reading: NumberReading) {
        self.reading = reading
        scale = UnitFactor(scale: reading.scale)
        units = (reading.unit.flatMap { factorsOfUnits[$0] } ?? []).map { (Array($0.word.utf8), $0.factor) }
    }

    /// The number that a text stands for; blanks around it, and between number and unit, are ignored.
    @inline(__always)
    func parse(_ text: UnsafeRawBufferPointer) -> ParsedNumber {
        reading.isPlain ? parseNumber(text) : parseWithUnit(text)
    }

    /// What becomes of a value that is a number already.
    func scaled(_ value: Double) -> ParsedNumber {
        let scaled = scale.applied(to: value)
        return scaled.isFinite ? .finite(scaled) : .infinite
    }

    @inline(never)
    private func parseWithUnit(_ text: UnsafeRawBufferPointer) -> ParsedNumber {
        var rest = trimmed(text)
        var sum = 0.0
        var parts = 0
        let isNegative = rest.first == UInt8(ascii: "-")
        while !rest.isEmpty {
            let end = endOfNumber(rest, allowsSign: parts == 0)
            let number = number(UnsafeRawBufferPointer(rebasing: rest[..<end]))
            guard case .finite(let value) = number, end > 0 else {
                // Words such as `nan` are recognised where nothing else stands.
                return parts == 0 ? parseNumber(text) : .notANumber
            }
            rest = trimmed(UnsafeRawBufferPointer(rebasing: rest[end...]))
            guard let (length, factor) = unit(at: rest, isAlone: parts == 0) else { return .notANumber }
            rest = trimmed(UnsafeRawBufferPointer(rebasing: rest[length...]))
            let part = factor.applied(to: value)
            sum += isNegative && parts > 0 ? -part : part
            parts += 1
            // Only durations are written in several parts.
            if reading.unit != .seconds { break }
        }
        guard parts > 0, rest.isEmpty else { return .notANumber }
        return scaled(sum)
    }

    /// The longest unit that the text begins with; no unit where a number stands alone.
    private func unit(at text: UnsafeRawBufferPointer, isAlone: Bool) -> (length: Int, factor: UnitFactor)? {
        if text.isEmpty { return isAlone ? (0, UnitFactor(1)) : nil }
        for (word, factor) in units where text.count >= word.count && text.starts(with: word) {
            // `5mx` and `5minx` are no minutes.
            if text.count > word.count, isLetter(text[word.count]) { continue }
            return (word.count, factor)
        }
        return nil
    }

    /// The end of sign, digits, commas where groups are allowed, point and exponent.
    private func endOfNumber(_ text: UnsafeRawBufferPointer, allowsSign: Bool) -> Int {
        var index = 0
        func byte(_ at: Int) -> UInt8 { at < text.count ? text[at] : 0 }
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
        if allowsSign, isSign(byte(0)) { index = 1 }
        while isDigit(byte(index)) || byte(index) == UInt8(ascii: ".")
            || reading.allowsGroups && byte(index) == UInt8(ascii: ",")
        {
            index += 1
        }
        guard index > 0, byte(index) | 0x20 == UInt8(ascii: "e") else { return index }
        let digits = isSign(byte(index + 1)) ? index + 2 : index + 1
        guard isDigit(byte(digits)) else { return index }
        index = digits
        while isDigit(byte(index)) { index += 1 }
        return index
    }

    private func number(_ text: UnsafeRawBufferPointer) -> ParsedNumber {
        guard text.contains(UInt8(ascii: ",")) else { return parseNumber(text) }
        guard hasRightGroups(text) else { return .notANumber }
        return withUnsafeTemporaryAllocation(byteCount: text.count, alignment: 1) { digits in
            var count = 0
            for byte in text where byte != UInt8(ascii: ",") {
                digits[count] = byte
                count += 1
            }
            return parseNumber(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[..<count]))
        }
    }

    /// One to three digits, then a comma and three digits as often as there are commas, all of it before a point.
    private func hasRightGroups(_ text: UnsafeRawBufferPointer) -> Bool {
        let start = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? 1 : 0
        let isTail = { (byte: UInt8) in byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") }
        let end = text.firstIndex(where: isTail) ?? text.count
        guard start < end, !text[end...].contains(UInt8(ascii: ",")) else { return false }
        let groups = text[start..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
    }
}

@inline(__always)
private func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

private func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else { return UnsafeRawBufferPointer(rebasing: text[..<0]) }
    return UnsafeRawBufferPointer(rebasing: text[first...last])
}
