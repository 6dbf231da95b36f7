/// What may stand behind a key, for documentation and editors. The reader of the same value enforces it.
indirect enum ValueType: Sendable {
    /// A scalar; `limits` is what the key narrows it to, such as `1 to 4096`.
    case form(ScalarForm, limits: String? = nil)
    /// One of these words, or else a scalar of the form.
    case choice([String], orElse: ScalarForm? = nil)
    case list(of: ValueType, isNonEmpty: Bool)
    /// One value, or a list of them.
    case oneOrMore(ValueType, isNonEmpty: Bool)
    case map(key: ScalarForm, value: ValueType)
    /// `[low, high]`
    case range
    case object(ObjectSchema)
    /// A mapping of one of several kinds.
    case objects([ObjectSchema])

    /// With an article, as in "must be a list of globs".
    var phrase: String {
        switch self {
        case .form(let form, _): form.phrase
        case .choice(let words, let form):
            (words.map { "`\($0)`" } + (form.map { [$0.phrase] } ?? [])).joinedAsAlternatives
        case .list: "a list"
        case .oneOrMore(let element, _): "\(element.phrase) or a list of such"
        case .map: "a mapping"
        case .range: "a pair `[low, high]` of numbers"
        case .object, .objects: "a mapping"
        }
    }
}

extension [String] {
    /// `a`, `a or b`, `a, b or c`.
    var joinedAsAlternatives: String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) or \(last)"
    }

    /// Each in backticks, parted by commas.
    var quotedList: String { map { "`\($0)`" }.joined(separator: ", ") }
}
