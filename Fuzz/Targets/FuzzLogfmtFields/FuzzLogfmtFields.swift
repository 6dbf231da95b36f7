import FuzzDriver
import LineFormats

/// Lines of logfmt, and the guess what form a line has, beside a reading one byte at a time.
@main enum FuzzLogfmtFields {
    private static let keys = ["a", "b", "level", "longer_than_eight", "a.b"]

    static func main() throws {
        let reader = try LogfmtFieldReader(keys: keys)
        let auto = try AutoLineReader(paths: keys)
        let (table, autoTable) = (reader.makeTable(), auto.makeTable())
        fuzz { line in
            let fields = SimpleLogfmt(line).fields
            do throws(Malformation) {
                try reader.read(line, into: table)
                check(fields != nil, "what is no logfmt is refused")
            } catch {
                check(fields == nil, "logfmt is accepted: \(error)")
                check(error.offset >= 0 && error.offset <= line.count, "the offset \(error.offset) is in the line")
            }
            for (index, key) in keys.enumerated() {
                let field = table[index]
                check(field.range.upperBound <= line.count, "\(field.range) is in the line")
                let expected = fields?.last { $0.key == Array(key.utf8) }
                check((field.kind == .absent) == (expected == nil), "\(key) is there")
                guard let expected else { continue }
                check((field.kind == .flag) == (expected.value == nil), "\(key) is a flag")
                check(expected.value.map { $0.elementsEqual(line[field.range]) } ?? true, "the value of \(key)")
                check(
                    field.hasEscapes == (expected.value?.contains(UInt8(ascii: "\\")) ?? false && expected.isQuoted),
                    "escapes")
            }
            if auto.read(line, into: autoTable) == .logfmt {
                check(keys.indices.allSatisfy { table[$0] == autoTable[$0] }, "both readers find the same")
            }
        }
    }
}

/// Logfmt a byte at a time, as it is defined.
private struct SimpleLogfmt {
    struct Field {
        var key: [UInt8]
        var value: [UInt8]?
        var isQuoted = false
    }

    /// Nil when the line is none.
    var fields: [Field]? = []
    private var rest: ArraySlice<UInt8>

    init(_ line: UnsafeRawBufferPointer) {
        rest = Array(line)[...]
        while let first = rest.first, fields != nil {
            if first <= 0x20 {
                rest.removeFirst()
            } else if let field = field() {
                fields?.append(field)
            } else {
                fields = nil
            }
        }
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> [UInt8] {
        let taken = rest.prefix(while: condition)
        rest = rest.dropFirst(taken.count)
        return Array(taken)
    }

    private mutating func field() -> Field? {
        let key = take { $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
        guard rest.first != UInt8(ascii: "\""), !key.isEmpty else { return nil }
        guard rest.first == UInt8(ascii: "=") else { return Field(key: key, value: nil) }
        rest.removeFirst()
        if rest.first == UInt8(ascii: "\"") { return quoted().map { Field(key: key, value: $0, isQuoted: true) } }
        let value = take { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
        return rest.first == UInt8(ascii: "\"") ? nil : Field(key: key, value: value)
    }

    private mutating func quoted() -> [UInt8]? {
        rest.removeFirst()
        var value: [UInt8] = []
        while let next = rest.popFirst() {
            if next == UInt8(ascii: "\"") { return value }
            value.append(next)
            if next == UInt8(ascii: "\\"), let escaped = rest.popFirst() { value.append(escaped) }
        }
        return nil
    }
}
