import Foundation
import Testing

extension EndToEnd {
    /// The query API over a dump, beside a real Prometheus that has the same samples, and asked by Prometheus's own client.
    @Suite
    struct QueryInterface {
        private static let start = 1_763_892_000
        private static let end = start + 3600

        /// Samples every 15 s for an hour, and values that are hard to write.
        private static var dump: String {
            var lines = ["# HELP m_requests Requests.", "# TYPE m_requests counter"]
            for (job, slope) in [("a", 2.5), ("b", 1)] {
                lines += (0...240).map {
                    "m_requests_total{job=\"\(job)\",path=\"/x\"} \(Double($0) * slope) \(start + $0 * 15)"
                }
            }
            lines += ["# TYPE odd gauge"]
            let odd = [
                ("nan", "NaN"), ("inf", "+Inf"), ("ninf", "-Inf"), ("tiny", "1.5e-9"), ("huge", "1.25e21"),
                ("big", "123456789012345678"), ("third", "0.3333333333333333"), ("small", "0.000001"), ("nzero", "-0"),
            ]
            for (kind, value) in odd {
                lines += (0...240).map {
                    "odd{kind=\"\(kind)\",text=\"a\\\"b\\\\c\\n<ü>&\"} \(value) \(start + $0 * 15)"
                }
            }
            return (lines + ["# EOF", ""]).joined(separator: "\n")
        }

        /// A dump that is served, and its port.
        private static func served(_ fixture: Fixture) async throws -> (process: ChildProcess, port: Int) {
            try fixture.write(dump, to: "dump.om")
            let port = LoopbackHTTP.freePort()
            let process = try fixture.outrider(
                ["query", "--data", fixture.path("dump.om"), "--serve", "127.0.0.1:\(port)"])
            try await until("the dump is served", seeing: { process.error }) {
                LoopbackHTTP.get("/-/ready", port: port)?.status == 200
            }
            return (process, port)
        }

        private static func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "-._~").union(.alphanumerics))
                ?? ""
        }

        static var requests: [String] {
            let expressions = [
                "m_requests_total", "odd", "1/3", "1e21", "\"x\"", "nothing", "sort(m_requests_total)",
                "topk(1, m_requests_total)", "-m_requests_total", "m_requests_total offset 5m",
                "m_requests_total @ \(start)", "sum(", "", "rate(m_requests_total)", "foo(x)", "{}", "vector(NaN)",
                "scalar(vector(1e-9))", "time()", "m_requests_total{", "1 + \"a\"", "m_requests_total[5m",
                "m_requests_total[0s]", "count_values(\"v\", odd)", "absent(nothing{a=\"b\"})",
                "label_replace(odd, \"a\", \"$1\", \"kind\", \"(.*)\")", "sum by (job) (m_requests_total)",
                "increase(m_requests_total[290s])", "avg_over_time(odd{kind=\"big\"}[29s])",
            ].map(encoded)
            var requests: [String] = []
            for expression in expressions {
                requests.append("query?query=\(expression)&time=\(end)")
                requests.append("query_exemplars?query=\(expression)&start=\(start)&end=\(end)")
                requests.append("query_range?query=\(expression)&start=\(start)&end=\(end)&step=307")
            }
            for time in [
                "x", "2025-11-23T11:00:00Z", "2025-11-23T12:00:00%2B01:00", "2025-11-23T11:00:00.5Z", "2025-11-23",
                "1763895600.123", "1e9", "-1", "2025-02-30T00:00:00Z",
            ] {
                requests.append("query?query=m_requests_total&time=\(time)")
                requests.append("query_range?query=m_requests_total&start=\(time)&end=\(end)&step=300000")
                requests.append("labels?start=\(time)")
            }
            for step in ["", "x", "0", "-1", "1m", "1h30m", "1.5", "1e300", "1e10", "15", "1m1h"] {
                requests.append("query_range?query=m_requests_total&start=\(start)&end=\(end)&step=\(step)")
            }
            for length in [10_999, 11_000, 11_001] {
                requests.append("query_range?query=vector(1)&start=\(start)&end=\(start + length)&step=1")
            }
            requests.append("query_range?query=1&start=\(end)&end=\(start)&step=1")
            for selector in [
                "m_requests_total", "{job=\"a\"}", "{}", "{__name__=~\".*\"}", "up{", "nothing", "{job!=\"a\"}",
                "{job=~\"a|b\"}",
            ] {
                for path in ["series", "labels", "label/kind/values", "label/job/values", "label/__name__/values"] {
                    requests.append("\(path)?match[]=\(encoded(selector))&start=\(start)&end=\(end)")
                }
            }
            return requests + [
                "series", "series?match[]=odd&match[]=m_requests_total", "label/none/values",
                "metadata?limit=x", "nothing", "format_query?query=sum(x)by(y)", "format_query?query=sum(",
            ]
        }

        private static func text(_ value: NSObject) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
        }

        /// A document as it can be compared: without the order of what has none, and without what 2.42 says otherwise.
        private static func comparable(_ answer: HTTPAnswer) throws -> NSObject {
            guard let document = try? JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
            else {
                return "no document" as NSString
            }
            var known = document
            // New in 3.x.
            known["infos"] = nil
            // 3.x names the parameter also where a range query has no good expression.
            if let error = known["error"] as? String {
                known["error"] = error.replacingOccurrences(of: "invalid parameter \"query\": ", with: "")
            }
            if var data = known["data"] as? [String: Any], data["resultType"] as? String == "vector",
                let result = data["result"] as? [NSObject]
            {
                data["result"] = try result.sorted { try text($0) < text($1) }
                known["data"] = data
            }
            return known as NSDictionary
        }

        @Test(
            .enabled(
                if: Component.prometheus.isInstalled && Component.promtool.isInstalled, "\(Component.prometheus.advice)"
            ))
        func answersAsPrometheusDoes() async throws {
            try await Fixture.with { fixture in
                let (process, port) = try await Self.served(fixture)
                try await Self.makeBlocks(fixture)
                try fixture.write("{}", to: "prometheus.yml")
                let theirs = LoopbackHTTP.freePort()
                let prometheus = try fixture.start(
                    Component.prometheus.url,
                    [
                        "--config.file=\(fixture.path("prometheus.yml"))",
                        "--storage.tsdb.path=\(fixture.path("tsdb"))",
                        "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:\(theirs)",
                        "--log.level=error", "--enable-feature=exemplar-storage",
                    ])
                try await until("Prometheus is ready", seeing: { prometheus.error }) {
                    LoopbackHTTP.get("/-/ready", port: theirs)?.status == 200
                }
                for request in Self.requests {
                    let expected = try #require(LoopbackHTTP.get("/api/v1/\(request)", port: theirs))
                    let answer = try #require(LoopbackHTTP.get("/api/v1/\(request)", port: port))
                    #expect(answer.status == expected.status, "\(request): \(answer.body.prefix(300))")
                    #expect(
                        try Self.comparable(answer) == Self.comparable(expected),
                        "\(request):\n\(answer.body.prefix(500))\n\(expected.body.prefix(500))")
                }
                #expect(try await process.stop() == .exit(0))
                _ = try await prometheus.stop()
            }
        }

        private static func makeBlocks(_ fixture: Fixture) async throws {
            let blocks = try fixture.start(
                Component.promtool.url,
                ["tsdb", "create-blocks-from", "openmetrics", fixture.path("dump.om"), fixture.path("tsdb")])
            try #require(try await blocks.ended() == .exit(0), "\(blocks.error)")
        }

        @Test(
            .enabled(if: Component.promtool.isInstalled, "\(Component.promtool.advice)"),
            arguments: [
                (
                    ["instant", "--time", "2025-11-23T11:00:00Z", "$", "sum by (job) (m_requests_total)"],
                    "{job=\"a\"} => 600 @["
                ),
                (
                    [
                        "range", "--start", "1763895540", "--end", "1763895600", "--step", "30s", "$",
                        "m_requests_total{job=\"b\"}",
                    ],
                    "236 @[1763895540]\n238 @[1763895570]\n240 @[1763895600]"
                ),
                (
                    ["series", "--match", "m_requests_total", "$"],
                    "{__name__=\"m_requests_total\", job=\"b\", path=\"/x\"}"
                ),
                (["labels", "$", "job"], "a\nb\n"),
            ])
        func promtoolCanAsk(arguments: [String], expected: String) async throws {
            try await Fixture.with { fixture in
                let (_, port) = try await Self.served(fixture)
                let asked = try fixture.start(
                    Component.promtool.url,
                    ["query"] + arguments.map { $0 == "$" ? "http://127.0.0.1:\(port)" : $0 })
                #expect(try await asked.ended() == .exit(0), "\(asked.error)")
                #expect(asked.output.contains(expected), "\(asked.output)")
            }
        }

        @Test(.enabled(if: Component.python.isInstalled, "\(Component.python.advice)"))
        func hostileRequestsGetErrorsAndHurtNobody() async throws {
            try await Fixture.with { fixture in
                let (process, port) = try await Self.served(fixture)
                let client = try fixture.writer("query_client", ["http://127.0.0.1:\(port)"])
                #expect(try await client.ended() == .exit(0), "\(client.error)")
                let lines = client.output.split(separator: "\n").map { $0.prefix { $0 != "{" } }
                #expect(
                    lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                        "get 200", "post 200", "gzip 200", "points 400", "percent 400", "named 403", "long 400",
                        "wide 400", "giant 413", "origin 200", "again 200",
                    ], "\(client.output)")
                let answer = LoopbackHTTP.get(
                    "/api/v1/query?query=1", port: port, headers: ["Origin: http://evil.example"])
                #expect(answer?.head.lowercased().contains("access-control") == false)
                #expect(try await process.stop() == .exit(0))
            }
        }

        @Test
        func aPortThatIsTakenIsNamedWithTheOptionThatChoosesIt() async throws {
            try await Fixture.with { fixture in
                let (process, port) = try await Self.served(fixture)
                let second = try fixture.outrider(
                    ["query", "--data", fixture.path("dump.om"), "--serve", "127.0.0.1:\(port)"])
                #expect(try await second.ended() == .exit(1))
                #expect(second.error.contains("or choose another port with --serve."), "\(second.error)")
                #expect(try await process.stop() == .exit(0))
            }
        }

        @Test
        func aDumpIsQueriedFromAnyFileAndStandardInput() async throws {
            try await Fixture.with { fixture in
                try fixture.write(Self.dump, to: "dump.om")
                for arguments in [["--data", "$/dump.om"], ["--data", "$/dump.om.gz"], ["--data", "-"]] {
                    if arguments[1].hasSuffix(".gz") {
                        let gzip = try fixture.start(
                            URL(fileURLWithPath: "/bin/gzip"), ["-k", fixture.path("dump.om")])
                        try #require(try await gzip.ended() == .exit(0), "\(gzip.error)")
                    }
                    let query = try fixture.outrider(
                        ["query", "sum by (job) (m_requests_total)", "--json"]
                            + arguments.map { $0.replacingOccurrences(of: "$", with: fixture.directory.path) })
                    if arguments[1] == "-" { try query.give(Self.dump) }
                    #expect(try await query.ended() == .exit(0), "\(query.error)")
                    #expect(query.output.contains("\"600\""), "\(query.output)")
                }
            }
        }
    }
}
