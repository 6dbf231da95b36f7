/// Why a line is not what it was read as, and where that shows.
///
/// It is a verdict on one line of a log and not a failure of the program: the caller counts it and treats the line as plain text.
public struct Malformation: Error, Hashable, Sendable {
    /// What is wrong.
    public let problem: Problem
    /// Where it shows: an offset in the line, at most its length.
    public let offset: Int

    /// A verdict.
    public init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// What can be wrong with a line.
    public enum Problem: UInt8, Hashable, Sendable, CaseIterable {
        // JSON
        case notAnObject
        case textBehindObject
        case missingKey
        case missingColon
        case missingComma
        case missingValue
        case badNumber
        case badWord
        case badEscape
        case controlCharacter
        case unterminatedString
        case tooDeep
        // logfmt
        case unexpectedQuote
        case emptyKey
        // Containers
        case unknownKey
        case wrongType
        case missingMember
        case badTime
        case badStream
        case badTag
    }
}

extension Malformation: CustomStringConvertible {
    /// A sentence for people.
    public var description: String { "\(problem.description) at byte \(offset)" }
}

extension Malformation.Problem: CustomStringConvertible {
    /// What is wrong, without a place.
    public var description: String {
        switch self {
        case .notAnObject: "the line does not begin with a JSON object"
        case .textBehindObject: "something stands behind the JSON object"
        case .missingKey: "a key in double quotes is missing"
        case .missingColon: "`:` is missing behind a key"
        case .missingComma: "`,` or the end of the object or array is missing"
        case .missingValue: "a value is missing"
        case .badNumber: "a number is not written as JSON has it"
        case .badWord: "a word is neither `true` nor `false` nor `null`"
        case .badEscape: "a backslash is not followed by an escape of JSON"
        case .controlCharacter: "a control character stands unescaped in a string"
        case .unterminatedString: "a string has no closing quote"
        case .tooDeep: "objects and arrays are nested more than \(JSONFieldReader.maximumDepth) deep"
        case .unexpectedQuote: "a double quote stands within a key or an unquoted value"
        case .emptyKey: "`=` has no key before it"
        case .unknownKey: "a key does not belong to a container's line"
        case .wrongType: "a value is not of the type that a container's line has there"
        case .missingMember: "`log`, `stream` or `time` is missing"
        case .badTime: "the time is not written as RFC 3339 has it"
        case .badStream: "the stream is neither `stdout` nor `stderr`"
        case .badTag: "the tag is neither `F` nor `P`"
        }
    }
}
