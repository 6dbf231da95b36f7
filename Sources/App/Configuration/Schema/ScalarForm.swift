/// A kind of scalar: what people call it, how they write it, what editors may check.
struct ScalarForm: Sendable {
    /// Unique; names the kind in the JSON Schema and in the documentation.
    var name: String
    /// With an article, as in "must be a duration".
    var phrase: String
    /// One sentence for the documentation.
    var doc: String
    /// JSON types that YAML readers of editors may see.
    var jsonTypes: [String] = ["string"]
    /// An ECMA 262 expression that holds for texts without `${…}`; nil when anything goes.
    var jsonPattern: String?
}

extension ScalarForm {
    static let text = ScalarForm(
        name: "text", phrase: "text", doc: "Any text. Numbers and words such as `true` are taken as they are written.",
        jsonTypes: ["string", "number", "boolean"])
    static let name = ScalarForm(
        name: "name", phrase: "a name",
        doc: "Up to 64 letters, digits, `_`, `-` and `.`, beginning with a letter, a digit or `_`.",
        jsonTypes: ["string", "number"], jsonPattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")
    static let metricName = ScalarForm(
        name: "metric-name", phrase: "a metric name",
        doc:
            "Letters, digits, `_` and `:`, not beginning with a digit; `up`, and names with `outrider_` in front, are the agent's own.",
        jsonPattern: "^(?!outrider_|up$)[A-Za-z_:][A-Za-z0-9_:]*$")
    static let fieldPath = ScalarForm(
        name: "field-path", phrase: "the path of a field",
        doc:
            "The names that lead to a field of a line, with dots between them: `level`, `http.status`, `items.0.id`. A name may itself have dots."
    )
    static let labelName = ScalarForm(
        name: "label-name", phrase: "a label name",
        doc: "Letters, digits and `_`, not beginning with a digit; `__…`, `le` and `quantile` belong to Prometheus.",
        jsonPattern: "^(?!__|le$|quantile$)[A-Za-z_][A-Za-z0-9_]*$")
    static let path = ScalarForm(
        name: "path", phrase: "a path",
        doc: "A path of the file system; a relative one is meant from the folder of the file in which it is written.")
    static let glob = ScalarForm(
        name: "glob", phrase: "a file glob",
        doc:
            "A path with `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any number of folders; without `..`; a relative one is meant from the folder of the file in which it is written."
    )
    static let includeGlob = ScalarForm(
        name: "include-glob", phrase: "a path or a glob of configuration files",
        doc: "A path, in whose last part `*` stands for any characters and `?` for one.")
    static let expression = ScalarForm(
        name: "expression", phrase: "a regular expression",
        doc:
            "A PCRE2 expression over the bytes of a line; best written in 'single quotes'. `(?<name>…)` makes a capture."
    )
    static let duration = ScalarForm(
        name: "duration", phrase: "a duration",
        doc:
            "Whole numbers with the units `w`, `d`, `h`, `m`, `s`, `ms`, from the greatest to the smallest, each less than one of the unit before it: `30s`, `90m`, `1h30m`.",
        jsonPattern: "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$")
    static let size = ScalarForm(
        name: "size", phrase: "a size",
        doc:
            "Bytes, or a whole number with `kB`, `MB`, `GB`, `TB` (powers of 1000) or `KiB`, `MiB`, `GiB`, `TiB` (of 1024).",
        jsonTypes: ["integer", "string"], jsonPattern: "^[0-9]+(B|[kKMGT]B|[KMGT]iB)?$")
    static let integer = ScalarForm(
        name: "integer", phrase: "a whole number", doc: "A whole number.", jsonTypes: ["integer", "string"],
        jsonPattern: "^[0-9]+$")
    static let number = ScalarForm(
        name: "number", phrase: "a number", doc: "A decimal number.", jsonTypes: ["number", "string"],
        jsonPattern: "^[-+.0-9eE]+$")
    static let boolean = ScalarForm(
        name: "boolean", phrase: "`true` or `false`", doc: "`true` or `false`.", jsonTypes: ["boolean", "string"],
        jsonPattern: "^(true|false)$")
    static let series = ScalarForm(
        name: "series", phrase: "a series",
        doc:
            "The name of a sample as it stands on the page of metrics: `name`, or `name{label=\"value\"}`, best put into 'single quotes'.",
        jsonPattern: "^[A-Za-z_:][A-Za-z0-9_:]* *([{].*)?$")
    static let expectedValue = ScalarForm(
        name: "expected-value", phrase: "a number or `null`", doc: "A decimal number; `null` for none.",
        jsonTypes: ["number", "string", "null"])
    static let listenAddress = ScalarForm(
        name: "listen-address", phrase: "an address to listen at",
        doc:
            "`ADDRESS:PORT`, with an IPv6 address in brackets; `:PORT` for every IPv4 address; port 0 for any free one.",
        jsonPattern: ":[0-9]+$")
    static let timestampLayout = ScalarForm(
        name: "timestamp-layout", phrase: "`auto` or a layout of times",
        doc:
            "`auto`, or how times are written: `%Y` `%y` year, `%m` `%b` `%B` month as number or English name, `%d` `%e` day, `%j` day of the year, `%a` `%A` weekday, `%H` hour, `%I` with `%p` AM or PM, `%M` minute, `%S` second, `%L` three digits of a fraction, `%f` one to nine, `%z` offset, `%Z` `UTC`, `GMT` or a name that the zone has, `%s` seconds since 1970, `%F` `%T` `%D` `%R` as in `strptime`, `%%` a percent sign. A space stands for any number of spaces and tabs.",
        jsonTypes: ["string"])
    static let timeZone = ScalarForm(
        name: "time-zone", phrase: "a time zone",
        doc: "`local`, `UTC`, a name such as `Europe/Berlin`, or an offset such as `+01:00`.", jsonTypes: ["string"])
    static let value = ScalarForm(
        name: "value", phrase: "a capture, a field or a number",
        doc:
            "`$name` for the text of a capture, `.path` for a field of the line, `^name` for what an earlier line of the file said (see `remember` and `timer` of patterns), or a number.",
        jsonTypes: ["string", "number"])
    static let label = ScalarForm(
        name: "label-value", phrase: "a capture, a field or text",
        doc:
            "`$name` for the text of a capture, `.path` for a field of the line, `^name` for what an earlier line of the file said (see `remember` of patterns), or text; `$$` in it stands for a dollar sign, `^^` at its front for a caret.",
        jsonTypes: ["string", "number", "boolean"])

    /// In the order of the documentation.
    static let all = [
        text, name, metricName, labelName, fieldPath, path, glob, includeGlob, expression, duration, size, integer,
        number,
        boolean, listenAddress, timestampLayout, timeZone, value, label, series, expectedValue,
    ]
}
