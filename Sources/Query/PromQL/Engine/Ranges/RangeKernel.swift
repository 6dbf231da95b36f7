import QueryModel

/// What a function over ranges makes of the floats of one range.
struct RangeKernel {
    let function: QueryFunction
    /// The range's length in milliseconds.
    let length: Int64
    /// The time of evaluation.
    var time: Int64 = 0
    /// Where the range ends.
    var end: Int64 = 0
    /// The first scalar argument: the quantile, the smoothing factor, or the seconds to predict.
    var first: Double = 0
    /// The second one: the trend factor.
    var second: Double = 0
    /// Room for functions that sort.
    private var scratch: [Double] = []

    init(_ function: QueryFunction, length: Int64) {
        self.function = function
        self.length = length
    }

    /// The value for samples of which there is at least one; absent where they are too few.
    mutating func value(_ times: Span<Int64>, _ values: Span<Double>) -> Double {
        let last = values.count - 1
        switch function {
        case .rate: return extrapolated(times, values, isCounter: true, isRate: true)
        case .increase: return extrapolated(times, values, isCounter: true, isRate: false)
        case .delta: return extrapolated(times, values, isCounter: false, isRate: false)
        case .irate: return instantaneous(times, values, isRate: true)
        case .idelta: return instantaneous(times, values, isRate: false)
        case .sumOverTime: return sum(values)
        case .avgOverTime: return mean(values)
        case .minOverTime: return values[extreme(values) { $0 < $1 }]
        case .maxOverTime: return values[extreme(values) { $0 > $1 }]
        case .tsOfMinOverTime: return seconds(times[extreme(values) { $0 <= $1 }])
        case .tsOfMaxOverTime: return seconds(times[extreme(values) { $0 >= $1 }])
        case .stdvarOverTime: return variance(values)
        case .stddevOverTime: return variance(values).squareRoot()
        case .changes: return changes(values)
        case .resets: return resets(values)
        case .deriv:
            return last < 1 ? absent : LinearRegression(times, values, origin: times[0]).slope
        case .predictLinear:
            if last < 1 { return absent }
            let line = LinearRegression(times, values, origin: time)
            return line.slope * first + line.intercept
        case .doubleExponentialSmoothing: return smoothed(values)
        case .quantileOverTime:
            copy(values)
            return quantile(first, of: &scratch)
        case .madOverTime:
            copy(values)
            return medianAbsoluteDeviation(of: &scratch)
        default: return absent
        }
    }

    private func seconds(_ time: Int64) -> Double { Double(time) / 1000 }

    private mutating func copy(_ values: Span<Double>) {
        scratch.removeAll(keepingCapacity: true)
        for index in values.indices { scratch.append(values[index]) }
    }

    // MARK: - Counters

    /// The growth over the whole range: that between the first and the last sample, carried on to the bounds of the range,
    /// but by half a distance at most where samples do not reach a bound, and not below a counter's zero
    /// (promql/functions.go: extrapolatedRate).
    private func extrapolated(
        _ times: Span<Int64>, _ values: Span<Double>, isCounter: Bool, isRate: Bool
    ) -> Double {
        let last = values.count - 1
        guard last > 0 else { return absent }
        var growth = values[last] - values[0]
        if isCounter {
            var previous = values[0]
            for index in 1...last {
                let value = values[index]
                // The counter began again at zero.
                if value < previous { growth += previous }
                previous = value
            }
        }
        var toStart = Double(times[0] - (end - length)) / 1000
        var toEnd = Double(end - times[last]) / 1000
        let sampled = Double(times[last] - times[0]) / 1000
        let distance = sampled / Double(last)
        // A little more than one distance is still taken for regular sampling.
        let threshold = distance * 1.1
        if toStart >= threshold { toStart = distance / 2 }
        if isCounter, growth > 0, values[0] >= 0 {
            let toZero = sampled * (values[0] / growth)
            if toZero < toStart { toStart = toZero }
        }
        if toEnd >= threshold { toEnd = distance / 2 }
        var factor = (sampled + toStart + toEnd) / sampled
        if isRate { factor /= Double(length) / 1000 }
        return growth * factor
    }

    /// By the last two samples alone.
    private func instantaneous(_ times: Span<Int64>, _ values: Span<Double>, isRate: Bool) -> Double {
        let last = values.count - 1
        guard last > 0, times[last] > times[last - 1] else { return absent }
        let isReset = isRate && values[last] < values[last - 1]
        let growth = isReset ? values[last] : values[last] - values[last - 1]
        return isRate ? growth / (Double(times[last] - times[last - 1]) / 1000) : growth
    }

    private func resets(_ values: Span<Double>) -> Double {
        var count = 0
        for index in values.indices.dropFirst() where values[index] < values[index - 1] { count += 1 }
        return Double(count)
    }

    private func changes(_ values: Span<Double>) -> Double {
        var count = 0
        for index in values.indices.dropFirst() {
            let isSame = values[index] == values[index - 1] || (values[index].isNaN && values[index - 1].isNaN)
            if !isSame { count += 1 }
        }
        return Double(count)
    }

    // MARK: - Statistics

    private func sum(_ values: Span<Double>) -> Double {
        var sum = CompensatedSum()
        for index in values.indices { sum.add(values[index]) }
        return sum.value
    }

    private func mean(_ values: Span<Double>) -> Double {
        var mean = CompensatedMean()
        for index in values.indices { mean.add(values[index]) }
        return mean.value
    }

    /// Where the value is that replaces all others by `wins`; anything replaces NaN.
    @inline(__always)
    private func extreme(_ values: Span<Double>, _ wins: (Double, Double) -> Bool) -> Int {
        var best = 0
        for index in values.indices.dropFirst() where wins(values[index], values[best]) || values[best].isNaN {
            best = index
        }
        return best
    }

    /// Welford's method with compensated sums.
    private func variance(_ values: Span<Double>) -> Double {
        var count = 0.0
        var mean = CompensatedSum()
        var squares = CompensatedSum()
        for index in values.indices {
            count += 1
            let delta = values[index] - mean.value
            mean.add(delta / count)
            squares.add(delta * (values[index] - mean.value))
        }
        return squares.value / count
    }

    /// Holt's linear method; `first` smooths the level and `second` the trend.
    private func smoothed(_ values: Span<Double>) -> Double {
        guard values.count > 1 else { return absent }
        var previous = 0.0
        var level = values[0]
        var trend = values[1] - values[0]
        for index in 1..<values.count {
            if index > 1 { trend = second * (level - previous) + (1 - second) * trend }
            let next = first * values[index] + (1 - first) * (level + trend)
            previous = level
            level = next
        }
        return level
    }
}
