/// A function of PromQL, by its name in expressions (docs: querying/functions).
public enum QueryFunction: String, Sendable, CaseIterable {
    case abs, absent, acos, acosh, asin, asinh, atan, atanh, ceil, changes, clamp, cos, cosh, deg, delta, deriv, end
    case exp, floor, hour, idelta, increase, irate, ln, log10, log2, minute, month, pi, rad, range, rate, resets, round
    case scalar, sgn, sin, sinh, sort, sqrt, start, step, tan, tanh, time, timestamp, vector, year
    case absentOverTime = "absent_over_time"
    case avgOverTime = "avg_over_time"
    case clampMax = "clamp_max"
    case clampMin = "clamp_min"
    case countOverTime = "count_over_time"
    case dayOfMonth = "day_of_month"
    case dayOfWeek = "day_of_week"
    case dayOfYear = "day_of_year"
    case daysInMonth = "days_in_month"
    case doubleExponentialSmoothing = "double_exponential_smoothing"
    case firstOverTime = "first_over_time"
    case histogramAvg = "histogram_avg"
    case histogramCount = "histogram_count"
    case histogramFraction = "histogram_fraction"
    case histogramQuantile = "histogram_quantile"
    case histogramQuantiles = "histogram_quantiles"
    case histogramStddev = "histogram_stddev"
    case histogramStdvar = "histogram_stdvar"
    case histogramSum = "histogram_sum"
    case labelJoin = "label_join"
    case labelReplace = "label_replace"
    case lastOverTime = "last_over_time"
    case madOverTime = "mad_over_time"
    case maxOf = "max_of"
    case maxOverTime = "max_over_time"
    case minOf = "min_of"
    case minOverTime = "min_over_time"
    case predictLinear = "predict_linear"
    case presentOverTime = "present_over_time"
    case quantileOverTime = "quantile_over_time"
    case sortByLabel = "sort_by_label"
    case sortByLabelDesc = "sort_by_label_desc"
    case sortDesc = "sort_desc"
    case stddevOverTime = "stddev_over_time"
    case stdvarOverTime = "stdvar_over_time"
    case sumOverTime = "sum_over_time"
    case tsOfFirstOverTime = "ts_of_first_over_time"
    case tsOfLastOverTime = "ts_of_last_over_time"
    case tsOfMaxOverTime = "ts_of_max_over_time"
    case tsOfMinOverTime = "ts_of_min_over_time"

    /// What a function takes and yields.
    public struct Signature: Sendable, Hashable {
        /// The types of its arguments; the last one is that of all further ones.
        public var arguments: [ValueType]
        /// How many arguments it needs at least.
        public var minimum: Int
        /// How many it takes at most; nil where there is no limit.
        public var maximum: Int?
        /// What it yields.
        public var result: ValueType

        fileprivate init(_ arguments: [ValueType], minimum: Int? = nil, result: ValueType = .instantVector) {
            self.arguments = arguments
            self.minimum = minimum ?? arguments.count
            maximum = arguments.count
            self.result = result
        }

        fileprivate func taking(upTo maximum: Int?) -> Signature {
            var copy = self
            copy.maximum = maximum
            return copy
        }
    }

    /// What it takes and yields.
    public var signature: Signature {
        switch self {
        case .end, .pi, .range, .start, .step, .time: Signature([], result: .scalar)
        case .minOf, .maxOf: Signature([.scalar, .scalar], result: .scalar)
        case .scalar: Signature([.instantVector], result: .scalar)
        case .vector: Signature([.scalar])
        case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year:
            Signature([.instantVector], minimum: 0)
        case .round: Signature([.instantVector, .scalar], minimum: 1)
        case .clamp: Signature([.instantVector, .scalar, .scalar])
        case .clampMax, .clampMin: Signature([.instantVector, .scalar])
        case .absentOverTime, .avgOverTime, .changes, .countOverTime, .delta, .deriv, .firstOverTime, .idelta,
            .increase, .irate, .lastOverTime, .madOverTime, .maxOverTime, .minOverTime, .presentOverTime, .rate,
            .resets, .stddevOverTime, .stdvarOverTime, .sumOverTime, .tsOfFirstOverTime, .tsOfLastOverTime,
            .tsOfMaxOverTime, .tsOfMinOverTime:
            Signature([.rangeVector])
        case .predictLinear: Signature([.rangeVector, .scalar])
        case .doubleExponentialSmoothing: Signature([.rangeVector, .scalar, .scalar])
        case .quantileOverTime: Signature([.scalar, .rangeVector])
        case .histogramQuantile: Signature([.scalar, .instantVector])
        case .histogramQuantiles:
            Signature([.instantVector, .string, .scalar]).taking(upTo: 12)
        case .histogramFraction: Signature([.scalar, .scalar, .instantVector])
        case .labelReplace: Signature([.instantVector, .string, .string, .string, .string])
        case .labelJoin: Signature([.instantVector, .string, .string, .string], minimum: 3).taking(upTo: nil)
        case .sortByLabel, .sortByLabelDesc: Signature([.instantVector, .string], minimum: 1).taking(upTo: nil)
        default: Signature([.instantVector])
        }
    }
}
