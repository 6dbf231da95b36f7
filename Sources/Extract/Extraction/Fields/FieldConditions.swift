/// What the fields of a line must be for a pattern to apply. A field is known by its path, `http.status`, and compared as text:
/// what a string says, or a number, `true`, `false`, `null`, an object or an array as it is written.
public struct FieldConditions: Hashable, Sendable {
    /// A field and the texts that it is compared with.
    public struct Comparison: Hashable, Sendable {
        /// The path of the field.
        public var path: String
        /// At least one.
        public var texts: [String]
        /// A comparison of one field.
        public init(path: String, texts: [String]) {
            self.path = path
            self.texts = texts
        }
    }

    /// Each of these fields is one of its texts.
    public var required: [Comparison]
    /// None of these fields is one of its texts; one that is not there is none of them.
    public var excluded: [Comparison]
    /// These fields are there, and not null.
    public var present: [String]

    /// No conditions, unless given.
    public init(required: [Comparison] = [], excluded: [Comparison] = [], present: [String] = []) {
        self.required = required
        self.excluded = excluded
        self.present = present
    }

    /// Whether every line meets them.
    public var isEmpty: Bool { required.isEmpty && excluded.isEmpty && present.isEmpty }
}

/// Expressions that every line matches which can meet conditions: by them most lines are passed over without reading fields.
enum FieldGate {
    /// The expression for lines that meet conditions, and that have the field `textPath` besides if that is given.
    static func expression(for conditions: FieldConditions, textPath: String?) -> String {
        let comparisons = conditions.required.map { alternatives($0.texts) }
        let paths = conditions.present + [textPath].compactMap { $0 }
        let names = paths.compactMap { name(in: $0) }.map { alternatives([$0]) }
        // The longer its shortest text, the fewer lines have one.
        let best = (comparisons + names).max { $0.shortest < $1.shortest }
        return best?.expression ?? ""
    }

    /// The last name in a path that must stand in the line: a number may be a place in an array.
    private static func name(in path: String) -> String? {
        path.split(separator: ".").last { part in part.utf8.contains { !(0x30...0x39 ~= $0) } }.map(String.init)
    }

    /// One of some texts as a line has them: any character may be written as an escape.
    private static func alternatives(_ texts: [String]) -> (expression: String, shortest: Int) {
        let isPlain = texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && !#""\/"#.utf8.contains($0) } }
        let quoted = texts.map(quoted) + [isPlain ? #"\\u"# : #"\\"#]
        return ("(?:" + quoted.joined(separator: "|") + ")", texts.map(\.utf8.count).min() ?? 0)
    }

    /// A text as an expression that matches it; bytes that are no letters or digits of ASCII as numbers.
    private static func quoted(_ text: String) -> String {
        text.utf8.map { byte in
            let isWord =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            if isWord || byte == UInt8(ascii: "_") { return String(UnicodeScalar(byte)) }
            return #"\x{"# + String(byte, radix: 16) + "}"
        }.joined()
    }
}
