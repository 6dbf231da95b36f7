import PromQL
import TestSupport

/// Writes random expressions that are well typed.
struct RandomExpressions {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private mutating func one(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
    private mutating func chance(_ share: Int) -> Bool { Int.random(in: 0..<share, using: &random) == 0 }

    mutating func expression(depth: Int = 4) -> String { chance(3) ? scalar(depth) : vector(depth) }

    private mutating func selector() -> String {
        let matchers = ["{a=\"x\"}", "{a!=\"x\",b=~\"y|z\"}", "{\"a.b\"=\"c\"}", "{a!~\"q.*\"}", ""]
        return one(["m_total", "h_bucket", "g", "{__name__=~\"m.*\"}", "{\"m.n\"}", "x:y"]).appendingMatchers(
            one(matchers))
    }

    private mutating func shift() -> String {
        one(["", "", "", " offset 5m", " offset -30s", " @ 100", " @ start()", " @ end() offset 1m", " @ -1.5"])
    }

    private mutating func range(_ depth: Int) -> String {
        if chance(3) { return vectorOperand(depth - 1) + one(["[10m:1m]", "[1h:]", "[5m:30s]"]) + shift() }
        return selector() + one(["[5m]", "[90s]", "[1h30m]", "[600]"]) + shift()
    }

    private mutating func vectorOperand(_ depth: Int) -> String {
        depth <= 0 ? selector() : "(" + vector(depth) + ")"
    }

    private mutating func scalar(_ depth: Int) -> String {
        guard depth > 0 else { return one(["1", "-2.5", "Inf", "NaN", "1h", "0x10", "1e-3", "time()", "pi()"]) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "(" + scalar(depth - 1) + ")"
        case 1: return "-" + scalar(depth - 1)
        case 2:
            return scalar(depth - 1) + one([" + ", " - ", " * ", " / ", " % ", " ^ ", " atan2 ", " == bool "])
                + scalar(depth - 1)
        case 3: return "scalar(" + vector(depth - 1) + ")"
        default: return scalar(0)
        }
    }

    private mutating func vector(_ depth: Int) -> String {
        guard depth > 0 else { return selector() + shift() }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return "(" + vector(depth - 1) + ")"
        case 1: return one(["-", "+"]) + vector(depth - 1)
        case 2:
            return vector(depth - 1) + one([" + ", " * ", " ^ ", " > ", " <= bool ", " atan2 ", " % "])
                + scalar(depth - 1)
        case 3: return scalar(depth - 1) + one([" - ", " / ", " != ", " < bool "]) + vector(depth - 1)
        case 4:
            let matching = one([
                "", "on (a) ", "ignoring (b) ", "on (a) group_left (b) ", "ignoring (a) group_right () ",
            ])
            return vector(depth - 1) + one([" + ", " / ", " == ", " >= bool "]) + matching + vector(depth - 1)
        case 5: return vector(depth - 1) + one([" and ", " or ", " unless ", " and on (a) "]) + vector(depth - 1)
        case 6:
            let clause = one(["", " by (a) ", " without (b) ", " by (\"a.b\", c) "])
            return one(["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]) + clause + "("
                + vector(depth - 1) + ")"
        case 7:
            return one(["topk", "bottomk", "quantile", "limitk", "limit_ratio"]) + "(" + one(["2", "0.5", "1"]) + ", "
                + vector(depth - 1) + ")"
        case 8:
            return one([
                "rate", "increase", "delta", "irate", "idelta", "sum_over_time", "avg_over_time", "min_over_time",
                "max_over_time", "last_over_time", "changes", "resets", "deriv", "stddev_over_time", "mad_over_time",
                "count_over_time", "absent_over_time", "ts_of_max_over_time",
            ]) + "(" + range(depth) + ")"
        case 9:
            return one(["quantile_over_time(0.9, ", "predict_linear(", "double_exponential_smoothing("])
                .closed(with: range(depth))
        case 10:
            return one([
                "abs", "ceil", "ln", "sgn", "sin", "timestamp", "hour", "day_of_year", "sort", "absent", "round",
            ]) + "(" + vector(depth - 1) + ")"
        default:
            let inner = vector(depth - 1)
            return one([
                "label_replace(\(inner), \"c\", \"$1\", \"a\", \"(.*)\")",
                "label_join(\(inner), \"c\", \"-\", \"a\", \"b\")",
                "clamp(\(inner), 0, 10)", "histogram_quantile(0.9, \(inner))", "count_values(\"v\", \(inner))",
                "vector(1)",
                "sort_by_label(\(inner), \"a\")", "histogram_fraction(0, 1, \(inner))",
            ])
        }
    }
}

extension String {
    fileprivate func appendingMatchers(_ matchers: String) -> String { hasSuffix("}") ? self : self + matchers }

    fileprivate func closed(with range: String) -> String {
        if hasPrefix("quantile") { return self + range + ")" }
        return hasPrefix("predict") ? self + range + ", 60)" : self + range + ", 0.3, 0.6)"
    }
}
