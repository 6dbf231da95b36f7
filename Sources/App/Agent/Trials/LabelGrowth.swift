/// Why the values of a label look as if there were no end to them.
public enum LabelGrowth: Hashable, Sendable {
    /// They are written as universally unique identifiers are.
    case identifiers
    /// They are hexadecimal numbers such as hashes and addresses.
    case hexadecimal
    /// They are instants or times of the day.
    case times
    /// They are whole numbers, each greater than those before.
    case ascendingNumbers
    /// There are many for so few lines.
    case variety
}

extension LabelGrowth {
    /// Fewer values of one shape may be chance.
    private static let leastCount = 2
    private static let leastAscendingCount = 8
    private static let leastVariety = 20

    /// Looks at values; nil when they look as if all of them would be known soon.
    ///
    /// - Parameters:
    ///   - values: different from each other, in the order in which they came.
    ///   - matchCount: how many lines they are of.
    public init?(of values: [String], matchCount: Int) {
        func most(_ isOne: (ArraySlice<UInt8>) -> Bool) -> Bool {
            let count = values.count { isOne(Array($0.utf8)[...]) }
            return count >= Self.leastCount && count * 2 >= values.count
        }
        if most(Self.isIdentifier) {
            self = .identifiers
        } else if most(Self.isTime) {
            self = .times
        } else if most(Self.isHexadecimal) {
            self = .hexadecimal
        } else if Self.isAscending(values) {
            self = .ascendingNumbers
        } else if values.count >= Self.leastVariety, values.count * 4 >= matchCount {
            self = .variety
        } else {
            return nil
        }
    }

    /// `8-4-4-4-12` hexadecimal digits, within whatever stands around them.
    private static func isIdentifier(_ text: ArraySlice<UInt8>) -> Bool {
        let lengths = [8, 4, 4, 4, 12]
        let length = lengths.reduce(0, +) + lengths.count - 1
        guard text.count >= length else { return false }
        return text.indices.dropLast(length - 1).contains { start in
            let parts = text[start..<start + length].split(
                separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            return parts.map(\.count) == lengths && parts.joined().allSatisfy(isHexadecimalDigit)
        }
    }

    /// At least eight digits, of which some are figures and some are letters, or `0x` and any.
    private static func isHexadecimal(_ text: ArraySlice<UInt8>) -> Bool {
        if text.starts(with: "0x".utf8) { return text.count > 4 && text.dropFirst(2).allSatisfy(isHexadecimalDigit) }
        return text.count >= 8 && text.allSatisfy(isHexadecimalDigit) && text.contains(where: isFigure)
            && !text.allSatisfy(isFigure)
    }

    /// `2024-05-01…`, `12:30:59…`, or seconds, milliseconds, microseconds or nanoseconds of this time.
    private static func isTime(_ text: ArraySlice<UInt8>) -> Bool {
        let shape = text.prefix(10).map { isFigure($0) ? UInt8(ascii: "0") : $0 }
        if shape.elementsEqual("0000-00-00".utf8) || shape.prefix(8).elementsEqual("00:00:00".utf8) { return true }
        let figures = text.prefix(while: isFigure)
        let isFraction = text.dropFirst(figures.count).first.map { $0 == UInt8(ascii: ".") } ?? true
        return isFraction && [10, 13, 16, 19].contains(figures.count) && figures.first == UInt8(ascii: "1")
    }

    private static func isAscending(_ values: [String]) -> Bool {
        let numbers = values.compactMap { Int($0) }
        return numbers.count == values.count && numbers.count >= leastAscendingCount
            && zip(numbers, numbers.dropFirst()).allSatisfy(<)
    }

    private static func isFigure(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        isFigure(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }
}
