/// What came of the lines of one timer in one batch.
struct TimerTally {
    var expired = 0
    var unmatched = 0
    var restarted = 0
    var withoutKey = 0
    var withLongKey = 0
    var negative = 0
    /// The last line that any of it is about.
    var lastLine: UInt32 = 0

    var isEmpty: Bool { expired + unmatched + restarted + withoutKey + withLongKey + negative == 0 }
}
