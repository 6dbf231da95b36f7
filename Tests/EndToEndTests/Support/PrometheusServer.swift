import Foundation
import Testing

/// A real Prometheus.
struct PrometheusServer {
    let port = LoopbackHTTP.freePort()
    let process: ChildProcess

    /// One that scrapes one port once a second.
    init(_ fixture: Fixture, scraping agentPort: Int) throws {
        try self.init(
            fixture,
            configuration: """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                  - job_name: outrider
                    honor_labels: true
                    static_configs: [{targets: ["127.0.0.1:\(agentPort)"]}]

                """)
    }

    private init(_ fixture: Fixture, configuration: String) throws {
        try fixture.write(configuration, to: "prometheus.yml")
        process = try fixture.start(
            Component.prometheus.url,
            [
                "--config.file=\(fixture.path("prometheus.yml"))", "--storage.tsdb.path=\(fixture.path("tsdb"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
                "--enable-feature=exemplar-storage",
            ])
    }

    /// One that scrapes nothing, and holds the samples of a text in the format of OpenMetrics.
    static func holding(_ samples: String, _ fixture: Fixture) async throws -> PrometheusServer {
        try fixture.write(samples, to: "samples.txt")
        let reading = try fixture.start(
            Component.promtool.url,
            ["tsdb", "create-blocks-from", "openmetrics", fixture.path("samples.txt"), fixture.path("tsdb")])
        #expect(try await reading.ended() == .exit(0), "\(reading.error)")
        return try PrometheusServer(fixture, configuration: "global: {evaluation_interval: 1m}\n")
    }

    func ready() async throws {
        try await until("Prometheus is ready", seeing: { process.error }) {
            LoopbackHTTP.get("/-/ready", port: port)?.status == 200
        }
    }

    private struct Answer: Decodable {
        struct Content: Decodable { let result: [Series] }
        struct Series: Decodable { let value: Instant }
        struct Instant: Decodable {
            let value: String
            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                _ = try pair.decode(Double.self)
                value = try pair.decode(String.self)
            }
        }
        let data: Content
    }

    struct Exemplar: Decodable {
        let labels: [String: String]
        let value: String
    }

    private struct ExemplarAnswer: Decodable {
        struct Series: Decodable {
            let seriesLabels: [String: String]
            let exemplars: [Exemplar]
        }
        let data: [Series]
    }

    /// The exemplars of a metric that were stored in the last minutes, by the bound of their bucket.
    func exemplars(of metric: String) async throws -> [String: [Exemplar]] {
        let now = Int(Date().timeIntervalSince1970)
        let path = "/api/v1/query_exemplars?query=\(metric)&start=\(now - 600)&end=\(now + 60)"
        let answer = try #require(LoopbackHTTP.get(path, port: port))
        try #require(answer.status == 200, "\(answer.body)")
        let series = try JSONDecoder().decode(ExemplarAnswer.self, from: Data(answer.body.utf8)).data
        return Dictionary(series.map { ($0.seriesLabels["le"] ?? "", $0.exemplars) }, uniquingKeysWith: +)
    }

    /// The values of an instant query; empty when there is no such series.
    func query(_ expression: String) async throws -> [Double] {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let encoded = expression.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let answer = try #require(LoopbackHTTP.get("/api/v1/query?query=\(encoded)", port: port))
        try #require(answer.status == 200, "\(answer.body)")
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body.utf8)).data.result
            .compactMap { Double($0.value.value) }
    }
}
