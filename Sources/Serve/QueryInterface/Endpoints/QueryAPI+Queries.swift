import LogModel
import PromQL
import QueryModel

extension QueryAPI {
    static let truncated = "results truncated due to limit"

    /// `/query`: the value of an expression at one time.
    func query(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let time = try ParameterText.time("time", of: call, otherwise: backend.now())
        let limit = try ParameterText.limit(of: call)
        let query = try parsed(call)
        let result: QueryResult
        do throws(QueryError) {
            result = try query.evaluate(at: time, over: try series(), options: options(call))
        } catch {
            throw QueryFailure(error, isCanceled: call.patience.isCanceled)
        }
        try write(result, limit: limit, call, into: &text)
    }

    /// `/query_range`: its values over time.
    func queryRange(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let start = try ParameterText.time(call.parameters["start"] ?? "", name: "start")
        let end = try ParameterText.time(call.parameters["end"] ?? "", name: "end")
        guard end >= start else { throw .parameter("end", "end timestamp must not be before start time") }
        let step = try ParameterText.milliseconds(call.parameters["step"] ?? "", name: "step")
        guard step > 0 else {
            throw .parameter(
                "step", "zero or negative query resolution step widths are not accepted. Try a positive integer")
        }
        guard (end.subtractingReportingOverflow(start).partialValue) / step < 11_001, end &- start >= 0 else {
            throw QueryFailure(
                .badData,
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution "
                    + "(?step=XX)")
        }
        let limit = try ParameterText.limit(of: call)
        let query = try parsed(call)
        let type = query.expression.type
        guard type == .scalar || type == .instantVector else {
            throw .parameter(
                "query",
                "invalid expression type \(quoted(type.name)) for range query, must be Scalar or instant Vector")
        }
        let result: QueryResult
        do throws(QueryError) {
            result = try query.evaluate(
                from: start, through: end, step: step, over: try series(), options: options(call))
        } catch {
            throw QueryFailure(error, isCanceled: call.patience.isCanceled)
        }
        try write(result, limit: limit, call, into: &text)
    }

    private func parsed(_ call: Call) throws(QueryFailure) -> Query {
        do throws(ParseError) { return try Query(call.parameters["query"] ?? "") } catch {
            throw .parameter("query", error.description)
        }
    }

    private func series() throws(QueryError) -> SeriesView {
        do { return try backend.view() } catch { throw .storage(error) }
    }

    private func options(_ call: Call) -> QueryOptions {
        var options = QueryOptions()
        options.maximumSamples = settings.maximumSamples
        // 11,000 intervals have one point more.
        options.maximumSteps = 11_001
        let patience = call.patience
        options.isExpired = { patience.isOver }
        return options
    }

    // MARK: - Writing

    private func write(
        _ result: QueryResult, limit: Int?, _ call: Call, into text: inout AnswerText
    ) throws(QueryFailure) {
        var warnings = result.warnings
        text.raw(#","data":{"resultType":"#)
        switch result.data {
        case .scalar(let time, let value):
            text.raw(#""scalar","result":["#)
            text.time(time)
            text.raw(",")
            text.string(NumberText.plain(value))
            text.raw("]")
        case .string(let time, let value):
            text.raw(#""string","result":["#)
            text.time(time)
            text.raw(",")
            text.string(value)
            text.raw("]")
        case .vector(let samples):
            text.raw(#""vector","result":"#)
            if samples.count > limit ?? .max { warnings.append(Self.truncated) }
            try text.list(samples.prefix(limit ?? .max)) { (sample, text) throws(QueryFailure) in
                text.raw(#"{"metric":"#)
                text.labels(sample.labels)
                text.raw(#","value":"#)
                text.point(sample.time, sample.value)
                text.raw("}")
                try text.check()
            }
        case .matrix(let series):
            text.raw(#""matrix","result":"#)
            if series.count > limit ?? .max { warnings.append(Self.truncated) }
            try text.list(series.prefix(limit ?? .max)) { (series, text) throws(QueryFailure) in
                if call.patience.isOver { throw QueryFailure(.timeout, isCanceled: call.patience.isCanceled) }
                try write(series, into: &text)
            }
        }
        if call.parameters["stats"] != nil {
            text.raw(#","stats":{"samples":{"peakSamples":"#)
            text.integer(Int64(result.peakSamples))
            text.raw(#"},"timings":{"execTotalTime":"#)
            text.raw(seconds: call.patience.elapsed)
            text.raw("}}")
        }
        text.raw("}")
        if !warnings.isEmpty {
            text.raw(#","warnings":"#)
            text.strings(warnings)
        }
        if !result.infos.isEmpty {
            text.raw(#","infos":"#)
            text.strings(result.infos)
        }
    }

    private func write(_ series: QuerySeries, into text: inout AnswerText) throws(QueryFailure) {
        text.raw(#"{"metric":"#)
        text.labels(series.labels)
        text.raw(#","values":["#)
        for index in series.timestamps.indices {
            if index > 0 { text.raw(",") }
            text.point(series.timestamps[index], series.values[index])
        }
        text.raw("]}")
        try text.check()
    }
}
