/// Text that is no JSON.
public struct JSONTextError: Error, Hashable, CustomStringConvertible {
    /// Bytes before the mistake.
    public let offset: Int
    /// What was expected there, as half a sentence.
    public let expected: String
    /// The whole sentence.
    public var description: String { "no JSON at byte \(offset): expected \(expected)" }
}
