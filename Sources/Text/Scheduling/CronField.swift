/// One of the five fields of an expression, in their order.
enum CronField: Int, CaseIterable {
    case minute
    case hour
    case day
    case month
    case weekday

    /// What it is called in messages.
    var phrase: String {
        switch self {
        case .minute: "the minute"
        case .hour: "the hour"
        case .day: "the day of the month"
        case .month: "the month"
        case .weekday: "the day of the week"
        }
    }

    /// Sunday is both 0 and 7.
    var values: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    /// The names of the values from the first one on.
    var names: [String] {
        switch self {
        case .minute, .hour, .day: []
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }

    /// What its values are counted anew with.
    var cycle: String {
        switch self {
        case .minute: "hour"
        case .hour: "day"
        case .day: "month"
        case .month: "year"
        case .weekday: "week"
        }
    }

    /// What may be written.
    var advice: String {
        let names = names.isEmpty ? "" : " or \(names.joined(separator: " "))"
        return "Write numbers from \(values.lowerBound) to \(values.upperBound)\(names), lists such as \(example), "
            + "ranges, steps such as */\(self == .weekday ? 2 : 5), or * for all."
    }

    private var example: String {
        switch self {
        case .minute: "0,30"
        case .hour: "6,18"
        case .day: "1,15"
        case .month: "1,7"
        case .weekday: "1,4"
        }
    }
}
