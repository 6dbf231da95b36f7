import PromQL
import QueryModel

extension QueryAPI {
    /// The version of Prometheus whose API this is: clients such as Grafana ask for it to know what they may use.
    static let spokenVersion = "3.0.0"

    /// `/status/buildinfo`.
    func buildInformation(into text: inout AnswerText) {
        text.raw(#","data":{"version":"#)
        text.string(Self.spokenVersion)
        text.raw(#","revision":"","branch":"","buildUser":"","buildDate":"","goVersion":"","application":"outrider","#)
        text.raw(#""applicationVersion":"#)
        text.string(backend.version)
        text.raw("}")
    }

    /// `/status/runtimeinfo`.
    func runtimeInformation(into text: inout AnswerText) {
        let facts = backend.runtime()
        text.raw(#","data":{"startTime":"#)
        text.string(InstantText.text(milliseconds: facts.startTime))
        text.raw(#","CWD":"","reloadConfigSuccess":"#)
        text.bool(facts.lastReloadSucceeded)
        text.raw(#","lastConfigTime":"#)
        text.string(InstantText.text(milliseconds: facts.lastReloadTime))
        text.raw(#","corruptionCount":0,"goroutineCount":0,"GOMAXPROCS":"#)
        text.integer(Int64(settings.maximumConcurrency))
        text.raw(#","GOMEMLIMIT":0,"GOGC":"","GODEBUG":"","storageRetention":"#)
        text.string(facts.retention.map(DurationText.text(milliseconds:)) ?? "")
        text.raw("}")
    }

    /// `/status/config`.
    func configuration(into text: inout AnswerText) {
        text.raw(#","data":{"yaml":"#)
        text.string(backend.configuration())
        text.raw("}")
    }

    /// `/status/tsdb`: how many series there are, and of what.
    func storageStatus(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let limit = call.parameters["limit"].map { Int($0) ?? 0 } ?? 10
        guard limit > 0 else { throw QueryFailure(.badData, "limit must be a positive number") }
        let all: [LabelSet]
        do {
            let range = ParameterText.times
            all = try backend.view().series(matching: [], from: range.lowerBound, through: range.upperBound)
        } catch {
            throw QueryFailure(.internal, "\(error)")
        }
        var pairs: [Label: Int] = [:]
        for labels in all { for label in labels.labels { pairs[label, default: 0] += 1 } }
        var (values, sizes, metrics): ([ByteString: Int], [ByteString: Int], [ByteString: Int]) = ([:], [:], [:])
        for (label, count) in pairs {
            values[label.name, default: 0] += 1
            sizes[label.name, default: 0] += label.value.bytes.count
            if label.name == .metricName { metrics[label.value] = count }
        }
        let named = pairs.map { (ByteString($0.key.name.bytes + [UInt8(ascii: "=")] + $0.key.value.bytes), $0.value) }
        let facts = backend.storage()
        text.raw(#","data":{"headStats":{"numSeries":"#)
        text.integer(Int64(all.count))
        text.raw(#","numLabelPairs":"#)
        text.integer(Int64(pairs.count))
        text.raw(#","chunkCount":"#)
        text.integer(Int64(facts.chunkCount))
        text.raw(#","minTime":"#)
        text.integer(facts.minimumTime)
        text.raw(#","maxTime":"#)
        text.integer(facts.maximumTime)
        text.raw("}")
        try write(metrics.map { ($0.key, $0.value) }, #","seriesCountByMetricName":"#, limit, into: &text)
        try write(values.map { ($0.key, $0.value) }, #","labelValueCountByLabelName":"#, limit, into: &text)
        try write(sizes.map { ($0.key, $0.value) }, #","memoryInBytesByLabelName":"#, limit, into: &text)
        try write(named, #","seriesCountByLabelValuePair":"#, limit, into: &text)
        text.raw("}")
    }

    /// The greatest counts.
    private func write(
        _ counts: [(name: ByteString, count: Int)], _ member: StaticString, _ limit: Int, into text: inout AnswerText
    ) throws(QueryFailure) {
        text.raw(member)
        let sorted = counts.sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
        try text.list(sorted.prefix(limit)) { (entry, text) in
            text.raw(#"{"name":"#)
            text.string(entry.name)
            text.raw(#","value":"#)
            text.integer(Int64(entry.count))
            text.raw("}")
        }
    }
}
