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
        case .sinh: outrider_sinh
        case .cosh: outrider_cosh
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

    static func power(_ base: Double, _ exponent: Double) -> Double { outrider_pow(base, exponent) }
    static func modulo(_ dividend: Double, _ divisor: Double) -> Double { outrider_fmod(dividend, divisor) }
    static func arcTangent(_ y: Double, _ x: Double) -> Double { outrider_atan2(y, x) }

    /// The smaller one; NaN where one is NaN.
    static func minimum(_ left: Double, _ right: Double) -> Double {
        if left.isNaN || right.isNaN { return SampleValue.nan }
        return left < right || (left == right && left.sign == .minus) ? left : right
    }

    /// The larger one; NaN where one is NaN.
    static func maximum(_ left: Double, _ right: Double) -> Double {
        if left.isNaN || right.isNaN { return SampleValue.nan }
        return left > right || (left == right && left.sign == .plus) ? left : right
    }
}
