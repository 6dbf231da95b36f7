/// Where a page of metrics is wrong.
public struct ExpositionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    /// The byte in the line, from 1.
    public var column: Int
    /// What is wrong, as half a sentence.
    public var reason: String
    /// `3:14: what is wrong`.
    public var description: String { "\(line):\(column): \(reason)" }
}
