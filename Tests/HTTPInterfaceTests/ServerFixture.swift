import HTTPInterface
@_spi(LedgerCommit) import LogModel
import Logging
import SeriesModel

/// Opens once; whoever waits goes on then.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}

struct RouteFailure: Error {}

/// A running server on a free port with routes for the tests.
struct ServerFixture {
    static let shortPage = "# TYPE a counter\na 1\n"
    static let longPage = String(repeating: "a_total{x=\"y\"} 12345\n", count: 500)

    /// More than the kernel takes for a client that does not read.
    static let hugeBody = [UInt8](repeating: 0x61, count: 32 << 20)

    let server: HTTPServer
    let port: Int
    /// `/slow` answers when it is open.
    let gate: Gate
    /// Opens when `/slow` is asked.
    let asked: Gate

    /// Runs a body on a server, and stops the server whatever happens.
    static func with(
        _ change: (inout HTTPSettings) -> Void = { _ in }, _ body: (ServerFixture) async throws -> Void
    ) async throws {
        var settings = HTTPSettings(port: 0)
        change(&settings)
        let (gate, asked) = (Gate(), Gate())
        let server = HTTPServer(
            settings: settings, routes: routes(gate: gate, asked: asked),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fixture = ServerFixture(server: server, port: try await server.start(), gate: gate, asked: asked)
        do { try await body(fixture) } catch {
            await gate.open()
            await server.shutdown()
            throw error
        }
        await gate.open()
        await server.shutdown()
    }

    static func routes(gate: Gate, asked: Gate) -> [HTTPRoute] {
        [
            .metrics { _ in page(longPage) },
            .healthy { HealthAnswer(isGood: true, text: "healthy") },
            .ready { HealthAnswer(isGood: false, text: "not configured yet") },
            HTTPRoute("/short") { _ in HTTPAnswer(status: 200, contentType: "text/plain", body: Array(shortPage.utf8))
            },
            HTTPRoute("/echo") { HTTPAnswer(status: 200, text: "\($0.path)|\($0.query)|\($0.accept)") },
            HTTPRoute("/slow") { _ in
                await asked.open()
                await gate.pass()
                return HTTPAnswer(status: 200, text: "slow")
            },
            HTTPRoute("/huge") { _ in HTTPAnswer(status: 200, contentType: "x", body: hugeBody) },
            HTTPRoute("/fails") { _ in throw RouteFailure() },
            form, HTTPRoute("/item/*/value") { HTTPAnswer(status: 200, text: $0.path) },
            abandoned(gate: gate, asked: asked),
        ]
    }

    /// Says what was posted.
    static var form: HTTPRoute {
        var route = HTTPRoute("/form") {
            HTTPAnswer(status: 200, text: "\($0.query)|\(String(decoding: $0.form, as: UTF8.self))|\($0.host)")
        }
        route.maximumFormSize = 100
        return route
    }

    /// Answers when it is cancelled, and opens the gate for whoever wants to know.
    static func abandoned(gate: Gate, asked: Gate) -> HTTPRoute {
        var route = HTTPRoute("/abandoned") { _ in
            await asked.open()
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                Task { await gate.open() }
            }
            return HTTPAnswer(status: Task.isCancelled ? 503 : 200, text: "over")
        }
        route.endsWithClient = true
        return route
    }

    static func page(_ text: String) -> MetricsPage {
        let snapshot = PublishedSnapshot(
            content: text, epoch: EpochID(1), isDurable: true, publishedAt: MonotonicTime(nanoseconds: 0))
        return MetricsPage(of: snapshot, contentType: "text/plain; version=0.0.4; charset=utf-8") {
            Array($0.content.utf8)
        }
    }

    func client(reads: Bool = true) async throws -> RawClient { try await RawClient.connect(to: port, reads: reads) }

    /// Sends one request on a connection of its own, which then closes.
    func get(_ path: String, method: String = "GET", headers: String = "") async throws -> RawAnswer? {
        let client = try await client()
        try await client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(headers)\r\n")
        let answer = await client.answer(isHead: method == "HEAD")
        try? await client.close()
        return answer
    }

    /// The value of one of the server's own samples.
    func sample(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        server.metrics.families().first { $0.name == name }?.samples.first { sample in
            Dictionary(sample.labels.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }) == labels
        }?.value
    }

    func rejected(_ reason: String) -> Double? { sample("outrider_http_rejected_total", ["reason": reason]) }
}
