import SeriesModel

/// The settings of all patterns, flattened into tables of plain numbers for the hot path.
///
/// Patterns have runs in `actions` and `tallied`, those have runs in `labels`.
struct ExtractionPlan {
    /// Where a value comes from that is no part of the text which was matched.
    enum Distant {
        /// The index in `paths`.
        case field(Int)
        /// What an earlier line of the stream said; the index in `remembered`.
        case remembered(Int)
        /// How long a timer ran that the line ends; the index in `timers`.
        case duration(Int)
    }

    /// Where a label's value comes from: a capture, or with a negative number the constant.
    struct LabelSource {
        var capture: Int32
        var distant: Distant?
        var constant: MatchBuffer.LabelRange
    }

    /// An update that a matching line makes.
    struct Action {
        var instrument: UInt32
        var operation: MatchBuffer.Operation
        /// The group that holds the value; negative for `constant`.
        var capture: Int32
        var distant: Distant?
        var constant: Double
        var labels: Range<Int>
        var rules: ValueRules
        /// The index in `readers` of what reads the capture.
        var reader: Int
    }

    /// A counter with constant labels and a whole amount: one update per batch, matches times `amount`, is the same exactly.
    struct Tallied {
        var instrument: UInt32
        var amount: Double
        var labels: Range<Int>
    }

    /// A field and the texts that it may be, or may not be.
    struct Comparison {
        var field: Int
        var texts: [[UInt8]]
        var isExclusion: Bool
    }

    /// What of a line's fields a pattern asks for.
    struct Condition {
        var comparisons: [Comparison] = []
        var present: [Int] = []
        /// The field in which the expression is looked for, and that expression's index; negative for the line.
        var textField = -1
        var textPattern = -1
    }

    /// A name and the limits of what is open at a time.
    struct Timer {
        var name: String
        var label: MatchBuffer.LabelRange
        /// In nanoseconds.
        var timeout: Int64
        var maximumOpen: Int
    }

    /// What a matching line does before its metrics change. Keys and values are indices in `labels`, negative for none.
    enum Step {
        case remember(Int, value: Int)
        case start(Int, key: Int)
        case end(Int, key: Int)
    }

    struct Entry {
        /// The index in `conditions`; negative when a match is enough.
        var condition = -1
        var actions: Range<Int>
        var tallied: Range<Int>
        /// The pattern's name, for its errors.
        var name: MatchBuffer.LabelRange
        /// The name of the heartbeat that a match is.
        var heartbeat: MatchBuffer.LabelRange?

        var steps = 0..<0
        /// Whether it matters when a matching line was written.
        var asksForTime = false

        /// Whether a match is more than its actions.
        var isInvolved = false
    }

    /// What is counted of timers, and the reasons for which one is refused.
    struct TimerInstruments {
        var open: UInt32
        var expired: UInt32
        var unmatched: UInt32
        var restarted: UInt32
        var refused: UInt32
        var noKey: MatchBuffer.LabelRange
        var longKey: MatchBuffer.LabelRange
        var negative: MatchBuffer.LabelRange
    }

    /// The values of the label `reason` of `outrider_pattern_errors_total`.
    struct ErrorLabels {
        var limit: MatchBuffer.LabelRange
        var jitStack: MatchBuffer.LabelRange
        var other: MatchBuffer.LabelRange
    }

    var entries: ContiguousArray<Entry> = []
    var actions: ContiguousArray<Action> = []
    var tallied: ContiguousArray<Tallied> = []
    var labels: ContiguousArray<LabelSource> = []

    var conditions: [Condition] = []
    /// The fields that patterns ask for.
    var paths: [String] = []

    var steps: ContiguousArray<Step> = []
    var timers: ContiguousArray<Timer> = []
    /// The names of values that lines leave for later ones.
    var remembered: ContiguousArray<String> = []
    /// Whether a metric takes what earlier lines said.
    var usesMemory = false

    /// The ways in which captures become numbers; the first one takes bare numbers.
    var readers: ContiguousArray<NumberReader> = [NumberReader(NumberReading())]

    var instruments: [Instrument] = []
    var declaredSeries: [DeclaredSeries] = []
    /// An empty buffer with all constants.
    var emptyBuffer = MatchBuffer()

    /// The instruments that the extractor feeds by itself; those of rejected and warned values only if there can be any.
    var matchesInstrument: UInt32 = 0
    var errorsInstrument: UInt32 = 0
    /// Nil when no pattern looks at fields.
    var undecodedInstrument: UInt32?
    var rejectedInstrument: UInt32?
    var warnedInstrument: UInt32?
    /// The counter of labels that were cut; nil when none are taken from lines.
    var cutInstrument: UInt32?
    /// The gauge with the time of the latest heartbeat; nil when no pattern is one.
    var beatInstrument: UInt32?
    /// The counter of lines whose time was asked for and that say none; nil when none is asked for.
    var timeErrorsInstrument: UInt32?
    /// Those of timers; nil when there are none.
    var timerInstruments: TimerInstruments?
    var errorLabels: ErrorLabels
    /// By `RejectionReason.rawValue`.
    var reasonLabels: ContiguousArray<MatchBuffer.LabelRange> = []
    /// By instrument: its name.
    var nameLabels: ContiguousArray<MatchBuffer.LabelRange> = []

    /// Whether it matters of any line when it was written.
    var asksForTimes: Bool { entries.contains(where: \.asksForTime) }
}
