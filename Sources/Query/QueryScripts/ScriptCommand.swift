import QueryModel

/// A command of a script.
enum ScriptCommand {
    case clear
    case load(LoadBlock)
    case evaluate(EvaluationBlock)
}

/// `load 5m` with its series.
struct LoadBlock {
    /// Milliseconds between two samples.
    var interval: Int64
    /// Whether native histograms are made of the classic ones besides.
    var makesNativeHistograms: Bool
    var series: [SeriesLine] = []
}

/// What names a series, and its values one interval after the other; nil where there is none.
struct SeriesLine {
    var labels: LabelSet
    var values: [Double?]
    /// Whether the line speaks of native histograms.
    var hasHistograms: Bool
}

/// `eval instant at …` or `eval range from …` with what is expected of it.
struct EvaluationBlock {
    enum Times {
        case instant(Int64)
        case range(start: Int64, end: Int64, step: Int64)
    }

    enum Expected {
        case series([SeriesLine])
        case scalar(Double)
        case string(ByteString)
        /// The result of an instant query for a range vector: series with one value for each step.
        case rangeVector([SeriesLine], start: Int64, step: Int64)
    }

    /// The line on which it stands, from 1.
    var line: Int
    var times: Times
    var expression: String
    var expected = Expected.series([])
    var expectations: [Expectation] = []
    /// Whether an expected line speaks of native histograms.
    var expectsHistograms = false
}

/// An `expect` line.
struct Expectation {
    enum Subject: String {
        case ordered
        case fail
        case warn
        case info
        case noWarn = "no_warn"
        case noInfo = "no_info"
    }

    enum Text {
        case any
        case message(String)
        case pattern(MessagePattern)
    }

    var subject: Subject
    var text: Text = .any
}
