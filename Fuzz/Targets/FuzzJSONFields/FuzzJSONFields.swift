import FuzzDriver
import JSONText
import LineFormats

/// Lines of JSON: what the product's other reader of JSON takes, this one takes, and with the same values.
@main enum FuzzJSONFields {
    private static let paths = ["a", "a.b", "a.b.c", "level", "x.0", "x.1.a", "\u{E9}", "a\"b"]

    static func main() throws {
        let reader = try JSONFieldReader(paths: paths)
        let table = reader.makeTable()
        fuzz { line in
            var isAccepted = true
            do throws(Malformation) {
                try reader.read(line, into: table)
            } catch {
                check(error.offset >= 0 && error.offset <= line.count, "the offset \(error.offset) is in the line")
                isAccepted = false
            }
            for index in paths.indices {
                check(isAccepted || table[index].kind == .absent, "a malformed line has no fields")
                checkField(table[index], line)
            }
            guard let document = try? JSONValue(parsing: Array(line)), document.members != nil else { return }
            check(isAccepted, "an object is accepted")
            for (index, path) in paths.enumerated() {
                let keys = path.split(separator: ".").map(String.init)
                checkValue(table[index], find(document, keys[...]), line)
            }
        }
    }

    /// What a field is by its bytes alone.
    private static func checkField(_ field: FieldValue, _ line: UnsafeRawBufferPointer) {
        let range = field.range
        check(range.upperBound <= line.count, "\(range) is in the line")
        let bytes = line[range]
        switch field.kind {
        case .absent: check(range.isEmpty, "nothing is nowhere")
        case .flag: check(false, "JSON has no flags")
        case .null: check(bytes.elementsEqual("null".utf8), "null")
        case .true: check(bytes.elementsEqual("true".utf8), "true")
        case .false: check(bytes.elementsEqual("false".utf8), "false")
        case .object: check(bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}"), "braces")
        case .array: check(bytes.first == UInt8(ascii: "[") && bytes.last == UInt8(ascii: "]"), "brackets")
        case .number: check(Double(String(decoding: bytes, as: UTF8.self)) != nil, "a number")
        case .string:
            check(line[range.lowerBound - 1] == UInt8(ascii: "\""), "the opening quote")
            check(line[range.upperBound] == UInt8(ascii: "\""), "the closing quote")
            check(field.hasEscapes == bytes.contains(UInt8(ascii: "\\")), "escapes")
            check(text(of: field, line).count <= bytes.count, "unescaping does not lengthen")
        }
    }

    private static func text(of field: FieldValue, _ line: UnsafeRawBufferPointer) -> [UInt8] {
        var text: ContiguousArray<UInt8> = []
        appendUnescaped(UnsafeRawBufferPointer(rebasing: line[field.range]), to: &text)
        return Array(text)
    }

    /// The value at the path with the shortest keys.
    private static func find(_ value: JSONValue, _ keys: ArraySlice<String>) -> JSONValue? {
        if keys.isEmpty { return value }
        for count in 1...keys.count {
            let key = Array(keys.prefix(count).joined(separator: ".").utf8)
            var inner = value.members?.last { $0.name.utf8.elementsEqual(key) }?.value
            if let items = value.array, let index = Int(String(decoding: key, as: UTF8.self)),
                items.indices.contains(index)
            {
                inner = items[index]
            }
            if let inner, let found = find(inner, keys.dropFirst(count)) { return found }
        }
        return nil
    }

    private static func checkValue(_ field: FieldValue, _ value: JSONValue?, _ line: UnsafeRawBufferPointer) {
        let number = Double(String(decoding: line[field.range], as: UTF8.self))
        let isSame =
            switch value {
            case nil: field.kind == .absent
            case .null: field.kind == .null
            case .bool(let isTrue): field.kind == (isTrue ? .true : .false)
            case .integer, .number: field.kind == .number && number == value?.double
            case .string(let string): field.kind == .string && string.utf8.elementsEqual(text(of: field, line))
            case .array: field.kind == .array
            case .object: field.kind == .object
            }
        check(isSame, "\(field) is \(value as Any)")
    }
}
