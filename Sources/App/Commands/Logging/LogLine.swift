import LogModel
import Logging

/// One record of the agent's own log as one line: time, level, message, then metadata as `key=value` in the order of the keys.
struct LogLine {
    var time: WallTime
    var level: Logger.Level
    var message: String
    var metadata: [String: String]
    /// For terminals.
    var isColored = false

    var text: String {
        var line = "\(UTCText.text(time)) \(coloredLevel) \(Self.escaped(message.onOneLine))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quoted(value.onOneLine))"
        }
        return line
    }

    private var coloredLevel: String {
        guard isColored, let color = Self.color(level) else { return level.rawValue }
        return "\u{1B}[\(color)m\(level.rawValue)\u{1B}[0m"
    }

    private static func color(_ level: Logger.Level) -> Int? {
        switch level {
        case .critical, .error: 31
        case .warning: 33
        case .info, .notice: 32
        case .debug, .trace: nil
        }
    }

    /// Values with a space, quote, equals sign or control character stand in quotes; so do empty ones.
    static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy(Self.isPlain)
        guard !isPlain else { return value }
        let inner = value.unicodeScalars.map { $0 == "\"" ? "\\\"" : $0 == "\\" ? "\\\\" : escaped($0) }.joined()
        return "\"\(inner)\""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "=", "\\": false
        default: scalar.value > 0x20 && !(0x7F..<0xA0).contains(scalar.value)
        }
    }

    /// A line stays one line, also where a name has a line end in it, and a terminal is given no commands.
    private static func escaped(_ text: String) -> String { text.unicodeScalars.map(escaped).joined() }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
            "\\u\(String(repeating: "0", count: scalar.value < 0x10 ? 3 : 2))\(String(scalar.value, radix: 16))"
        default: String(scalar)
        }
    }
}
