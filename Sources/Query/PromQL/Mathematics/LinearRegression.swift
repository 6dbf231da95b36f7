import QueryModel

/// The line of least squares through samples; its intercept is at `origin` (milliseconds), its slope per second.
struct LinearRegression {
    var slope: Double
    var intercept: Double

    init(_ times: Span<Int64>, _ values: Span<Double>, origin: Int64) {
        var sumX = CompensatedSum()
        var sumY = CompensatedSum()
        var sumXY = CompensatedSum()
        var sumXX = CompensatedSum()
        let first = values[0]
        var isConstant = true
        for index in values.indices {
            let y = values[index]
            if y != first { isConstant = false }
            let x = Double(times[index] - origin) / 1000
            sumX.add(x)
            sumY.add(y)
            sumXY.add(x * y)
            sumXX.add(x * x)
        }
        if isConstant {
            slope = first.isInfinite ? SampleValue.nan : 0
            intercept = first.isInfinite ? SampleValue.nan : first
            return
        }
        let count = Double(values.count)
        let covariance = sumXY.value - sumX.value * sumY.value / count
        let variance = sumXX.value - sumX.value * sumX.value / count
        slope = covariance / variance
        intercept = sumY.value / count - slope * sumX.value / count
    }
}
