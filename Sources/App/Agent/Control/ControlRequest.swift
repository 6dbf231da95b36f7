public import LogModel

/// What an operator asks a running agent for: one line of text, a verb and what it is about.
///
///     status            consumers         drop NAME
///     reload            explain PATH      reset NAME
///     query TARGET
///
/// The answer is one JSON document, `{"ok": true, "answer": …}` or `{"ok": false, "error": {"code", "message", "hint",
/// "details"}}`, and the end of the connection.
public enum ControlRequest: Hashable, Sendable {
    case status
    case reload
    case consumers
    case drop(ConsumerName)
    case reset(ConsumerName)
    /// The account of every stream that has its bytes in this file.
    case explain(path: String)
    /// A request of the query API: its path and parameters, as in a URL. The answer is the API's document.
    case query(target: String)

    /// The name of the socket in the state directory.
    public static let socketName = "control.sock"
    /// The most that a request may have, its line end included.
    public static let maximumLength = 64 << 10

    /// The request as a line, without its end.
    public var line: String {
        switch self {
        case .status: "status"
        case .reload: "reload"
        case .consumers: "consumers"
        case .drop(let name): "drop \(name)"
        case .reset(let name): "reset \(name)"
        case .explain(let path): "explain \(path)"
        case .query(let target): "query \(target)"
        }
    }

    /// Reads a line; nil when it is no request.
    public init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let argument = words.count == 2 && !words[1].isEmpty ? words[1] : nil
        switch (words.first ?? "", argument) {
        case ("status", nil): self = .status
        case ("reload", nil): self = .reload
        case ("consumers", nil): self = .consumers
        case ("drop", let name?): self = .drop(ConsumerName(name))
        case ("reset", let name?): self = .reset(ConsumerName(name))
        case ("explain", let path?): self = .explain(path: path)
        case ("query", let target?): self = .query(target: target)
        default: return nil
        }
        // `status ` with nothing behind it is as wrong as `drop` without a name.
        if self.line != line { return nil }
    }
}
