import LineFormats

/// The fields of one line at a time, read when the first pattern asks for them.
///
/// SAFETY: lines are read within their bounds and during a call only.
final class LineFields {
    private enum Reader {
        case json(JSONFieldReader)
        case logfmt(LogfmtFieldReader)
        case auto(AutoLineReader)
    }

    private let reader: Reader
    private let table: FieldTable
    /// The line whose fields are in the table; -1 for none.
    private var line = -1
    /// Lines of the batch that are not of the source's format.
    private(set) var undecodedLineCount = 0
    private(set) var lastUndecodedLine = 0
    private var text: ContiguousArray<UInt8> = []

    /// Nil for a format without fields.
    init?(_ format: FieldFormat, paths: [String]) throws(FieldPathError) {
        switch format {
        case .none: return nil
        case .json:
            let reader = try JSONFieldReader(paths: paths)
            (self.reader, table) = (.json(reader), reader.makeTable())
        case .logfmt:
            let reader = try LogfmtFieldReader(keys: paths)
            (self.reader, table) = (.logfmt(reader), reader.makeTable())
        case .auto:
            let reader = try AutoLineReader(paths: paths)
            (self.reader, table) = (.auto(reader), reader.makeTable())
        }
    }

    /// Forgets the last batch.
    func beginBatch() { (line, undecodedLineCount) = (-1, 0) }

    /// Reads a line of the batch, unless it was the last one that was read; one that has no fields has none of them.
    func read(_ bytes: UnsafeRawBufferPointer, line index: Int) {
        if line == index { return }
        line = index
        do throws(Malformation) {
            switch reader {
            case .json(let reader): try reader.read(bytes, into: table)
            case .logfmt(let reader): try reader.read(bytes, into: table)
            case .auto(let reader): _ = reader.read(bytes, into: table)
            }
        } catch {
            undecodedLineCount += 1
            lastUndecodedLine = index
        }
    }

    /// A field of the line that was read.
    subscript(field: Int) -> FieldValue { table[field] }

    /// Whether the field is there, and not null.
    func isPresent(_ field: Int) -> Bool {
        let kind = table[field].kind
        return kind != .absent && kind != .null
    }

    /// The text of a field, which is part of `bytes`, the line, or unescaped and valid until the next call; nil when it is not
    /// there.
    func withText<Result>(
        of field: Int, in bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer, _ range: Range<Int>?) -> Result
    ) -> Result? {
        let value = table[field]
        guard value.kind != .absent else { return nil }
        let written = UnsafeRawBufferPointer(rebasing: bytes[value.range])
        guard value.hasEscapes else { return body(written, value.range) }
        text.removeAll(keepingCapacity: true)
        appendUnescaped(written, to: &text)
        return text.withUnsafeBytes { body($0, nil) }
    }
}
