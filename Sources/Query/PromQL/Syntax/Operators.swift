/// A binary operator.
public enum BinaryOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case power = "^"
    case arcTangent = "atan2"
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case less = "<"
    case greaterOrEqual = ">="
    case lessOrEqual = "<="
    case and
    case or
    case unless

    /// Whether it compares two values, and without `bool` lets a sample pass or not.
    public var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual: true
        default: false
        }
    }

    /// Whether it works on sets of series, and on no values.
    public var isSetOperator: Bool { self == .and || self == .or || self == .unless }

    /// How strongly it binds; of two the higher one first (docs: querying/operators).
    var precedence: Int {
        switch self {
        case .or: 1
        case .and, .unless: 2
        case .equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual: 3
        case .add, .subtract: 4
        case .multiply, .divide, .modulo, .arcTangent: 5
        case .power: 6
        }
    }
}

/// An aggregation over series.
public enum Aggregation: String, Sendable, CaseIterable {
    case sum
    case avg
    case count
    case min
    case max
    case group
    case stddev
    case stdvar
    case topk
    case bottomk
    case countValues = "count_values"
    case quantile
    case limitk
    case limitRatio = "limit_ratio"

    /// The type of the value before the vector, as in `topk(5, x)`; nil when there is none.
    public var parameterType: ValueType? {
        switch self {
        case .topk, .bottomk, .quantile, .limitk, .limitRatio: .scalar
        case .countValues: .string
        default: nil
        }
    }
}

/// What an expression yields.
public enum ValueType: String, Sendable {
    case scalar
    case string
    case instantVector = "vector"
    case rangeVector = "matrix"

    /// The type as documentation and messages name it.
    public var name: String {
        switch self {
        case .scalar: "scalar"
        case .string: "string"
        case .instantVector: "instant vector"
        case .rangeVector: "range vector"
        }
    }
}
