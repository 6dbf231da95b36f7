import JSONText
import QueryInterface
import QueryModel
import Testing

struct RefusalTests {
    let api = APIFixture.api()

    @Test(
        arguments: [
            ("query", "query=up)", #"invalid parameter "query": 1:3: parse error: unexpected right parenthesis ')'"#),
            ("query", "", #"invalid parameter "query": 1:1: parse error: no expression found in input"#),
            (
                "query", "query=up&time=x",
                #"invalid parameter "time": Invalid time value for 'time': cannot parse "x" to a valid timestamp"#
            ),
            ("query", "query=up&timeout=x", #"invalid parameter "timeout": cannot parse "x" to a valid duration"#),
            ("query", "query=%zz", #"error parsing form values: invalid URL escape "%zz""#),
            ("query", "query=%4", #"error parsing form values: invalid URL escape "%4""#),
            ("query", "query=up&limit=-1", #"invalid parameter "limit": limit must be non-negative"#),
            (
                "query_range", "query=up&end=1&step=1",
                #"invalid parameter "start": cannot parse "" to a valid timestamp"#
            ),
            (
                "query_range", "query=up&start=1&end=0&step=1",
                #"invalid parameter "end": end timestamp must not be before start time"#
            ),
            (
                "query_range", "query=up&start=0&end=1",
                #"invalid parameter "step": cannot parse "" to a valid duration"#
            ),
            (
                "query_range", "query=up&start=0&end=1&step=0",
                #"invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer"#
            ),
            (
                "query_range", "query=up&start=0&end=1&step=1e20",
                #"invalid parameter "step": cannot parse "1e20" to a valid duration. It overflows int64"#
            ),
            (
                "query_range", "query=up&start=0&end=11001&step=1",
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"
            ),
            (
                "query_range", "query=up[5m]&start=0&end=1&step=1",
                #"invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector"#
            ),
            ("series", "", "no match[] parameter provided"),
            (
                "series", "match[]=%7B%7D",
                #"invalid parameter "match[]": match[] must contain at least one non-empty matcher"#
            ),
            ("label/%FF/values", "", #"invalid label name: "%FF""#),
            (
                "labels", "start=x",
                #"invalid parameter "start": Invalid time value for 'start': cannot parse "x" to a valid timestamp"#
            ),
            ("metadata", "limit=x", "limit must be a number"),
            ("format_query", "query=", #"invalid parameter "query": 1:1: parse error: no expression found in input"#),
            ("query_exemplars", "query=up&start=2&end=1", "end timestamp must not be before start timestamp"),
        ])
    func saysWhatIsWrongAsPrometheusDoes(path: String, query: String, message: String) async throws {
        #expect(try await api.failure(path, query) == "400 bad_data: \(message)")
    }

    @Test func elevenThousandStepsAreTaken() async {
        #expect(await api.get("query_range", "query=up&start=0&end=11000&step=1").status == 200)
    }

    @Test func timesFarAwayAreRefusedAndNoTrap() async throws {
        let far = "query=up&start=-9e15&end=9e15&step=1e9"
        #expect(try await api.failure("query_range", far).hasPrefix("400 bad_data: exceeded maximum resolution"))
        #expect(
            try await api.failure("query", "query=up&time=9e15").hasPrefix("422 execution: timestamp out of bounds"))
        for text in ["1e300", "-1e300", "Inf", "NaN", "99999-01-01T00:00:00Z", "2026-02-30T00:00:00Z"] {
            #expect(try await api.failure("query", "query=up&time=\(text)").hasPrefix("400 bad_data"), "\(text)")
        }
    }

    @Test func whatCannotBeEvaluatedIsAnExecutionError() async throws {
        let failure = try await api.failure("query", "query=up%20*%20on()%20up")
        #expect(failure.hasPrefix("422 execution: found duplicate series for the match group"))
    }

    @Test func unknownPathsAreNotFound() async throws {
        #expect(try await api.failure("nothing") == "404 not_found: there is nothing at /api/v1/nothing")
    }

    @Test func answersAreBounded() async throws {
        let api = APIFixture.api { $0.maximumAnswerSize = 1 << 20 }
        let query = "query=label_replace(up,%22x%22,%22\(String(repeating: "y", count: 1 << 20))%22,%22%22,%22%22)"
        #expect(
            try await api.failure("query", query)
                == "422 execution: the answer would be larger than 1 MiB; ask for fewer series or a longer step")
    }

    @Test func samplesAreBounded() async throws {
        let api = APIFixture.api { $0.maximumSamples = 10 }
        #expect(
            try await api.failure("query_range", "query=up&start=0&end=600&step=1")
                == "422 execution: query processing would load too many samples into memory in query execution")
    }

    @Test func deepNestingIsRefused() async throws {
        let depth = 20_000
        let query = "query=" + String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
        #expect(try await api.failure("query", query).hasPrefix("400 bad_data"))
    }

    @Test func theDeepestExpressionsAreEvaluated() async {
        let depth = 100
        let query = "query=" + String(repeating: "abs(", count: depth) + "up" + String(repeating: ")", count: depth)
        #expect(await api.get("query", query).status == 200)
        #expect(await api.get("parse_query", query).status == 200)
        #expect(await api.get("format_query", query).status == 200)
    }

    @Test func theTimeIsLimited() async throws {
        #expect(try await api.failure("query", "query=up&timeout=0") == "503 timeout: query timed out in query queue")
    }
}

struct QueueTests {
    /// A storage that waits for the test.
    private struct SlowSeries: SeriesQueryable, SeriesCatalogue, Sendable {
        let barrier: Barrier

        func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
            barrier.passBlocking()
            return []
        }

        func series(matching lists: [[LabelMatcher]], from start: Int64, through end: Int64) -> [LabelSet] { [] }
    }

    private func api(_ barrier: Barrier, concurrency: Int, waiting: Int) -> QueryAPI {
        let series = SlowSeries(barrier: barrier)
        var settings = QuerySettings()
        settings.maximumConcurrency = concurrency
        settings.maximumWaiting = waiting
        return QueryAPI(QueryBackend(version: "", now: { 0 }, view: { series }), settings: settings)
    }

    @Test func whatDoesNotFitIntoTheLineIsRefusedAtOnce() async throws {
        let barrier = Barrier()
        let api = api(barrier, concurrency: 1, waiting: 0)
        async let first = api.get("query", "query=up")
        await barrier.arrivals(1)
        #expect(
            try await api.failure("query", "query=up")
                == "503 unavailable: too many queries wait already; try again later")
        barrier.open()
        #expect(await first.status == 200)
        #expect(await api.get("query", "query=up").status == 200)
    }

    @Test func whatWaitsIsAnsweredInTheEnd() async throws {
        let barrier = Barrier()
        let api = api(barrier, concurrency: 2, waiting: 10)
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<12 { group.addTask { await api.get("query", "query=up").status } }
            await barrier.arrivals(2)
            barrier.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 12))
    }

    @Test func aCancelledRequestEnds() async throws {
        let barrier = Barrier()
        let api = api(barrier, concurrency: 1, waiting: 1)
        let task = Task { try await api.failure("query", "query=up") }
        await barrier.arrivals(1)
        task.cancel()
        barrier.open()
        #expect(try await task.value == "503 canceled: query was canceled in expression evaluation")
    }
}
