import Foundation
import Testing

extension EndToEnd {
    /// Our page as others read it.
    @Suite
    struct ExpositionTests {
        @Test(.enabled(if: Component.promtool.isInstalled, "\(Component.promtool.advice)"))
        func promtoolAcceptsThePage() async throws {
            try await withPageOfALog { fixture, agent in
                let page = try #require(agent.page())
                let promtool = try fixture.start(Component.promtool.url, ["check", "metrics"])
                try promtool.give(page.text)
                #expect(try await promtool.ended() == .exit(0), "\(promtool.output)\(promtool.error)")
            }
        }

        @Test(.enabled(if: Component.promtool.isInstalled, "\(Component.promtool.advice)"))
        func promtoolAcceptsAllShippedMetrics() async throws {
            try await Fixture.with { fixture in
                let listing = try fixture.outrider(["docs", "patterns"])
                #expect(try await listing.ended() == .exit(0))
                let names = listing.output.split(separator: "\n").dropFirst().compactMap {
                    $0.split(separator: " ").first
                }
                var log = ""
                for name in names {
                    let library = try fixture.outrider(["docs", "patterns", String(name)])
                    #expect(try await library.ended() == .exit(0))
                    // The lines of its tests, and whatever else stands in quotes.
                    for quoted in library.output.matches(of: /'((?:[^'\n]|'')*)'/) {
                        log += quoted.output.1.replacingOccurrences(of: "''", with: "'") + "\n"
                    }
                }
                try fixture.write(log, to: "app.log")
                let uses = names.filter { $0 != "default" }.joined(separator: ", ")
                try fixture.write(
                    """
                    state_dir: \(fixture.path("state"))
                    sources: [{name: app, files: ["\(fixture.path("app.log"))"], format: auto}]
                    patterns: [{use: [\(uses)]}]

                    """, to: "outrider.yml")
                let run = try fixture.outrider(["run", "--once", "--config", fixture.path("outrider.yml")])
                #expect(try await run.ended() == .exit(0), "\(run.error)")
                let promtool = try fixture.start(Component.promtool.url, ["check", "metrics"])
                try promtool.give(run.output)
                #expect(try await promtool.ended() == .exit(0), "\(promtool.output)\(promtool.error)")
                // Every pattern matched something, so that no metric is missing.
                let idle = run.output.split(separator: "\n").filter {
                    $0.hasPrefix("outrider_pattern_matches_total{") && $0.hasSuffix(" 0")
                }
                #expect(idle == [])
            }
        }

        @Test(
            .enabled(
                if: Component.pythonWithPrometheusClient.isInstalled,
                "\(Component.pythonWithPrometheusClient.advice)"))
        func pythonsClientParsesEverySample() async throws {
            try await withPageOfALog { fixture, agent in
                let page = try #require(agent.page())
                let parser = try fixture.start(
                    Component.pythonWithPrometheusClient.url, [Fixture.writerPath("parse_page")])
                try parser.give(page.text)
                #expect(try await parser.ended() == .exit(0), "\(parser.error)")
                let families = try JSONDecoder().decode([String: Int].self, from: Data(parser.output.utf8))
                #expect(families.values.reduce(0, +) == page.samples.count)
                #expect(families.keys.contains("lines_seen"))
            }
        }

        @Test(
            .enabled(
                if: Component.pythonWithPrometheusClient.isInstalled,
                "\(Component.pythonWithPrometheusClient.advice)"))
        func pythonsClientParsesOpenMetricsToo() async throws {
            try await withPageOfALog { fixture, agent in
                let answer = try #require(
                    LoopbackHTTP.get(
                        "/metrics", port: agent.port,
                        headers: ["Accept: application/openmetrics-text; version=1.0.0, text/plain; q=0.5"]))
                #expect(answer.head.lowercased().contains("content-type: application/openmetrics-text; version=1.0.0"))
                #expect(answer.body.hasSuffix("\n# EOF\n"))
                let parser = try fixture.start(
                    Component.pythonWithPrometheusClient.url, [Fixture.writerPath("parse_page"), "openmetrics"])
                try parser.give(answer.body)
                #expect(try await parser.ended() == .exit(0), "\(parser.error)")
                let families = try JSONDecoder().decode([String: Int].self, from: Data(parser.output.utf8))
                #expect(families["lines_seen"] == 1)
                #expect(families["took_seconds"] == 6)
                #expect(answer.body.contains("# UNIT took_seconds seconds\n"))
                #expect(answer.body.contains("took_seconds_bucket{le=\"20.0\"} 2 # {file="))
            }
        }

        private struct ParsedExemplar: Decodable {
            var sample: String
            var le: String
            var labels: [String: String]
            var value: Double
            var time: Double
        }

        @Test(
            .enabled(
                if: Component.pythonWithPrometheusClient.isInstalled,
                "\(Component.pythonWithPrometheusClient.advice)"))
        func pythonsClientFindsTheLinesThatCountsAreOf() async throws {
            try await withPageOfALog(http: "created: true") { fixture, agent in
                let answer = try #require(
                    LoopbackHTTP.get(
                        "/metrics", port: agent.port, headers: ["Accept: application/openmetrics-text; version=1.0.0"]))
                let parser = try fixture.start(
                    Component.pythonWithPrometheusClient.url,
                    [Fixture.writerPath("parse_page"), "openmetrics", "exemplars"])
                try parser.give(answer.body)
                #expect(try await parser.ended() == .exit(0), "\(parser.error)")
                let exemplars = try JSONDecoder().decode([ParsedExemplar].self, from: Data(parser.output.utf8))
                let log = try Data(contentsOf: URL(filePath: fixture.path("app.log")))
                // Each names the line whose value it is.
                let buckets = exemplars.filter { $0.sample == "took_seconds_bucket" }
                #expect(buckets.map(\.le) == ["20.0", "+Inf"])
                for bucket in buckets {
                    #expect(bucket.labels["file"] == fixture.path("app.log"))
                    let offset = try #require(bucket.labels["offset"].flatMap(Int.init))
                    let line = String(decoding: log[offset...].prefix { $0 != 0x0A }, as: UTF8.self)
                    #expect(line.hasSuffix("value=\(Int(bucket.value))"), "\(line)")
                    #expect(abs(bucket.time - Date().timeIntervalSince1970) < 600)
                }
                #expect(exemplars.contains { $0.sample == "lines_seen_total" })
                #expect(answer.body.contains("\nlines_seen_created 1"))
                let text = try #require(LoopbackHTTP.get("/metrics", port: agent.port))
                #expect(!text.body.contains("# {") && !text.body.contains("_created"))
            }
        }

        @Test
        func exemplarsAndCreatedTimesAreLeftOutWhereTheyAreNotWanted() async throws {
            try await withPageOfALog(http: "exemplars: false") { _, agent in
                let answer = try #require(
                    LoopbackHTTP.get(
                        "/metrics", port: agent.port, headers: ["Accept: application/openmetrics-text; version=1.0.0"]))
                #expect(answer.body.hasSuffix("\n# EOF\n"))
                #expect(!answer.body.contains("# {") && !answer.body.contains("_created"))
            }
        }

        @Test(.enabled(if: Component.prometheus.isInstalled, "\(Component.prometheus.advice)"))
        func prometheusStoresTheLinesThatCountsAreOf() async throws {
            try await withPageOfALog(http: "created: true") { fixture, agent in
                let prometheus = try PrometheusServer(fixture, scraping: agent.port)
                try await prometheus.ready()
                try await until("Prometheus has stored an exemplar", seeing: { prometheus.process.error }) {
                    try await !prometheus.exemplars(of: "took_seconds_bucket").isEmpty
                }
                let buckets = try await prometheus.exemplars(of: "took_seconds_bucket")
                #expect(Set(buckets.keys) == ["20.0", "+Inf"])
                #expect(buckets["20.0"]?.last?.value == "20")
                #expect(buckets["20.0"]?.last?.labels["file"] == fixture.path("app.log"))
                #expect(buckets["20.0"]?.last?.labels["offset"] == "\(numberedLines([10]).utf8.count)")
                #expect(try await prometheus.query("lines_seen_created > 1.7e9").count == 1)
            }
        }

        @Test(.enabled(if: Component.prometheus.isInstalled, "\(Component.prometheus.advice)"))
        func prometheusScrapesThePage() async throws {
            try await withPageOfALog { fixture, agent in
                let prometheus = try PrometheusServer(fixture, scraping: agent.port)
                try await prometheus.ready()
                try await until("Prometheus has scraped the counter") {
                    try await prometheus.query("lines_seen_total") == [3]
                }
                #expect(try await prometheus.query("value_sum_total") == [60])
                #expect(try await prometheus.query("up") == [1])
                #expect(try await prometheus.query("count(outrider_build_info)") == [1])
            }
        }

        @Test
        func everySampleHasAType() async throws {
            try await withPageOfALog { _, agent in
                let page = try #require(agent.page())
                let untyped = page.samples.filter { sample in
                    page.types[sample.name] == nil
                        && !["_bucket", "_sum", "_count"].contains { suffix in
                            sample.name.hasSuffix(suffix)
                                && page.types[String(sample.name.dropLast(suffix.count))] == "histogram"
                        }
                }
                #expect(untyped.isEmpty)
                #expect(page.types["lines_seen_total"] == "counter")
                #expect(page.types["last_seq"] == "gauge")
            }
        }

        @Test
        func anUnknownPathIsNotFoundAndHealthIs() async throws {
            try await withPageOfALog { _, agent in
                #expect(LoopbackHTTP.get("/nowhere", port: agent.port)?.status == 404)
                #expect(LoopbackHTTP.get("/-/healthy", port: agent.port)?.status == 200)
                #expect(LoopbackHTTP.get("/-/ready", port: agent.port)?.status == 200)
            }
        }

        @Test
        func thePageIsCompressedForThoseWhoAskForIt() async throws {
            try await withPageOfALog { _, agent in
                let plain = try #require(LoopbackHTTP.get("/metrics", port: agent.port))
                let packed = try #require(
                    LoopbackHTTP.get("/metrics", port: agent.port, headers: ["Accept-Encoding: gzip"]))
                #expect(!plain.head.lowercased().contains("content-encoding"))
                #expect(packed.head.lowercased().contains("content-encoding: gzip"))
                #expect(plain.head.lowercased().contains("content-type: text/plain; version=0.0.4"))
            }
        }

        @Test
        func aRequestWithEnormousHeadersIsRefusedAndDisturbsNobody() async throws {
            try await withPageOfALog { _, agent in
                let enormous = "X-Filler: " + String(repeating: "x", count: 64 * 1024)
                let answer = LoopbackHTTP.get("/metrics", port: agent.port, headers: [enormous])
                #expect(answer.map { (400...499).contains($0.status) } ?? true)
                #expect(agent.page()?.value("lines_seen_total") == 3)
            }
        }

        /// An agent that has read three lines.
        private func withPageOfALog(
            http: String? = nil, _ body: (Fixture, Agent) async throws -> Void
        ) async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(
                    extra: """
                          - {name: took, match: 'value=(?<took>\\S+)', metrics: [{histogram: took_seconds, value: $took, unit: seconds, buckets: [5, 20, 25.5]}]}
                        """, http: http)
                try fixture.write(numberedLines([10, 20, 30]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 3)
                try await body(fixture, agent)
                #expect(try await agent.terminate() == .exit(0))
            }
        }
    }
}

/// Lines as numbered_writer.py writes them, numbered from `first` on, with these values.
func numberedLines(_ values: [Int], from first: Int = 1) -> String {
    values.enumerated().map { "2026-01-01 00:00:00,000 - INFO - seq=\(first + $0) value=\($1)\n" }.joined()
}
