import SeriesModel

/// The settings of all patterns, flattened into tables of plain numbers for the hot path.
///
/// Patterns have runs in `actions` and `tallied`, those have runs in `labels`.
struct ExtractionPlan {
    /// Where a label's value comes from: a capture, or with a negative number the constant.
    struct LabelSource {
        var capture: Int32
        /// The field that holds it; negative when none does.
        var field: Int32 = -1
        var constant: MatchBuffer.LabelRange
    }

    /// An update that a matching line makes.
    struct Action {
        var instrument: UInt32
        var operation: MatchBuffer.Operation
        /// The group that holds the value; negative for `constant`.
        var capture: Int32
        /// The field that holds the value; negative when none does.
        var field: Int32 = -1
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

    struct Entry {
        /// The index in `conditions`; negative when a match is enough.
        var condition = -1
        var actions: Range<Int>
        var tallied: Range<Int>
        /// The pattern's name, for its errors.
        var name: MatchBuffer.LabelRange
        /// The name of the heartbeat that a match is.
        var heartbeat: MatchBuffer.LabelRange?

        /// Whether a match is more than its actions: the fields of its line or its time are needed.
        var isInvolved: Bool { condition >= 0 || asksForTime }
        /// Whether it matters when a matching line was written.
        var asksForTime: Bool { heartbeat != nil }
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
    var malformedInstrument: UInt32?
    var rejectedInstrument: UInt32?
    var warnedInstrument: UInt32?
    /// The counter of labels that were cut; nil when none are taken from lines.
    var cutInstrument: UInt32?
    /// The gauge with the time of the latest heartbeat; nil when no pattern is one.
    var beatInstrument: UInt32?
    /// The counter of lines whose time was asked for and that say none; nil when none is asked for.
    var timeErrorsInstrument: UInt32?
    var errorLabels: ErrorLabels
    /// By `RejectionReason.rawValue`.
    var reasonLabels: ContiguousArray<MatchBuffer.LabelRange> = []
    /// By instrument: its name.
    var nameLabels: ContiguousArray<MatchBuffer.LabelRange> = []
}
