/// Why a text is not of the form that its key asks for.
struct FormProblem: Error {
    /// Half a sentence that follows what was expected and found; nil when that says it all.
    var detail: String?
    /// What to write instead.
    var hint: String
    init(_ detail: String? = nil, hint: String) {
        self.detail = detail
        self.hint = hint
    }

    /// A sentence of another module as messages have them here: without a capital at its front and a full stop at its end.
    static func phrase(_ sentence: String) -> String {
        let words = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
