import PromQL
import QueryModel

/// Times, durations and numbers in parameters, as Prometheus reads them (web/api/v1/api.go).
enum ParameterText {
    /// The first and the last time that there are for Prometheus, in milliseconds since 1970: what no `start` or `end` means.
    static let times = -9_223_309_901_257_974_000...9_223_309_901_257_974_000 as ClosedRange<Int64>

    /// Seconds since 1970, or a time as RFC 3339 has it; in milliseconds.
    static func time(_ text: String, name: String) throws(QueryFailure) -> Int64 {
        if let seconds = NumberText.signedValue(text.utf8), (seconds * 1000).magnitude < 9.2e18 {
            return Int64((seconds * 1000).rounded())
        }
        if let time = InstantText.milliseconds(text) { return time }
        throw .parameter(name, "cannot parse \(quoted(text)) to a valid timestamp")
    }

    /// As above; `fallback` where the parameter is not there.
    static func time(
        _ name: String, of call: Call, otherwise fallback: Int64
    ) throws(QueryFailure) -> Int64 {
        guard let text = call.parameters[name] else { return fallback }
        do throws(QueryFailure) { return try time(text, name: name) } catch {
            throw .parameter(
                name, "Invalid time value for '\(name)': cannot parse \(quoted(text)) to a valid timestamp")
        }
    }

    /// Seconds, or a duration such as `5m`; in milliseconds.
    static func milliseconds(_ text: String, name: String) throws(QueryFailure) -> Int64 {
        if let seconds = NumberText.signedValue(text.utf8) {
            guard seconds.magnitude < 9_223_372_036 else {
                throw .parameter(name, "cannot parse \(quoted(text)) to a valid duration. It overflows int64")
            }
            return Int64((seconds * 1000).rounded())
        }
        if let milliseconds = DurationText.milliseconds(text.utf8) { return milliseconds }
        throw .parameter(name, "cannot parse \(quoted(text)) to a valid duration")
    }

    static func duration(_ text: String, name: String) throws(QueryFailure) -> Duration {
        .milliseconds(try milliseconds(text, name: name))
    }

    /// How many results at most; nil for any number.
    static func limit(of call: Call) throws(QueryFailure) -> Int? {
        guard let text = call.parameters["limit"] else { return nil }
        guard let limit = Int(text) else {
            throw .parameter("limit", "strconv.ParseUint: parsing \(quoted(text)): invalid syntax")
        }
        guard limit >= 0 else { throw .parameter("limit", "limit must be non-negative") }
        return limit == 0 ? nil : limit
    }

    /// The selectors of `match[]`, each of which must ask for something. Prometheus names the parameter in complaints of
    /// `/series` only.
    static func matchers(of call: Call, isNamed: Bool = false) throws(QueryFailure) -> [[LabelMatcher]] {
        func failure(_ reason: String) -> QueryFailure {
            isNamed ? .parameter("match[]", reason) : QueryFailure(.badData, reason)
        }
        var lists: [[LabelMatcher]] = []
        for text in call.parameters.all("match[]") {
            let matchers: [LabelMatcher]
            do throws(ParseError) { matchers = try Expression.parseSelector(text) } catch {
                throw failure(error.description)
            }
            guard matchers.contains(where: { !$0.matches(ByteString.empty) }) else {
                throw failure("match[] must contain at least one non-empty matcher")
            }
            lists.append(matchers)
        }
        return lists
    }

    /// What a listing is asked about.
    static func range(of call: Call) throws(QueryFailure) -> (start: Int64, end: Int64) {
        let start = try time("start", of: call, otherwise: times.lowerBound)
        return (start, try time("end", of: call, otherwise: times.upperBound))
    }
}
