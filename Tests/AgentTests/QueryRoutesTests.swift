import HTTPInterface
import Logging
import QueryInterface
import QueryModel
import Testing

@testable import Agent

@Suite
struct QueryRoutesTests {
    @Test(arguments: [
        ("127.0.0.1", true), ("127.3.2.1", true), ("::1", true), ("0.0.0.0", false), ("::", false),
        ("10.0.0.1", false), ("127.evil.example", false),
    ])
    func onlyLoopbackIsLocal(host: String, isLocal: Bool) {
        #expect(LocalAddress.isLoopback(host) == isLocal)
    }

    @Test(arguments: [
        ("127.0.0.1:9817", true), ("localhost", true), ("LOCALHOST:9817", true), ("[::1]:9817", true),
        ("prometheus.localhost:1", true), ("", true), ("10.1.2.3", true), ("evil.example", false),
        ("127.0.0.1.evil.example", false), ("localhost.evil.example:9817", false), ("[evil]", false),
        ("1.2.3.4.5", false), ("1.2.3", false),
    ])
    func webPagesHaveNoNameForTheAPI(host: String, isTaken: Bool) {
        #expect(LocalAddress.isAddress(hostOf: host) == isTaken)
    }

    @Test(arguments: [
        ("0.0.0.0", "127.0.0.1", "loopback only"), ("192.168.1.2", "192.168.1.2:9817", "loopback only"),
        ("127.0.0.1", "evil.example", "localhost only"), ("127.0.0.1", "localhost:9817", nil),
        ("::1", "[::1]:9817", nil),
    ])
    func theAPIIsForThisMachine(address: String, host: String, reason: String?) {
        let refusal = QueryAPI.refusal(listeningAt: address, asked: host)
        #expect((refusal == nil) == (reason == nil))
        if let reason { #expect(refusal?.contains(reason) == true, "\(refusal ?? "")") }
    }

    @Test
    func everyPathOfTheAPIIsARoute() {
        let api = QueryAPI(QueryBackend(version: "1", now: { 0 }, view: { throw NothingThere() }))
        let routes = api.routes(listeningAt: "127.0.0.1")
        #expect(routes.map(\.path) == QueryAPI.paths.map(\.path))
        #expect(routes.allSatisfy { $0.endsWithClient && $0.answerTimeout != nil })
    }

    private struct NothingThere: Error {}

    @Test
    func ourOwnPageSaysWhatMetricsAreAndWhereLinesStand() {
        let page = PublishedPage(
            Array(
                """
                # HELP a_seen Lines.
                # TYPE a_seen counter
                a_seen_total{x="1"} 5 # {file="a.log",offset="10"} 1 1763892000.5
                a_seen_total{x="2"} 5
                # TYPE b_seconds gauge
                # UNIT b_seconds seconds
                b_seconds 1
                # EOF

                """.utf8))
        #expect(
            page.metadata == [
                MetricMetadata(name: "a_seen_total", type: "counter", help: "Lines."),
                MetricMetadata(name: "b_seconds", type: "gauge", unit: "seconds"),
            ])
        let job = Label(name: "job", value: "bot")
        let found = page.exemplars(
            [[LabelMatcher("job", equals: "bot")]], from: 1_763_892_000_500, through: 1_763_892_000_500, adding: [job])
        #expect(
            found == [
                SeriesExemplars(
                    labels: ["__name__": "a_seen_total", "job": "bot", "x": "1"],
                    exemplars: [
                        Exemplar(labels: ["file": "a.log", "offset": "10"], value: 1, timestamp: 1_763_892_000_500)
                    ])
            ])
        #expect(page.exemplars([[LabelMatcher("job", equals: "x")]], from: 0, through: .max, adding: [job]).isEmpty)
        #expect(page.exemplars([[]], from: 0, through: 1, adding: [job]).isEmpty)
    }
}
