import QueryModel

/// A piece of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        case end
        case identifier
        /// An identifier with a colon in it, which can only name a metric.
        case metricIdentifier
        case string
        case number
        case duration
        case leftParenthesis
        case rightParenthesis
        case leftBrace
        case rightBrace
        case leftBracket
        case rightBracket
        case comma
        case colon
        case at
        /// `=` in a selector.
        case assign
        /// `=~` in a selector.
        case matches
        /// `!~` in a selector.
        case matchesNot
        case binary(BinaryOperator)
        case aggregation(Aggregation)
        case keyword(Keyword)
    }

    enum Keyword: String, CaseIterable {
        case offset
        case by
        case without
        case on
        case ignoring
        case groupLeft = "group_left"
        case groupRight = "group_right"
        case bool
        case start
        case end
    }

    var kind: Kind
    var range: SourceRange
    /// The text as it stands.
    var text: ByteString
    /// The value of a number or a duration (in seconds).
    var number: Double = 0
    /// The value of a string.
    var string: ByteString = .empty
}

extension Token.Kind {
    /// What a word means; words are keywords in any case (promql/parser/lex.go).
    static func word(_ text: ByteString) -> Token.Kind? { words[lowercased(text)] }

    private static func lowercased(_ text: ByteString) -> ByteString {
        ByteString(text.bytes.map { (65...90).contains($0) ? $0 + 32 : $0 })
    }

    private static let words: [ByteString: Token.Kind] = {
        var words: [ByteString: Token.Kind] = [:]
        for aggregation in Aggregation.allCases { words[ByteString(aggregation.rawValue)] = .aggregation(aggregation) }
        for keyword in Token.Keyword.allCases { words[ByteString(keyword.rawValue)] = .keyword(keyword) }
        for operation in [BinaryOperator.and, .or, .unless, .arcTangent] {
            words[ByteString(operation.rawValue)] = .binary(operation)
        }
        words["inf"] = .number
        words["nan"] = .number
        return words
    }()
}

extension Token {
    /// The token as messages name it.
    var description: String {
        switch kind {
        case .end: "end of input"
        case .identifier, .metricIdentifier: "identifier \(quoted(text))"
        case .string: "string \(text.string)"
        case .number: "number \(quoted(text))"
        case .duration: "duration \(quoted(text))"
        case .binary(let operation): "<op:\(operation.rawValue)>"
        case .aggregation(let aggregation): "<aggr:\(aggregation.rawValue)>"
        case .keyword(let keyword): "<\(keyword.rawValue)>"
        default: quoted(text)
        }
    }
}
