public import QueryModel

/// A PromQL expression with the place where it stands.
public struct Expression: Sendable, Equatable {
    /// What it is.
    public indirect enum Form: Sendable, Equatable {
        case number(Double)
        /// A number that was written as a duration, such as `1h`; in milliseconds.
        case duration(Int64)
        case string(ByteString)
        case vectorSelector(VectorSelector)
        /// `x[5m]`.
        case rangeSelector(VectorSelector, milliseconds: Int64)
        case subquery(Subquery)
        case call(QueryFunction, arguments: [Expression])
        case aggregation(AggregationExpression)
        case negation(Expression)
        /// A plus sign, which changes nothing.
        case affirmation(Expression)
        case binary(BinaryExpression)
        case parenthesized(Expression)
    }

    /// What it is.
    public let form: Form
    /// Where it stands in the text.
    public let range: SourceRange
    /// The number of expressions on the longest way down from this one, itself included.
    let depth: Int

    init(_ form: Form, at range: SourceRange) {
        self.form = form
        self.range = range
        depth = 1 + (form.children.map(\.depth).max() ?? 0)
    }

    /// The expression without the parentheses around it.
    public var withoutParentheses: Expression {
        var inner = self
        while case .parenthesized(let next) = inner.form { inner = next }
        return inner
    }

    /// Equal when they say the same, wherever they stand.
    public static func == (left: Expression, right: Expression) -> Bool { left.form == right.form }
}

/// `x{a="b"}`, with the times at which it looks.
public struct VectorSelector: Sendable, Equatable {
    /// The name before the braces, if there is one; it is also among the matchers.
    public var name: ByteString?
    /// All conditions, that on the metric's name included.
    public var matchers: [LabelMatcher]
    /// `offset` and `@`.
    public var shift = TimeShift()
}

/// `expression[1h:1m]`.
public struct Subquery: Sendable, Equatable {
    /// An instant vector.
    public var expression: Expression
    /// How far it looks back.
    public var rangeInMilliseconds: Int64
    /// The distance between evaluations; nil for the default.
    public var stepInMilliseconds: Int64?
    /// `offset` and `@`.
    public var shift = TimeShift()
}

/// The modifiers `offset` and `@`.
public struct TimeShift: Sendable, Equatable {
    /// What `@` names.
    public enum Anchor: Sendable, Equatable {
        /// Milliseconds since 1970.
        case time(Int64)
        case start
        case end

        /// How many milliseconds a time may be from 1970, so that offsets and ranges can be added without overflow.
        static let limit: UInt64 = 1 << 60
    }

    /// How much earlier than otherwise; negative for later.
    public var offsetInMilliseconds: Int64 = 0
    /// The time that replaces that of evaluation.
    public var anchor: Anchor?
}

/// `sum by (a) (x)`.
public struct AggregationExpression: Sendable, Equatable {
    /// What is done with each group.
    public var operation: Aggregation
    /// The vector.
    public var expression: Expression
    /// The value before the vector, as in `topk(5, x)`.
    public var parameter: Expression?
    /// The labels of `by` or `without`.
    public var grouping: [ByteString]
    /// Whether the labels are those that are left out.
    public var isWithout: Bool
}

/// `a + on (x) group_left (y) b`.
public struct BinaryExpression: Sendable, Equatable {
    /// What is done.
    public var operation: BinaryOperator
    /// The left operand.
    public var left: Expression
    /// The right operand.
    public var right: Expression
    /// Whether a comparison yields 0 and 1.
    public var returnsBool: Bool
    /// How series of two vectors find each other; nil where an operand is a scalar.
    public var matching: VectorMatching?
}

/// How series of two vectors find each other.
public struct VectorMatching: Sendable, Equatable {
    /// Which side may have several series for one of the other.
    public enum Cardinality: String, Sendable {
        case oneToOne = "one-to-one"
        case manyToOne = "many-to-one"
        case oneToMany = "one-to-many"
        /// Of set operators.
        case manyToMany = "many-to-many"
    }

    /// Which side may have several.
    public var cardinality: Cardinality
    /// The labels of `on` or `ignoring`.
    public var labels: [ByteString]
    /// Whether the labels are those that have to agree, and not those that are left out.
    public var isOn: Bool
    /// The labels that `group_left` or `group_right` take over from the side with one.
    public var included: [ByteString]
}

extension Expression.Form {
    /// The expressions inside, from left to right.
    public var children: [Expression] {
        switch self {
        case .number, .duration, .string, .vectorSelector, .rangeSelector: []
        case .subquery(let subquery): [subquery.expression]
        case .call(_, let arguments): arguments
        case .aggregation(let aggregation): (aggregation.parameter.map { [$0] } ?? []) + [aggregation.expression]
        case .negation(let inner), .affirmation(let inner), .parenthesized(let inner): [inner]
        case .binary(let binary): [binary.left, binary.right]
        }
    }
}

extension Expression {
    /// What the expression yields, provided that it is well typed.
    public var type: ValueType {
        switch form {
        case .number, .duration: .scalar
        case .string: .string
        case .vectorSelector, .aggregation: .instantVector
        case .rangeSelector, .subquery: .rangeVector
        case .call(let function, _): function.signature.result
        case .negation(let inner), .affirmation(let inner), .parenthesized(let inner): inner.type
        case .binary(let binary):
            binary.left.type == .scalar && binary.right.type == .scalar ? .scalar : .instantVector
        }
    }
}
