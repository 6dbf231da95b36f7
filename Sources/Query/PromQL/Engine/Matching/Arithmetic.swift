extension BinaryOperator {
    /// What the operator makes of two floats. A comparison yields the left one, and whether the sample passes.
    @inline(__always)
    func result(_ left: Double, _ right: Double) -> (value: Double, isKept: Bool) {
        switch self {
        case .add: (left + right, true)
        case .subtract: (left - right, true)
        case .multiply: (left * right, true)
        case .divide: (left / right, true)
        case .modulo: (Mathematics.modulo(left, right), true)
        case .power: (Mathematics.power(left, right), true)
        case .arcTangent: (Mathematics.arcTangent(left, right), true)
        case .equal: (left, left == right)
        case .notEqual: (left, left != right)
        case .greater: (left, left > right)
        case .less: (left, left < right)
        case .greaterOrEqual: (left, left >= right)
        case .lessOrEqual: (left, left <= right)
        case .and, .or, .unless: (left, true)
        }
    }
}
