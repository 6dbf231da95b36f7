/// Why a text is no script: what is wrong in which line.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong, as half a sentence.
    public var reason: String

    /// The line and the reason.
    public var description: String { "line \(line): \(reason)" }
}
