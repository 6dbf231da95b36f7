import TestSupport

/// Writes random well-typed expressions over `ComparedSamples`, of what Prometheus 2.42 knows.
///
/// What 2.42 writes in another way stands in marks, of which `ComparedExpression` makes two texts.
struct ComparedExpressions {
    private var random: SeededRandom
    /// How many subqueries are around what is being written.
    private var subqueries = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// The next expression.
    mutating func next() -> ComparedExpression {
        ComparedExpression(marked: chance(12) ? scalar(3) : vector(Int.random(in: 1...4, using: &random)))
    }

    private mutating func one(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
    private mutating func chance(_ share: Int) -> Bool { Int.random(in: 0..<share, using: &random) == 0 }

    // MARK: - Selectors

    private static let counters = ["requests_total", "errors_total", "latency_count"]

    private mutating func selector(_ names: [String]? = nil) -> String {
        let metrics =
            names ?? Self.counters + [
                "temperature", "temperature", "up", "special", "limits", "latency_bucket", "sparse",
            ]
        let name = one(metrics)
        if names == nil, chance(25) {
            return one(["{job=\"api\"}", "{__name__=~\"t.*|up\"}", "{__name__!~\"l.*\",job=~\".+\"}", "nothing"])
        }
        let matchers = [
            "", "", "", "", "{job=\"api\"}", "{job!=\"web\"}", "{instance=~\"0|1\"}", "{code!~\"5..\"}", "{code=\"\"}",
            "{job=~\".*b\",instance!=\"2\"}",
        ]
        return name + one(matchers)
    }

    private mutating func shift() -> String {
        guard chance(4) else { return "" }
        return one([
            " offset 5m", " offset -90s", " offset 10m", " @ \(ComparedSamples.start + 2000).777", " @ start()",
            " @ end()",
            " @ end() offset 1m", " offset 3m @ \(ComparedSamples.start + 3000).777",
        ])
    }

    private mutating func range(_ depth: Int, _ names: [String]? = nil) -> String {
        guard depth > 0, chance(5) else {
            return selector(names) + one(["[5m]", "[5m]", "[90s]", "[2m]", "[20m]", "[31s]"]) + shift()
        }
        // The steps of an outer subquery would be bounds of an inner one's ranges; an odd offset keeps them apart.
        let shift =
            subqueries > 0 ? " offset 111ms" : one(["", "", "", " offset 7m", " @ end()", " @ start() offset 1m"])
        subqueries += 1
        defer { subqueries -= 1 }
        return "(" + vector(depth - 1) + ")" + one(["[10m:1m]", "[5m:30s]", "[7m:45s]", "[12m:]"]) + shift
    }

    // MARK: - Scalars

    private mutating func number() -> String {
        one(["0", "1", "2", "3", "-1.5", "0.5", "10", "100", "1e3", "Inf", "-Inf", "NaN", "0x1f", "7"])
    }

    private mutating func scalar(_ depth: Int) -> String {
        guard depth > 0 else { return chance(3) ? one(["(time() - \(ComparedSamples.start))", "pi()"]) : number() }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return "(" + scalar(depth - 1) + one([" + ", " - ", " * ", " / ", " % ", " ^ ", " atan2 "])
                + scalar(depth - 1) + ")"
        case 1:
            return "(" + scalar(depth - 1) + one([" == bool ", " > bool ", " <= bool ", " != bool "])
                + scalar(depth - 1) + ")"
        case 2: return "-" + scalar(depth - 1)
        case 3: return "scalar(" + vector(depth - 1) + ")"
        default: return scalar(0)
        }
    }

    // MARK: - Vectors

    private mutating func vector(_ depth: Int) -> String {
        guard depth > 0 else { return selector() + shift() }
        switch Int.random(in: 0..<17, using: &random) {
        case 0, 1, 2, 3: return overRange(depth)
        case 4, 5, 6: return aggregated(depth)
        case 7, 8: return withScalar(depth)
        case 9, 10, 11: return joined(depth)
        case 12, 13: return mapped(depth)
        case 14: return relabelled(depth)
        case 15: return quantileOfBuckets(depth)
        default: return selector() + shift()
        }
    }

    private mutating func overRange(_ depth: Int) -> String {
        if chance(3) {
            return one(["rate", "increase", "irate", "resets", "rate"]) + "(" + range(depth, Self.counters) + ")"
        }
        switch Int.random(in: 0..<22, using: &random) {
        case 0:
            return "quantile_over_time(" + scalarParameter(["0.5", "0.9", "0", "1", "-1", "1.5"]) + ", " + range(depth)
                + ")"
        case 1: return "predict_linear(" + range(depth) + ", " + scalarParameter(["60", "3600", "-30"]) + ")"
        case 2:
            return "⟪double_exponential_smoothing⟫(" + range(depth) + ", " + one(["0.3", "0.5"]) + ", "
                + one(["0.6", "0.1"]) + ")"
        case 3: return "absent_over_time(" + range(depth) + ")"
        default:
            return one([
                "rate", "increase", "delta", "idelta", "irate", "changes", "resets", "deriv", "sum_over_time",
                "avg_over_time",
                "min_over_time", "max_over_time", "count_over_time", "last_over_time", "present_over_time",
                "stddev_over_time",
                "stdvar_over_time",
            ]) + "(" + range(depth) + ")"
        }
    }

    private mutating func scalarParameter(_ usual: [String]) -> String { chance(8) ? scalar(1) : one(usual) }

    private mutating func aggregated(_ depth: Int) -> String {
        let clause = one([
            "", " by (job) ", " by (job, instance) ", " without (instance) ", " by (nothing) ", " without () ",
            " by (code, le) ",
        ])
        let inner = vector(depth - 1)
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            return one(["topk", "bottomk"]) + clause + "(" + scalarParameter(["1", "2", "3", "0", "-1"]) + ", " + inner
                + ")"
        case 1: return "quantile" + clause + "(" + scalarParameter(["0.5", "0.9", "0", "1", "2"]) + ", " + inner + ")"
        case 2: return "count_values" + clause + "(" + one(["\"value\"", "\"job\""]) + ", " + inner + ")"
        default:
            return one(["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]) + clause + "(" + inner + ")"
        }
    }

    private mutating func withScalar(_ depth: Int) -> String {
        let operation = one([
            " + ", " - ", " * ", " / ", " % ", " ^ ", " > ", " < ", " >= ", " <= ", " == ", " != ", " > bool ",
            " != bool ",
            " atan2 ",
        ])
        let vector = "(" + vector(depth - 1) + ")"
        let text = chance(3) ? scalar(depth - 1) + operation + vector : vector + operation + scalar(depth - 1)
        return operation == " atan2 " ? "⟦\(text)⟧" : "(\(text))"
    }

    private mutating func joined(_ depth: Int) -> String {
        if chance(4) {
            let matching = one(["", "", " on (job)", " ignoring (code)", " on (job, instance)", " on ()"])
            return "(" + vector(depth - 1) + ")" + one([" and", " or", " unless"]) + matching + " (" + vector(depth - 1)
                + ")"
        }
        let operation = one([
            " + ", " - ", " * ", " / ", " % ", " ^ ", " atan2 ", " == ", " != ", " > ", " < bool ", " >= bool ",
        ])
        let text =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: "(" + vector(depth - 1) + ")" + operation + "(" + vector(depth - 1) + ")"
            case 1:
                ofCounters("requests_total", depth) + operation + "on (job, instance) group_left () "
                    + ofCounters("errors_total", depth)
            case 2: "limits" + operation + "on (job) group_right (team) " + ofCounters("requests_total", depth)
            case 3:
                ofCounters("errors_total", depth) + operation + "ignoring (code) "
                    + ofCounters("requests_total{code=\"500\"}", depth)
            case 4:
                "temperature" + operation + "on (job, instance) "
                    + one(["up", "temperature offset 3m", "errors_total"])
            default:
                "(" + vector(depth - 1) + ")" + operation
                    + one([
                        "on (job) ", "on (job, instance) group_left (code) ", "ignoring (code) group_right () ",
                        "ignoring (le, code) ",
                    ])
                    + "(" + vector(depth - 1) + ")"
            }
        return operation == " atan2 " ? "⟦\(text)⟧" : "(\(text))"
    }

    private mutating func ofCounters(_ selector: String, _ depth: Int) -> String {
        one(["rate(\(selector)[5m])", selector, "increase(\(selector)[10m])", "sum without (nothing) (\(selector))"])
    }

    private mutating func mapped(_ depth: Int) -> String {
        let inner = vector(depth - 1)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return "clamp(\(inner), \(scalarParameter(["0", "-5"])), \(scalarParameter(["10", "2"])))"
        case 1: return one(["clamp_min", "clamp_max"]) + "(\(inner), \(scalarParameter(["1", "0", "-3"])))"
        case 2: return "round(\(inner)\(one(["", ", 0.25", ", 5", ", 0.1"])))"
        case 3: return one(["-", "+"]) + "(\(inner))"
        case 4:
            return one([
                "hour", "minute", "month", "year", "day_of_month", "day_of_week", "day_of_year", "days_in_month",
            ])
                + "(" + one(["", "", inner, "\(inner) * 100000", "timestamp(\(inner))"]) + ")"
        case 5: return relativeTime(one([selector(), selector() + " offset 2m", inner]))
        case 6: return one(["sort", "sort_desc"]) + "(\(inner))"
        case 7: return "absent(\(inner))"
        case 8: return "vector(\(scalar(depth - 1)))"
        default:
            return one([
                "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sin", "cos", "tan", "asin",
                "acos",
                "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad",
            ]) + "(\(inner))"
        }
    }

    /// Times since 1970 are so large that their deviations are all rounding.
    private func relativeTime(_ inner: String) -> String { "(timestamp(\(inner)) - \(ComparedSamples.start))" }

    private mutating func relabelled(_ depth: Int) -> String {
        let inner = vector(depth - 1)
        return one([
            "label_replace(\(inner), \"place\", \"$1-$2\", \"job\", \"(.)(.*)\")",
            "label_replace(\(inner), \"code\", \"\", \"code\", \"5.*\")",
            "label_replace(\(inner), \"job\", \"${x}é\", \"instance\", \"(?P<x>[01])\")",
            "label_join(\(inner), \"place\", \"/\", \"job\", \"instance\", \"nothing\")",
            "label_join(\(inner), \"code\", \"\")",
        ])
    }

    private mutating func quantileOfBuckets(_ depth: Int) -> String {
        let buckets = one([
            "latency_bucket", "rate(latency_bucket[5m])", "sum by (le) (rate(latency_bucket[10m]))",
            "increase(latency_bucket{le!=\"2\"}[5m])", "latency_bucket{le!=\"+Inf\"}",
            "sum by (le, job) (latency_bucket)",
            vector(depth - 1),
        ])
        return "histogram_quantile(" + scalarParameter(["0.5", "0.99", "0", "1", "-1", "2", "NaN"]) + ", \(buckets))"
    }
}

/// An expression as we and as Prometheus 2.42 understand it.
struct ComparedExpression {
    let ours: String
    /// 2.42 knows `double_exponential_smoothing` as `holt_winters`, and keeps the name of the metric in `x atan2 y`, which a
    /// multiplication by one takes away.
    let theirs: String

    fileprivate init(marked: String) {
        ours = Self.replacing(["⟪": "", "⟫": "", "⟦": "(", "⟧": ")"], in: marked)
        let renamed = marked.split(separator: "⟪", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("double_exponential_smoothing⟫")
                ? "holt_winters" + part.drop { $0 != "⟫" }.dropFirst() : part[...]
        }
        theirs = Self.replacing(["⟦": "((", "⟧": ") * 1)"], in: renamed.joined())
    }

    private static func replacing(_ marks: [Character: String], in text: String) -> String {
        text.reduce(into: "") { $0 += marks[$1] ?? String($1) }
    }
}
