import PromQL

/// Times and durations of `outrider query`.
enum QueryTimes {
    /// A duration in seconds, as in PromQL or as a number.
    static func seconds(_ text: String, option: String) throws -> Double {
        let seconds = DurationText.milliseconds(text.utf8).map { Double($0) / 1000 } ?? Double(text)
        guard let seconds, seconds > 0, seconds < 1e10 else {
            throw UsageError(
                "`--\(option) \(text)` is no length of time", hint: "write one such as 30s, 5m, 1h30m or 2d")
        }
        return seconds
    }

    /// Distances that people count time in, in seconds.
    static let niceSteps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800,
    ]

    /// The step for a range that is shown in so many columns: not finer than these, and never below a second.
    static func step(range: Double, columns: Int) -> Double {
        let finest = range / Double(max(1, columns))
        return niceSteps.first { $0 >= finest } ?? (finest / 604_800).rounded(.up) * 604_800
    }

    /// Seconds as the API takes them.
    static func text(_ seconds: Double) -> String {
        let milliseconds = milliseconds(seconds)
        let fraction = milliseconds.magnitude % 1000
        let whole = "\(milliseconds < 0 ? "-" : "")\(milliseconds.magnitude / 1000)"
        return fraction == 0 ? whole : "\(whole).\(String("00\(fraction)".suffix(3)))"
    }

    /// A length of time as PromQL writes it.
    static func length(_ seconds: Double) -> String {
        DurationText.text(milliseconds: milliseconds(seconds))
    }

    /// `2026-01-02T03:04:05.678Z`, to the nearest millisecond.
    static func utc(_ seconds: Double) -> String {
        UTCText.text(milliseconds: milliseconds(seconds))
    }

    /// To the nearest one; the first or the last that there is for what lies beyond them.
    private static func milliseconds(_ seconds: Double) -> Int64 {
        let rounded = (seconds * 1000).rounded()
        return Int64(exactly: rounded) ?? (rounded > 0 ? .max : .min)
    }

    /// `2026-01-02 03:04:05 UTC`, with milliseconds where there are some.
    static func shown(_ seconds: Double) -> String {
        let text = utc(seconds).replacing("T", with: " ").dropLast()
        return (text.hasSuffix(".000") ? text.dropLast(4) : text) + " UTC"
    }
}
