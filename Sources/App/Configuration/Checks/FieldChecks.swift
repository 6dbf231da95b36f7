import Extraction
import LineFormats
import YAMLNodes

/// Patterns that look at fields, and sources whose lines have some.
struct FieldChecks {
    let context: DecodingContext
    /// The name of each source and which fields it has; nil for what is wrong.
    let sources: [(name: String?, fields: FieldFormat?)]

    /// Reports a pattern that can never apply, because none of its sources has fields.
    func check(_ pattern: PatternDraft) {
        guard let place = pattern.fieldPlace, !sources.isEmpty, sources.allSatisfy({ $0.fields != nil }) else { return }
        let named = pattern.sources.map { Set($0.map(\.value)) }
        let meant = sources.filter { source in source.name.map { named?.contains($0) ?? true } ?? true }
        guard !meant.isEmpty, meant.allSatisfy({ $0.fields == FieldFormat.none }) else { return }
        let name = meant.count == 1 ? meant[0].name.map { "the source `\($0)`" } ?? "the source" : "each of its sources"
        if let library = pattern.library {
            // A library that has patterns for text too does what it can.
            guard library.needsFields else { return }
            context.error(
                "the library `\(library.name.value)` looks at fields, and lines of \(name) have none: \(meant.count == 1 ? "its" : "the") format is `plain`",
                at: library.name.location,
                hint: "add `format: json`, `logfmt` or `auto` to the source, or name others with `sources`")
            return
        }
        context.error(
            "lines of \(name) have no fields: \(meant.count == 1 ? "its" : "the") format is `plain`", at: place,
            hint: "add `format: json`, `logfmt` or `auto` to the source")
    }
}
