import SeriesModel

/// The keys of `limits`.
enum LimitKeys {
    static let maxSeries = Field(
        "max_series", .integer(1...1_000_000), default: "10000",
        doc:
            "How many series a metric may have, unless it says otherwise. Lines that would make more are counted in a series whose labels are all `__overflow__`, and in `outrider_series_overflow_total{metric}`.",
        example: "1000")
    static let maxLabelLength = Field(
        "max_label_length", .size(16...1024), default: "128",
        doc:
            "How long a label's value that is taken from a line may be. A longer one is cut between two characters, and counted in `outrider_labels_cut_total{metric}`.",
        example: "64")

    static let schema = ObjectSchema(
        phrase: "`limits`", doc: "How much room metrics may take, whatever stands in the lines.",
        keys: [maxSeries.schema, maxLabelLength.schema])

    static let reader = ValueReader<SeriesLimits?>.object(schema) { object in
        guard let series = object(maxSeries), let length = object(maxLabelLength) else { return nil }
        return SeriesLimits(seriesPerMetric: series, labelLength: length)
    }
}
