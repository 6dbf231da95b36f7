/// A sum that carries what rounding lost: Kahan's summation as improved by Neumaier
/// (Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974).
struct CompensatedSum {
    private(set) var sum: Double
    private(set) var compensation: Double

    init(_ sum: Double = 0, compensation: Double = 0) {
        self.sum = sum
        self.compensation = compensation
    }

    /// Adds a value. An infinite sum has no compensation.
    @inline(__always)
    mutating func add(_ value: Double) {
        let next = sum + value
        if next.isInfinite {
            compensation = 0
        } else if sum.magnitude >= value.magnitude {
            compensation += (sum - next) + value
        } else {
            compensation += (value - next) + sum
        }
        sum = next
    }

    var value: Double { sum + compensation }
}

/// An average: the compensated sum divided by the count, and where that sum would be infinite, a mean that follows value by
/// value, as Prometheus does since 3.5.
struct CompensatedMean {
    private var sum = CompensatedSum()
    private var isIncremental = false
    private(set) var count: Double = 0

    @inline(__always)
    mutating func add(_ value: Double) {
        count += 1
        guard count > 1 else {
            sum = CompensatedSum(value)
            return
        }
        if !isIncremental {
            var next = sum
            next.add(value)
            if !next.sum.isInfinite {
                sum = next
                return
            }
            isIncremental = true
            sum = CompensatedSum(sum.sum / (count - 1), compensation: sum.compensation / (count - 1))
        }
        let weight = (count - 1) / count
        sum = CompensatedSum(weight * sum.sum, compensation: weight * sum.compensation)
        sum.add(value / count)
    }

    var value: Double { isIncremental ? sum.value : sum.sum / count + sum.compensation / count }
}
