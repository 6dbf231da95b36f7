import Extraction
import LineFormats
import LogPipeline
import YAMLNodes

/// Patterns that look at fields, and sources whose lines have some.
struct FieldChecks {
    let context: DecodingContext
    /// The name of each source and how it is decoded; nil for what is wrong.
    let sources: [(name: String?, decoding: DecodingSettings?)]

    /// Reports a pattern that can never apply, because none of its sources has fields.
    func check(_ pattern: PatternDraft) {
        guard let place = pattern.fieldPlace, !sources.isEmpty, sources.allSatisfy({ $0.decoding != nil }) else {
            return
        }
        let named = pattern.sources.map { Set($0.map(\.value)) }
        let meant = sources.filter { source in source.name.map { named?.contains($0) ?? true } ?? true }
        guard !meant.isEmpty, meant.allSatisfy({ $0.decoding?.fields == FieldFormat.none }) else { return }
        let name = meant.count == 1 ? meant[0].name.map { "the source `\($0)`" } ?? "the source" : "each of its sources"
        let decoding = meant[0].decoding ?? DecodingSettings()
        let reason = decoding.lackOfFields
        if let library = pattern.library {
            // A library that has patterns for text too does what it can.
            guard library.needsFields else { return }
            context.error(
                "the library `\(library.name.value)` looks at fields, and lines of \(name) have none: \(meant.count == 1 ? "its" : "the") \(reason)",
                at: library.name.location,
                hint: "\(decoding.fieldHint), or name others with `sources`")
            return
        }
        context.error(
            "lines of \(name) have no fields: \(meant.count == 1 ? "its" : "the") \(reason)", at: place,
            hint: decoding.fieldHint)
    }
}

extension DecodingSettings {
    /// Why lines that have no fields have none.
    var lackOfFields: String { container == .none ? "format is `plain`" : "`fields` is `none`" }
    /// What to do about it.
    var fieldHint: String {
        container == .none
            ? "add `format: json`, `logfmt` or `auto` to the source" : "write `fields: json`, `logfmt` or `auto` there"
    }
}
