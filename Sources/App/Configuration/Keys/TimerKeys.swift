import Extraction
import YAMLNodes

/// What a pattern does with a timer, as it is written; parts with mistakes are nil.
struct TimerDraft: Sendable {
    var location: TextLocation
    var role: TimerUse.Role?
    var name: Located<String>?
    var key: Located<ValueSource>?
    /// Whether `key` is absent on purpose: neither wrong nor misspelled.
    var isWithoutKey: Bool
    var timeout: Located<Duration>?
    var maximumOpen: Located<Int>?
}

/// The keys of `timer`.
enum TimerKeys {
    static let start = Field("start", .name, doc: "The timer that a matching line starts.", example: "job")
    static let end = Field(
        "end", .name,
        doc:
            "The timer that a matching line ends. `^` and its name is then a value of the pattern's metrics: for how many seconds it ran, by the times that both lines say.",
        example: "job")
    static let key = Field(
        "key", .label, absence: "one is open at a time",
        doc:
            "What tells those apart that run at the same time; the line that ends one has the key of the line that started it. It has at most 256 bytes.",
        example: "$id")
    static let timeout = Field(
        "timeout", .duration(.seconds(1)...(.seconds(366 * 86_400))), absence: "`1h`",
        doc:
            "How long one may run; written once for a timer. One that is open for longer is given up with the next heartbeat, start or end in its stream that says so, or by the clock when the stream's files are over and gone; both are counted in `outrider_timers_expired_total{timer}`.",
        example: "10m")
    static let maximumOpen = Field(
        "max_open", .integer(1...1_000_000), absence: "`10000`",
        doc:
            "How many may run at a time in one stream; written once for a timer. Where there would be more, the oldest is given up and counted as expired.",
        example: "100")

    static let schema = ObjectSchema(
        phrase: "`timer`",
        doc:
            "Measures how long something takes, from a line that starts it to a line of the same file that ends it, across restarts and rotations. `outrider_timers_open{timer}` is how many run. A start of one that runs begins it anew, counted in `outrider_timers_restarted_total`. An end of one that does not run changes no metric that takes its time, counted in `outrider_timers_unmatched_total`; nor does a line without its key, or an end before its start, counted in `outrider_timers_refused_total{timer,reason}`. See `timestamp` of sources for the times of lines.",
        keys: [start.schema, end.schema, key.schema, timeout.schema, maximumOpen.schema],
        exactlyOneOf: [[start.schema.key, end.schema.key]])

    static let reader = ValueReader<TimerDraft>.object(schema) { object in
        let (start, end) = (object.located(start), object.located(end))
        let isStart = object.keyLocation(Self.start) != nil
        let isEnd = object.keyLocation(Self.end) != nil
        return TimerDraft(
            location: object.location, role: isStart == isEnd ? nil : isStart ? .start : .end, name: start ?? end,
            key: object.located(key), isWithoutKey: object.isMissing(key), timeout: object.located(timeout),
            maximumOpen: object.located(maximumOpen))
    }
}
