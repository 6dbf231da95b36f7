extension ConfigurationReference {
    /// `docs/CONFIGURATION.md`.
    public static func markdown() -> String {
        ([introduction] + sections.map(markdown) + [forms]).joined(separator: "\n")
    }

    private static var introduction: String {
        """
        # Configuration

        <!-- Made from the declarations in Sources/App/Configuration/Keys; a test compares. Edit those, not this page. -->

        Outrider reads one YAML file, and those that it includes. It is strict: a key that it does not know, or a value
        that it does not understand, is an error, and all errors are reported together as `file:line:column: what is wrong`
        with what to write instead on the line below. `outrider check` does only that, and warns of what is probably not meant, such
        as a glob that matches no file now.

        ```yaml
        \(example)```

        **Variables.** `${NAME}` in a value stands for an environment variable, `${NAME:-default}` for one that may be
        unset or empty, and `$${` for the two characters `${` themselves. They are replaced after the YAML was read, so
        that a variable cannot add keys. A value that is not understood is shown as it is written in the file, not as the
        variable holds it.

        **Included files** add to the lists and to `target`, and may set other keys that no other file sets.

        **YAML.** A file is UTF-8, at most 1 MiB, and holds one document. Anchors and aliases work; merge keys (`<<`),
        duplicate keys and tags such as `!!python/object` do not. Text with `: `, ` #`, `\\`, or one of ``{}[]&*!|>%@`'"`` at its front is best put into
        'single quotes'.

        **Editors** find a JSON Schema in `docs/configuration.schema.json`.

        """
    }

    private static func markdown(_ section: Section) -> String {
        let isUse = section.schema.phrase == UseKeys.schema.phrase
        let title = section.path.isEmpty ? "The file" : "`\(section.path)`" + (isUse ? " with `use`" : "")
        let rows = section.schema.keys.map(row)
        return """
            ## \(title)

            \(section.schema.doc)\(choices(section.schema))

            | key | value | without it | meaning | example |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func choices(_ schema: ObjectSchema) -> String {
        schema.exactlyOneOf.map { " It has either \($0.map { "`\($0)`" }.joinedAsAlternatives)." }.joined()
    }

    private static func row(_ key: KeySchema) -> String {
        let absence = key.isRequired ? "**required**" : key.defaultText.map(code) ?? key.absence ?? "–"
        let cells = ["`\(key.key)`", value(key.type), absence, key.doc, code(key.example)]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }

    private static func value(_ type: ValueType) -> String {
        switch type {
        case .form(let form, let limits): link(form) + (limits.map { " from \($0)" } ?? "")
        case .choice(let words, let form):
            (words.map { "`\($0)`" } + (form.map { [link($0)] } ?? [])).joinedAsAlternatives
        case .list(let element, _): "list: \(value(element))"
        case .oneOrMore(let element, _): "\(value(element)), or a list"
        case .map(let key, let element): "mapping: \(link(key)) to \(value(element))"
        case .range: "`[low, high]`"
        case .object, .objects: "mapping, below"
        }
    }

    private static func link(_ form: ScalarForm) -> String { "[\(form.name)](#values)" }

    private static func code(_ text: String) -> String { "`\(text)`" }

    private static func escaped(_ cell: String) -> String {
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static var forms: String {
        """
        ## Values

        | value | how it is written |
        |---|---|
        \(ScalarForm.all.map { "| \($0.name) | \(escaped($0.doc)) |" }.joined(separator: "\n"))

        """
    }
}
