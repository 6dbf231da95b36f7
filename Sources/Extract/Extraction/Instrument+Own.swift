import SeriesModel

/// The metrics that the extractor keeps about its own work.
extension Instrument {
    private static func own(
        _ name: String, _ labelNames: [String], kind: MetricKind = .counter, _ help: String
    ) -> Instrument {
        Instrument(schema: MetricSchema(name: name, kind: kind, labelNames: labelNames), help: help)
    }
    static let undecodedLines = own(
        ExtractionMetrics.undecodedLines, ["source"],
        "Lines whose fields a pattern asked for and that are not of the source's format.")
    static let heartbeats = own(
        HeartbeatMetrics.count, ["heartbeat"], "Heartbeats that came.")
    static let lastHeartbeats = own(
        HeartbeatMetrics.last, ["heartbeat"], kind: .gauge,
        "When the latest heartbeat was written, by its own time, in Unix time.")
    static let timeErrors = own(
        "outrider_timestamp_errors_total", ["source"],
        "Lines whose time mattered and could not be read; that of a line before them was taken, or that of their arrival."
    )
    static let openTimers = own(
        "outrider_timers_open", ["timer"], kind: .gauge, "Timers that were started and not ended yet.")
    static let expiredTimers = own(
        "outrider_timers_expired_total", ["timer"],
        "Timers that were given up: open for longer than their timeout, the oldest of too many, or begun before lines that were passed over."
    )
    static let unmatchedTimers = own(
        "outrider_timers_unmatched_total", ["timer"], "Lines that end a timer which is not open.")
    static let restartedTimers = own(
        "outrider_timers_restarted_total", ["timer"], "Lines that start a timer which is open: the later start counts.")
    static let refusedTimers = own(
        "outrider_timers_refused_total", ["timer", "reason"],
        "Lines that could not start or end a timer: without its key (no_key), with one of more than 256 bytes (long_key), or before it was started (negative)."
    )
    static let events = own(
        "outrider_events_total", ["event", "outcome"], "Lines that report an event of the service, by its outcome.")
    static let patternMatches = own(
        "outrider_pattern_matches_total", ["pattern"], "Lines that matched a pattern.")
    static let patternErrors = own(
        "outrider_pattern_errors_total", ["pattern", "reason"],
        "Lines that a pattern gave up (match_limit, other), or that were too long for its machine code (jit_stack).")
    static let valuesRejected = own(
        "outrider_values_rejected_total", ["metric", "reason"], "Values that never reached their metric.")
    static let labelsCut = own(
        "outrider_labels_cut_total", ["metric"], "Values of labels that were cut because they were too long.")
    static let valuesWarned = own(
        "outrider_values_warned_total", ["metric"],
        "Values that were taken though they are outside of the expected range.")
}
