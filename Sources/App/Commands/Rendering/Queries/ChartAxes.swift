/// The scale of values: from a nice number to a nice number in nice steps.
struct ValueAxis {
    let low: Double
    let high: Double
    let step: Double

    /// An axis for values between two, with about so many steps.
    init(from smallest: Double, to greatest: Double, steps: Int) {
        // What is farther apart than this could not be subtracted, and lies off the chart.
        var (low, high) = (max(smallest, -1e300), min(greatest, 1e300))
        // Where zero is near it is worth seeing.
        if low > 0, low < 0.4 * high { low = 0 }
        if high < 0, high > 0.4 * low { high = 0 }
        if low == high {
            let room = low == 0 ? 1 : low.magnitude * 0.1
            (low, high) = (low > 0 ? max(0, low - room) : low - room, high < 0 ? min(0, high + room) : high + room)
        }
        step = Self.niceStep((high - low) / Double(max(1, steps)))
        self.low = (low / step).rounded(.down) * step
        self.high = (high / step).rounded(.up) * step
    }

    /// The next of 1, 2, 2.5, 5 times a power of ten.
    private static func niceStep(_ least: Double) -> Double {
        guard least > 0, least.isFinite else { return 1 }
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        return ([1, 2, 2.5, 5, 10].first { $0 * power >= least * 0.999_999 } ?? 10) * power
    }

    /// The steps, from below.
    var ticks: [Double] {
        let count = Int(((high - low) / step).rounded())
        return (0...max(1, min(count, 64))).map { low + Double($0) * step }
    }

    /// How far up a value is, from 0 to 1.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// The texts of the ticks, all with the same unit and number of digits.
    var texts: [String] {
        let greatest = max(low.magnitude, high.magnitude)
        let units: [(size: Double, name: String)] = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")]
        var unit = units.first { greatest >= $0.size } ?? (1, "")
        if unit.name == "k" { unit.size = 1000 }
        var digits = 0
        var scaled = step / unit.size
        while digits < 12, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
            scaled *= 10
            digits += 1
        }
        return ticks.map { Decimals.fixed($0 / unit.size, digits: digits) + unit.name }
    }
}

/// The scale of time.
struct TimeAxis {
    let start: Double
    let end: Double

    /// Nice times with room for their texts in so many columns.
    func ticks(columns: Int) -> (times: [Double], step: Double) {
        let room = Double(max(1, columns / 12))
        let step = QueryTimes.step(range: end - start, columns: Int(room))
        var times: [Double] = []
        var time = (start / step).rounded(.up) * step
        while time <= end, times.count < 64 {
            times.append(time)
            time += step
        }
        return (times, step)
    }

    /// `13:45`, with seconds where ticks need them; the day where they are days apart, or where one begins.
    static func text(_ time: Double, step: Double) -> String {
        let text = QueryTimes.utc(time)
        let date = text.dropFirst(5).prefix(5)
        let clock = text.dropFirst(11)
        let isMidnight = time.truncatingRemainder(dividingBy: 86_400) == 0
        if step >= 86_400 || isMidnight { return String(date) }
        return String(clock.prefix(step < 60 ? 8 : 5))
    }
}
