import FileAccess

/// How parts of a screen are set off; plain where nobody looks at it, and where `NO_COLOR` is set (no-color.org).
struct TerminalStyle {
    let isColored: Bool

    static let plain = TerminalStyle(isColored: false)
    /// What suits standard output.
    static var output: TerminalStyle {
        let refusal = ProcessEnvironment.value(of: "NO_COLOR") ?? ""
        return TerminalStyle(isColored: refusal.isEmpty && ProcessStream.output.isTerminal)
    }

    func strong(_ text: String) -> String { set(text, 1) }
    func faint(_ text: String) -> String { set(text, 2) }
    func good(_ text: String) -> String { set(text, 32) }
    func bad(_ text: String) -> String { set(text, 31) }
    func doubtful(_ text: String) -> String { set(text, 33) }

    /// A piece of the drawing of a series; colours come again after the sixth.
    func series(_ text: String, number: Int) -> String { set(text, [36, 33, 35, 32, 34, 31][number % 6]) }

    private func set(_ text: String, _ code: Int) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
