import Foundation
import Glibc
import PromQL
import QueryModel
import SeriesStore

/// `queries store` measures the store; `queries evaluate START` the engine over 35 minutes from that second on;
/// `queries text START` writes the same samples as OpenMetrics, and `queries expressions light|heavy` what is evaluated.
@main enum Queries {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first) {
        case ("store", _): measureStore()
        case ("evaluate", let start?): try evaluate(from: Int64(start) ?? 0)
        case ("text", let start?): writeText(from: Int64(start) ?? 0)
        case ("expressions", let kind?):
            print((kind == "light" ? MeasuredExpressions.light : MeasuredExpressions.heavy).joined(separator: "\n"))
        default: fatalError("usage: queries store|evaluate START|text START|expressions light|heavy")
        }
    }

    private static let samplesOfQueries = 35 * 60 / 15

    // MARK: - The store

    private static func measureStore() {
        let before = resident()
        let store = SeriesStore(limits: StoreLimits(memory: .max))
        let samples = 6 * 3600 / 15
        let seconds = cpuSeconds { fill(store, samples: samples, from: 1_700_000_000) }
        let count = MeasuredSeries.count * samples
        print("samples", store.sampleCount)
        print("bytes", store.memory)
        print("resident", resident() - before)
        print("samples_per_second", Int(Double(count) / seconds))
        for kind in MeasuredSeries.Kind.allCases {
            let store = SeriesStore(limits: StoreLimits(memory: .max))
            fill(store, samples: samples, from: 1_700_000_000) { $0 < 2000 && MeasuredSeries.kind($0) == kind }
            print("bytes_of_\(kind.rawValue)", Double(store.memory) / Double(store.sampleCount))
        }
        // The same under the limit that the store has when nobody sets one.
        let limited = SeriesStore()
        fill(limited, samples: samples, from: 1_700_000_000)
        print("limited_bytes", limited.memory)
        print("limited_samples", limited.sampleCount)
    }

    private static func fill(
        _ store: SeriesStore, samples: Int, from start: Int64, where isMeant: (Int) -> Bool = { _ in true }
    ) {
        var series = MeasuredSeries()
        let chosen = (0..<MeasuredSeries.count).filter(isMeant).map { number in
            (number: number, reference: store.reference(for: MeasuredSeries.labels(number)))
        }
        for index in 0..<samples {
            let time = start * 1000 + Int64(index) * MeasuredSeries.interval
            for (number, reference) in chosen { store.append(series.next(number), at: time, to: reference) }
            store.expire(now: time)
            // As the agent does, which writes them to its disk.
            _ = store.takeChanges()
        }
    }

    // MARK: - The engine

    private static func evaluate(from start: Int64) throws {
        let store = SeriesStore(limits: StoreLimits(memory: .max))
        fill(store, samples: samplesOfQueries, from: start)
        let time = start * 1000 + 25 * 60_000 + 777
        let sets = [
            ("all", [MeasuredExpressions.overAll]), ("light", MeasuredExpressions.light),
            ("heavy", MeasuredExpressions.heavy),
        ]
        for (name, expressions) in sets {
            let queries = try expressions.map { try Query($0) }
            var best = Double.infinity
            for _ in 0..<7 {
                best = min(
                    best, try cpuSeconds { for query in queries { _ = try query.evaluate(at: time, over: store.view) } }
                )
            }
            print("\(name)_seconds", best)
        }
        for expression in MeasuredExpressions.heavy {
            let query = try Query(expression)
            let seconds = try cpuSeconds { for _ in 0..<3 { _ = try query.evaluate(at: time, over: store.view) } }
            print("answer", sum(try query.evaluate(at: time, over: store.view)), seconds / 3, expression)
        }
    }

    private static func sum(_ result: QueryResult) -> Double {
        guard case .vector(let samples) = result.data else { return 0 }
        return samples.reduce(0) { $0 + $1.value }
    }

    // MARK: - For Prometheus

    private static func writeText(from start: Int64) {
        var values = MeasuredSeries()
        var columns = [[Double]](repeating: [], count: MeasuredSeries.count)
        for _ in 0..<samplesOfQueries { for series in columns.indices { columns[series].append(values.next(series)) } }
        for (series, column) in columns.enumerated() {
            let labels = MeasuredSeries.labels(series)
            let pairs = labels.labels.filter { $0.name != .metricName }.map { "\($0.name)=\"\($0.value)\"" }
            let name = "\(labels.metricName){\(pairs.joined(separator: ","))}"
            let lines = column.enumerated().map {
                "\(name) \($1) \(start + Int64($0) * MeasuredSeries.interval / 1000)\n"
            }
            print(lines.joined(), terminator: "")
        }
        print("# EOF")
    }

    // MARK: - Measuring

    private static func cpuSeconds(_ body: () throws -> Void) rethrows -> Double {
        let before = processorTime()
        try body()
        return processorTime() - before
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes that the process has in memory.
    private static func resident() -> Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}
