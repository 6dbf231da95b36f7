import PatternMatching
public import SeriesModel

/// What an extractor says about itself with every scrape. What it counts goes through the registry instead, to be as exact
/// as the metrics of the patterns.
public struct ExtractionMetrics: Hashable, Sendable {
    /// Counts lines of a source whose fields a pattern asked for, and that are not of the source's format.
    public static let undecodedLines = "outrider_lines_undecoded_total"

    /// One pattern.
    public struct PatternState: Hashable, Sendable {
        /// The pattern's name.
        public var name: String
        /// 0 on the page means that the system forbids machine code, or the expression does.
        public var isJITCompiled: Bool
    }

    /// In the order of the configuration.
    public var patterns: [PatternState]
    /// Every heartbeat once.
    public var heartbeats: [HeartbeatSettings]

    /// The metrics as families for the page.
    public var families: [SampleFamily] {
        [
            SampleFamily(
                name: "outrider_pattern_jit", kind: .gauge,
                help: "Whether a pattern is compiled to machine code (1) or interpreted, which is slower (0).",
                samples: patterns.map {
                    SampleFamily.Sample(labels: [("pattern", $0.name)], value: $0.isJITCompiled ? 1 : 0)
                }),
            SampleFamily(
                name: HeartbeatMetrics.interval, kind: .gauge, help: "How far apart heartbeats are expected.",
                samples: heartbeats.map {
                    SampleFamily.Sample(labels: [("heartbeat", $0.name)], value: $0.interval / .seconds(1))
                }),
        ]
    }
}

extension Extractor {
    /// What there is to say about the patterns; does not change.
    public var metrics: ExtractionMetrics {
        ExtractionMetrics(
            patterns: zip(patterns, matcher.patterns).map {
                ExtractionMetrics.PatternState(name: $0.name, isJITCompiled: $1.isJITCompiled)
            }, heartbeats: patterns.heartbeats)
    }
}
