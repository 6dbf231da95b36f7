import Testing

@testable import LineFormats

/// A field as a test expects it: what it holds, with its text as it stands in the line and unescaped.
struct Field: Hashable, CustomStringConvertible {
    var kind: FieldValue.Kind
    var raw: [UInt8]
    var text: [UInt8]

    init(_ kind: FieldValue.Kind, raw: [UInt8], text: [UInt8]) {
        self.kind = kind
        self.raw = raw
        self.text = text
    }

    /// A field without escapes.
    init(_ kind: FieldValue.Kind, _ text: String = "") {
        self.init(kind, raw: Array(text.utf8), text: Array(text.utf8))
    }

    /// The field that a table has, taken out of its line.
    init(_ value: FieldValue, of line: UnsafeRawBufferPointer) {
        kind = value.kind
        raw = Array(line[value.range])
        text = value.hasEscapes ? unescaped(raw) : raw
    }

    static let absent = Field(.absent)

    var description: String { "\(kind) `\(String(decoding: text, as: UTF8.self))`" }
}

func unescaped(_ string: [UInt8]) -> [UInt8] {
    var text: ContiguousArray<UInt8> = []
    string.withUnsafeBytes { appendUnescaped($0, to: &text) }
    return Array(text)
}

/// The fields of one line, or why it has none.
struct Reading: Hashable {
    var fields: [Field]
    var malformation: Malformation?

    init(
        _ line: [UInt8], _ count: Int, _ table: FieldTable,
        _ read: (UnsafeRawBufferPointer) throws(Malformation) -> Void
    ) {
        var fields: [Field] = []
        var malformation: Malformation?
        // An allocation of exactly this size lets a sanitizer see what is read behind it.
        line.withUnsafeBytes { bytes in
            do throws(Malformation) {
                try read(bytes)
            } catch {
                malformation = error
            }
            fields = (0..<count).map { Field(table[$0], of: bytes) }
        }
        self.fields = fields
        self.malformation = malformation
    }
}

func readJSON(_ line: [UInt8], _ paths: [String]) throws -> Reading {
    let reader = try JSONFieldReader(paths: paths)
    let table = reader.makeTable()
    return Reading(line, paths.count, table) { line throws(Malformation) in try reader.read(line, into: table) }
}

func readJSON(_ line: String, _ paths: [String]) throws -> Reading { try readJSON(Array(line.utf8), paths) }
