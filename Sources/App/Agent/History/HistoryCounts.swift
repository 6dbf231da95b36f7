import HistorySampling
import JSONText
import Ledger
import SeriesModel
import SeriesStore

/// What the history has done since the start, and what it holds.
struct HistoryCounts: Sendable {
    /// Looks at the page.
    var ticks: UInt64 = 0
    /// Looks that came too late and were left out.
    var missed: UInt64 = 0
    /// Looks that were left out because the clock was behind the newest sample.
    var behind: UInt64 = 0
    /// Time that the looks took.
    var spent = Duration.zero
    var series = 0
    /// Series of the last page for which there was no room.
    var seriesRefused = 0
    /// Samples for whose series there was no room.
    var samplesWithoutRoom: UInt64 = 0
    var samples = 0
    var memory = 0
    var appended: UInt64 = 0
    var outOfOrder: UInt64 = 0
    var duplicate: UInt64 = 0
    var chunksEvicted: UInt64 = 0
    /// Samples of a time that had not come, when the clock was set back.
    var samplesForgotten: UInt64 = 0
    /// Milliseconds since 1970.
    var lastTick: Int64?
    var times: ClosedRange<Int64>?
    /// How its file is; nil before it is opened, and without a thread for it.
    var disk: HistoryWriterStatus?

    init() {}

    /// What a store holds.
    init(_ store: SeriesStore) {
        (series, samples, memory) = (store.seriesCount, store.sampleCount, store.memory)
        (appended, chunksEvicted) = (store.samplesAppended, store.chunksEvicted)
        (outOfOrder, duplicate) = (store.samplesOutOfOrder, store.samplesDuplicate)
        (lastTick, times) = (store.mark?.timestamp, store.timeRange)
    }
}

extension HistoryCounts {
    /// For the page of metrics.
    func families(_ settings: HistorySettings) -> [SampleFamily] {
        [
            .gauge("outrider_history_series", "Series in the history.", Double(series)),
            .gauge(
                "outrider_history_series_refused",
                "Series of the last page that are not in the history, because memory has no room for them.",
                Double(seriesRefused)),
            .gauge("outrider_history_samples", "Samples in the history.", Double(samples)),
            .gauge("outrider_history_bytes", "Memory that the history takes, by its own account.", Double(memory)),
            .gauge("outrider_history_limit_bytes", "Memory that the history may take.", Double(settings.memory)),
            .gauge(
                "outrider_history_file_bytes", "Size of the history's file, without its log.",
                Double(disk?.fileSize ?? 0)),
            .gauge(
                "outrider_history_durable", "1 while the history is written to its file, 0 while the disk refuses.",
                disk.map { $0.error == nil } ?? false ? 1 : 0),
            .counter("outrider_history_samples_appended_total", "Samples that were taken.", appended),
            SampleFamily(
                name: "outrider_history_samples_refused_total", kind: .counter,
                help:
                    "Samples that were refused: their series had a younger one, or another one of that time, or no room in memory.",
                samples: [
                    .init(labels: [("reason", "out_of_order")], value: Double(outOfOrder)),
                    .init(labels: [("reason", "duplicate")], value: Double(duplicate)),
                    .init(labels: [("reason", "memory")], value: Double(samplesWithoutRoom)),
                ]),
            .counter(
                "outrider_history_samples_forgotten_total",
                "Samples of a time that had not come, which went when the clock was set back.", samplesForgotten),
            .counter(
                "outrider_history_chunks_evicted_total", "Chunks of samples that went early, because memory was short.",
                chunksEvicted),
            SampleFamily(
                name: "outrider_history_ticks_total", kind: .counter,
                help:
                    "Times that samples were to be taken: taken, missed, or behind while the clock was behind the newest.",
                samples: [
                    .init(labels: [("outcome", "taken")], value: Double(ticks)),
                    .init(labels: [("outcome", "missed")], value: Double(missed)),
                    .init(labels: [("outcome", "behind")], value: Double(behind)),
                ]),
            SampleFamily(
                name: "outrider_history_tick_seconds_total", kind: .counter, help: "Time spent taking samples.",
                samples: [.init(value: spent / .seconds(1))]),
            .counter(
                "outrider_history_writes_total", "Transactions written to the history's file.", disk?.commits ?? 0),
            .counter(
                "outrider_history_write_failures_total", "Transactions that the disk refused.", disk?.failures ?? 0),
            .counter(
                "outrider_history_rewrites_total", "Times the history's file was written anew.", disk?.rewrites ?? 0),
        ] + timeFamilies
    }

    private var timeFamilies: [SampleFamily] {
        func family(_ name: String, _ help: String, _ time: Int64?) -> SampleFamily {
            SampleFamily(
                name: name, kind: .gauge, help: help,
                samples: time.map { [.init(value: Double($0) / 1000)] } ?? [])
        }
        return [
            family(
                "outrider_history_last_tick_timestamp_seconds", "When samples were taken last, in Unix time.", lastTick),
            family(
                "outrider_history_oldest_sample_timestamp_seconds", "The time of the oldest sample, in Unix time.",
                times?.lowerBound),
        ]
    }

    /// For a status.
    func json(_ settings: HistorySettings) -> JSONValue {
        let error = disk?.error
        return [
            "series": JSONValue(UInt64(series)), "series_refused": JSONValue(UInt64(seriesRefused)),
            "samples": JSONValue(UInt64(samples)),
            "bytes": JSONValue(UInt64(memory)), "limit_bytes": JSONValue(UInt64(settings.memory)),
            "resolution_seconds": .number(settings.resolution / .seconds(1)),
            "retention_seconds": .number(settings.retention / .seconds(1)),
            "oldest": times.map { .number(Double($0.lowerBound) / 1000) } ?? .null,
            "last_tick": lastTick.map { .number(Double($0) / 1000) } ?? .null,
            "durable": .bool(disk != nil && error == nil),
            "file_bytes": JSONValue(UInt64(disk?.fileSize ?? 0)),
            "error": error.map { .string($0.message) } ?? .null, "hint": error?.hint.map(JSONValue.string) ?? .null,
        ]
    }
}
