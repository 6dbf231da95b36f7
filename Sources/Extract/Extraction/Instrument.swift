public import SeriesModel

/// A metric that an extractor feeds. `MatchBuffer.Update.instrument` is one of the indices into `Extractor.instruments`.
public struct Instrument: Hashable, Sendable {
    /// What makes the metric the same across reloads.
    public var schema: MetricSchema
    /// The text of `# HELP`; empty when the user gave none.
    public var help: String

    /// A metric of this identity.
    public init(schema: MetricSchema, help: String) {
        self.schema = schema
        self.help = help
    }
}

/// A counter's or histogram's series whose labels are known beforehand. It exists with 0 from the start, so that its first increase is seen.
public struct DeclaredSeries: Hashable, Sendable {
    /// The index in `Extractor.instruments`.
    public var instrument: UInt32
    /// In the order of the instrument's label names.
    public var labelValues: [[UInt8]]

    /// A series of `instrument`.
    public init(instrument: UInt32, labelValues: [[UInt8]]) {
        self.instrument = instrument
        self.labelValues = labelValues
    }
}
