import YAMLNodes

/// A file of patterns that the binary carries.
public struct PatternLibrary: Sendable {
    /// By what `use` knows it.
    public let name: String
    /// What it is for: the comment at its beginning.
    public let summary: String
    /// The file as it lies in `rules/patterns`.
    public let text: String

    /// All libraries, in the order of their names.
    public static let all = ShippedLibraries.texts.map(PatternLibrary.init)

    static func named(_ name: String) -> PatternLibrary? { all.first { $0.name == name } }

    private init(name: String, text: String) {
        self.name = name
        self.text = text
        let comment = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("# ") }
        summary = comment.map { $0.dropFirst(2) }.joined(separator: " ")
    }

    /// How messages name the file.
    var file: String { "library \(name)" }

    /// Its patterns, for these sources only when there are any. Its tests are left out: whoever ships it has tried them.
    func patterns(sources: [Located<String>]?, _ context: DecodingContext) -> [PatternDraft] {
        let document = YAMLDocument(Array(text.utf8), file: file)
        guard document.problems.isEmpty, let root = document.root, let draft = RootKeys.reader.read(root, context)
        else {
            preconditionFailure("BUG: the shipped library \(name) is no YAML")
        }
        return draft.patterns.map { pattern in
            var pattern = pattern
            pattern.tests = []
            pattern.sources = sources ?? pattern.sources
            return pattern
        }
    }
}
