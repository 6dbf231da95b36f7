import LineFormats
import LogPipeline
import YAMLNodes

/// The forms that lines of a source can have.
enum LineFormat: String, CaseIterable, Sendable {
    case plain
    case json
    case logfmt
    case docker
    case cri
    case auto
}

/// What is done with the colours of terminals.
enum ColourTreatment: String, CaseIterable, Sendable {
    case keep
    case strip
}

/// How a source is decoded, as it is written; parts with mistakes are nil.
struct DecodingDraft: Sendable {
    var settings: DecodingSettings?
    /// The expression that says which lines belong together.
    var boundary: Located<String>?
}

/// The keys of a source that say how its bytes are read.
enum DecodingKeys {
    static let format = Field(
        "format", .choice(LineFormat.self), default: "plain",
        doc:
            "What lines are: `plain` text, `json` objects or `logfmt` pairs, whose fields patterns can use, or what a container runtime writes around them: `docker` (its json-file driver) and `cri` (Kubernetes). The text within is then what patterns see, parts of a long line are joined, and its fields can be used when it is JSON or logfmt. A line that no such runtime wrote is taken as text, and counted in `outrider_lines_malformed_total{source}`. `auto` decides for each line by itself.",
        example: "json")
    static let fields = Field(
        "fields", .choice(FieldFormat.self), absence: "what `format` says; JSON or logfmt within a container's lines",
        doc:
            "What the text within a container's lines is, or of records of plain text: `json`, `logfmt`, either of them (`auto`), or `none` of them. A line whose fields a pattern or a timestamp asks for, and that is not what is said here, has no fields; where the pattern is the one that asks, it is counted in `outrider_lines_undecoded_total{source}`. With `auto` no line is wrong, and none is counted. JSON may be nested 128 deep, and has `NaN` and `Infinity` as Python writes them.",
        example: "json")
    static let multiline = Field(
        "multiline", MultilineKeys.reader, absence: "every line is a record by itself",
        doc: "Which lines belong together, such as those of a traceback; a pattern then sees them as one text.",
        example: "{first_line: '^\\d{4}-\\d\\d-\\d\\d '}")
    static let colours = Field(
        "colors", .choice(ColourTreatment.self), default: "keep",
        doc: "Whether the control sequences with which programs colour their output are taken out.", example: "strip")
    static let encoding = Field(
        "encoding", .choice(TextEncoding.self), default: "utf-8",
        doc:
            "How characters are written; patterns see UTF-8 in any case. A byte order mark is passed over: where it is the bytes FF FE, the file is `utf-16le`, where it is FE FF, `utf-16be`. What is no character of UTF-16 is U+FFFD, and counted in `outrider_characters_replaced_total{source}`.",
        example: "latin-1")

    static let all = [format.schema, fields.schema, multiline.schema, colours.schema, encoding.schema]

    static func read(_ object: ObjectReader) -> DecodingDraft {
        let (format, multiline) = (object(format), object(multiline) ?? nil)
        let (colours, encoding) = (object(colours), object(encoding))
        let written = object.located(fields)
        if let format, let written { check(written, of: format, object.context) }
        guard let format, let colours, let encoding else {
            return DecodingDraft(settings: nil, boundary: multiline?.boundary)
        }
        return DecodingDraft(
            settings: DecodingSettings(
                container: container(format), fields: written?.value ?? fields(format), multiline: multiline?.settings,
                stripsColours: colours == .strip, encoding: encoding), boundary: multiline?.boundary)
    }

    /// Reports fields that lines of the format do not have.
    private static func check(_ written: Located<FieldFormat>, of format: LineFormat, _ context: DecodingContext) {
        guard format == .json || format == .logfmt, written.value != fields(format) else { return }
        context.error(
            "`fields` is `\(written.value.rawValue)`, and lines of `format: \(format.rawValue)` have others",
            at: written.location,
            hint: "leave `fields` out, or write `format: plain` and `fields: \(written.value.rawValue)`")
    }

    private static func container(_ format: LineFormat) -> ContainerFormat {
        switch format {
        case .plain, .json, .logfmt: .none
        case .docker: .docker
        case .cri: .cri
        case .auto: .auto
        }
    }

    private static func fields(_ format: LineFormat) -> FieldFormat {
        switch format {
        case .plain: .none
        case .json: .json
        case .logfmt: .logfmt
        case .docker, .cri, .auto: .auto
        }
    }
}

/// `multiline` as it is written; parts with mistakes are nil.
struct MultilineDraft: Sendable {
    var boundary: Located<String>?
    var settings: MultilineSettings?
}

/// The keys of `multiline`.
enum MultilineKeys {
    static let firstLine = Field(
        "first_line", .expression, doc: "A line that matches begins a record; the others belong to the one before.",
        example: "'^\\d{4}-'")
    static let continuation = Field(
        "continuation", .expression, doc: "A line that matches belongs to the record before; the others begin one.",
        example: "'^\\s'")
    static let flushAfter = Field(
        "flush_after", .duration(.milliseconds(100) ... .seconds(3600)), default: "5s",
        doc: "How long a record that may go on is waited for when nothing comes.", example: "1s")
    static let maximumLineCount = Field(
        "max_lines", .integer(2...100_000), default: "500",
        doc:
            "A record of so many lines ends; what follows begins another, counted in `outrider_records_cut_total{source}`.",
        example: "1000")
    static let maximumLength = Field(
        "max_size", .size(256...(128 << 10)), default: "64KiB", doc: "The same by size.", example: "32KiB")

    static let schema = ObjectSchema(
        phrase: "`multiline`", doc: "Which lines belong together.",
        keys: [
            firstLine.schema, continuation.schema, flushAfter.schema, maximumLineCount.schema, maximumLength.schema,
        ], exactlyOneOf: [[firstLine.schema.key, continuation.schema.key]], isOneOfSeveral: false)

    static let reader = ValueReader<MultilineDraft?>.object(schema) { object in
        let first = object.located(firstLine)
        let continuation = object.located(continuation)
        let (patience, lines, length) = (object(flushAfter), object(maximumLineCount), object(maximumLength))
        guard let boundary = first ?? continuation, let patience, let lines, let length else {
            return MultilineDraft(boundary: first ?? continuation, settings: nil)
        }
        return MultilineDraft(
            boundary: boundary,
            settings: MultilineSettings(
                boundary: first.map { .firstLine($0.value) } ?? .continuation(boundary.value), patience: patience,
                maximumLineCount: lines, maximumLength: length))
    }
}
