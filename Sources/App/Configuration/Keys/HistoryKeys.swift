import HistorySampling

/// The keys of `history`.
enum HistoryKeys {
    static let enabled = Field(
        "enabled", .bool, default: "true",
        doc: "Whether samples are kept. Without them there is nothing to query.", example: "false")
    static let resolution = Field(
        "resolution", .duration(.seconds(1) ... .seconds(120)), default: "15s",
        doc:
            "The time between two samples of a series. Samples are taken when the clock shows a multiple of it. Ranges such as `[5m]` should be four times as long.",
        example: "5s")
    static let retention = Field(
        "retention", .duration(.seconds(60) ... .seconds(31 * 86_400)), default: "6h",
        doc: "How long samples are kept, at least ten times the resolution.", example: "24h")
    static let memory = Field(
        "memory", .size((1 << 20)...(4 << 30)), default: "32MiB",
        doc:
            "How much memory the samples of all series may take; when it is not enough, the oldest go first, and are counted in `outrider_history_chunks_evicted_total`. `history.db` takes about as much on disk.",
        example: "64MiB")

    static let schema = ObjectSchema(
        phrase: "`history`",
        doc:
            "The samples of all metrics of the last hours, for queries. They are kept in memory and in `history.db` in the state directory, so that they outlive the process.",
        keys: [enabled.schema, resolution.schema, retention.schema, memory.schema])

    static let reader = ValueReader<HistorySettings?>.object(schema) { object in
        let (enabled, resolution) = (object(enabled), object(resolution))
        let (retention, memory) = (object(retention), object(memory))
        guard let enabled, let resolution, let retention, let memory else { return nil }
        let settings = HistorySettings(
            isEnabled: enabled, resolution: resolution, retention: retention, memory: memory)
        guard retention >= resolution * 10 else {
            object.context.error(
                "`retention` is shorter than ten samples at this `resolution`", at: object.location,
                hint: "write `retention: \(DurationText.render(resolution * 10))` or more")
            return nil
        }
        return settings
    }
}
