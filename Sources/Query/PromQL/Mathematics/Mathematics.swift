import CFloatMath
import QueryModel

/// The functions of one value, by the names that PromQL gives them.
enum Mathematics {
    /// What a function computes; nil when it is no function of one value.
    static func function(_ function: QueryFunction) -> ((Double) -> Double)? {
        switch function {
        case .abs: { $0.magnitude }
        case .ceil: { $0.rounded(.up) }
        case .floor: { $0.rounded(.down) }
        case .sqrt: defined { $0.squareRoot() }
        case .exp: outrider_exp
        case .ln: defined(outrider_log)
        case .log2: defined(outrider_log2)
        case .log10: defined(outrider_log10)
        case .sin: defined(outrider_sin)
        case .cos: defined(outrider_cos)
        case .tan: defined(outrider_tan)
        case .asin: defined(outrider_asin)
        case .acos: defined(outrider_acos)
        case .atan: outrider_atan
        case .sinh: { abs($0) > 21 ? halfExponential($0.magnitude) * ($0 < 0 ? -1 : 1) : outrider_sinh($0) }
        case .cosh: { abs($0) > 21 ? halfExponential($0.magnitude) : outrider_cosh($0) }
        case .tanh: outrider_tanh
        case .asinh: outrider_asinh
        case .acosh: defined(outrider_acosh)
        case .atanh: defined(outrider_atanh)
        case .rad: { $0 * .pi / 180 }
        case .deg: { $0 * 180 / .pi }
        case .sgn: { $0 < 0 ? -1 : ($0 > 0 ? 1 : $0) }
        default: nil
        }
    }

    /// Where a function is not defined, Go yields its one NaN, and the C library one with any sign.
    private static func defined(_ function: @escaping (Double) -> Double) -> (Double) -> Double {
        { value in
            let result = function(value)
            return result.isNaN && !value.isNaN ? SampleValue.nan : result
        }
    }

    /// What Go takes for the hyperbolic functions of large values; it is infinite a little earlier than they are.
    private static func halfExponential(_ value: Double) -> Double { outrider_exp(value) * 0.5 }

    static func power(_ base: Double, _ exponent: Double) -> Double { outrider_pow(base, exponent) }
    static func modulo(_ dividend: Double, _ divisor: Double) -> Double { outrider_fmod(dividend, divisor) }
    static func arcTangent(_ y: Double, _ x: Double) -> Double { outrider_atan2(y, x) }

    /// The smaller one; NaN where one is NaN, unless the other is as small as can be (Go: math.Min).
    static func minimum(_ left: Double, _ right: Double) -> Double {
        if left == -.infinity || right == -.infinity { return -.infinity }
        if left.isNaN || right.isNaN { return SampleValue.nan }
        return left < right || (left == right && left.sign == .minus) ? left : right
    }

    /// The larger one; NaN where one is NaN, unless the other is as large as can be (Go: math.Max).
    static func maximum(_ left: Double, _ right: Double) -> Double {
        if left == .infinity || right == .infinity { return .infinity }
        if left.isNaN || right.isNaN { return SampleValue.nan }
        return left > right || (left == right && left.sign == .plus) ? left : right
    }
}
