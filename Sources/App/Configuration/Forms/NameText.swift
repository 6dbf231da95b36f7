/// The names that a configuration gives to things, and the rules of Prometheus for metrics and labels.
enum NameText {
    static let maximumLength = 64

    /// Names of sources, patterns, consumers, events.
    static func parseName(_ text: String) throws(FormProblem) -> String {
        let isFit = text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard isFit, let first = text.utf8.first, isWord(first), text.utf8.count <= maximumLength else {
            throw FormProblem(hint: "use up to \(maximumLength) letters, digits, `_`, `-` and `.`, such as `app-log`")
        }
        return text
    }

    /// What the agent shows about its own process.
    private static let processMetrics: Set = [
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds",
        "process_start_time_seconds",
    ]

    static func parseMetricName(_ text: String) throws(FormProblem) -> String {
        guard let first = text.utf8.first, !isDigit(first),
            text.utf8.allSatisfy({ isWord($0) || $0 == UInt8(ascii: ":") })
        else {
            throw FormProblem(
                hint: "use letters, digits, `_` and `:`, and no digit at the front, such as `bot_prediction`")
        }
        guard !processMetrics.contains(text) else {
            throw FormProblem(
                "the agent shows its own under this name", hint: "begin the name with that of your service")
        }
        guard text != "up" else {
            throw FormProblem(
                "the history and Prometheus say under this name that the agent runs",
                hint: "choose another name, such as `app_up`")
        }
        guard !text.hasPrefix("outrider_") else {
            throw FormProblem(
                "names that begin with `outrider_` are the agent's own",
                hint: "choose another name, such as `app_\(text.dropFirst(9))`")
        }
        return text
    }

    static func parseLabelName(_ text: String) throws(FormProblem) -> String {
        guard let first = text.utf8.first, !isDigit(first), text.utf8.allSatisfy(isWord) else {
            throw FormProblem(hint: "use letters, digits and `_`, and no digit at the front, such as `denom`")
        }
        guard !text.hasPrefix("__"), text != "le", text != "quantile" else {
            throw FormProblem("Prometheus keeps `__…`, `le` and `quantile` for itself", hint: "choose another name")
        }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy(isWord)
    }
}
