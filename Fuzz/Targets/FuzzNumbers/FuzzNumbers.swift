import FuzzDriver

@testable import Extraction

/// Numbers and units. Bare numbers are what the standard library makes of them; the first byte picks a reading for the rest.
@main enum FuzzNumbers {
    private static let readings = [nil, ValueUnit.seconds, .bytes, .ratio].flatMap { unit in
        [1, 0.001, -1e300].flatMap { scale in
            [false, true].map { NumberReading(unit: unit, scale: scale, allowsGroups: $0) }
        }
    }
    private static let readers = readings.map { NumberReader($0) }

    static func main() {
        fuzz { input in
            guard let first = input.first else { return }
            let text = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            checkBareNumber(text)
            let index = Int(first) % readers.count
            switch readers[index].parse(text) {
            case .finite(let value):
                check(value.isFinite, "\(value)")
                check(text.contains { $0 &- UInt8(ascii: "0") < 10 }, "a number has digits")
                if readings[index] == NumberReading() { check(parseNumber(text) == .finite(value), "a bare number") }
            case .infinite, .nan, .notANumber: break
            }
        }
    }

    private static func checkBareNumber(_ text: UnsafeRawBufferPointer) {
        let trimmed = text.drop { $0 == 0x20 || $0 == 0x09 }.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
        let isDecimal = trimmed.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || "+-.eE".utf8.contains($0) }
        let expected = Double(String(decoding: Array(trimmed), as: UTF8.self))
        switch parseNumber(text) {
        case .finite(let value):
            check(isDecimal && expected?.bitPattern == value.bitPattern, "\(value) is \(expected as Any)")
        case .infinite: check(expected.map { !$0.isFinite } ?? false, "infinity")
        case .nan: check(expected?.isNaN ?? false, "not a number")
        case .notANumber: check(!isDecimal || expected == nil, "\(expected as Any) is a number")
        }
    }
}
