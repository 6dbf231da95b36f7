/// Finds the values at some paths in lines that are JSON objects, in one pass and without allocating.
///
/// A line is one object by RFC 8259 and nothing else: text before its brace, such as the prefix of syslog, makes it malformed.
/// Only `NaN`, `Infinity` and `-Infinity` are numbers too, as many writers have them, Python's json for one.
/// All of it is checked, also behind the last path that was looked for. Bytes that are no UTF-8 are passed over like other
/// characters of strings. Of keys that occur twice the last counts, with all that is in its value.
///
/// SAFETY: a line is read within its bounds and only during the call; the table holds offsets, not pointers.
public struct JSONFieldReader: Sendable {
    /// How deep objects and arrays may be nested, the line's own object included.
    public static let maximumDepth = 128

    let tree: FieldTree

    /// Prepares to look for `paths`: keys joined by dots, where the index of an array's item is a key too (`items.0.id`).
    ///
    /// A path also finds keys that contain dots: `http.status` is `status` in `http`, or else the key `http.status`.
    public init(paths: [String]) throws(FieldPathError) {
        tree = try FieldTree(paths: paths)
    }

    /// A table for this reader, with a field for each path in their order.
    public func makeTable() -> FieldTable { tree.makeTable() }

    /// Reads a line, which is without its line end.
    ///
    /// - Throws: Why it is no JSON object; the table is empty then.
    public func read(_ line: UnsafeRawBufferPointer, into table: FieldTable) throws(Malformation) {
        assert(table.count == tree.pathCount, "BUG: the table belongs to another reader")
        table.removeAll()
        guard let bytes = line.baseAddress else { throw Malformation(.notAnObject, at: 0) }
        let scanner = JSONScanner(bytes: bytes, end: line.count, tree: tree, candidates: table.candidates)
        do throws(Malformation) {
            try scanner.document()
        } catch {
            table.removeAll()
            throw error
        }
        tree.settle(table)
    }
}
