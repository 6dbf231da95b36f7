import Dispatch
import JSONText
import PromQL
import QueryInterface
import QueryModel
import Synchronization

/// Series in memory that can also be listed.
struct ListedSeries: SeriesQueryable, SeriesCatalogue, Sendable {
    var samples = InMemorySeries()

    func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
        samples.select(matchers, from: start, through: end)
    }

    func series(matching lists: [[LabelMatcher]], from start: Int64, through end: Int64) -> [LabelSet] {
        let found = (lists.isEmpty ? [[]] : lists).flatMap { select($0, from: start, through: end).map(\.labels) }
        return Set(found).sorted()
    }
}

/// An API over a few series: `up{job="a"}` and `up{job="b"}` every 15 s from 0 to 600 s, and values that are hard to write.
enum APIFixture {
    static let odd: [(name: ByteString, value: Double)] = [
        ("nan", .nan), ("inf", .infinity), ("tiny", 1.5e-9), ("huge", 1.25e21), ("third", 1.0 / 3), ("negative", -0.0),
        ("whole", 123_456_789_012),
    ]

    static var series: ListedSeries {
        var series = ListedSeries()
        for (index, job) in (["a", "b"] as [ByteString]).enumerated() {
            series.samples.append(
                ["__name__": "up", "job": job], (0...40).map { (Int64($0) * 15_000, Double($0 * (index + 1))) })
        }
        for (name, value) in odd {
            series.samples.append(["__name__": "odd", "kind": name], [(Int64(600_000), value)])
        }
        series.samples.append(["__name__": "quoted", "text": "a\"b\\c\n<ü>"], [(Int64(600_000), 1.0)])
        return series
    }

    static var backend: QueryBackend {
        let series = series
        var backend = QueryBackend(version: "1.2.3", now: { 600_123 }, view: { series })
        backend.metadata = {
            [
                MetricMetadata(name: "up", type: "gauge", help: "Whether it is up.", unit: ""),
                MetricMetadata(name: "took_seconds", type: "histogram", help: "", unit: "seconds"),
            ]
        }
        backend.exemplars = { _, _, _ in
            [
                SeriesExemplars(
                    labels: ["__name__": "up"],
                    exemplars: [Exemplar(labels: ["file": "x.log"], value: 0.5, timestamp: 1500)])
            ]
        }
        return backend
    }

    static func api(_ change: (inout QuerySettings) -> Void = { _ in }) -> QueryAPI {
        var settings = QuerySettings()
        change(&settings)
        return QueryAPI(backend, settings: settings)
    }
}

extension QueryAPI {
    func get(_ path: String, _ query: String = "") async -> QueryAnswer {
        await answer(QueryRequest(path: "/api/v1/\(path)", query: query))
    }

    /// The text of an answer.
    func text(_ path: String, _ query: String = "") async -> String {
        String(decoding: await get(path, query).body, as: UTF8.self)
    }

    /// The status and the error of an answer that is none.
    func failure(_ path: String, _ query: String = "") async throws -> String {
        let answer = await get(path, query)
        let document = try JSONValue(parsing: answer.body)
        return "\(answer.status) \(document["errorType"]?.string ?? "-"): \(document["error"]?.string ?? "-")"
    }
}

/// Holds threads until it is opened; counts those that came.
final class Barrier: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)

    /// Blocks the calling thread, which must be one of its own.
    func passBlocking() {
        let (isOpen, waiting) = state.withLock { state in
            state.arrived += 1
            defer { state.waiting = [] }
            return (state.isOpen, state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        guard !isOpen else { return }
        gate.wait()
        gate.signal()
    }

    func open() {
        state.withLock { $0.isOpen = true }
        gate.signal()
    }

    /// Returns when so many have come.
    func arrivals(_ count: Int) async {
        while state.withLock({ $0.arrived }) < count {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.arrived >= count { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }
}
