import Foundation
import SeriesStore
import TestSupport
import Testing

extension EndToEnd {
    /// Random expressions over the same samples, here and in a real Prometheus.
    @Suite("Comparison with Prometheus", .enabled(if: Component.promtool.isInstalled, "\(Component.promtool.advice)"))
    struct ComparisonTests {
        /// Each is evaluated at an instant and over a range.
        private static let expressions = environmentInteger("OUTRIDER_COMPARED_EXPRESSIONS", default: 2000)
        private static let seed = UInt64(environmentInteger("OUTRIDER_COMPARISON_SEED", default: 1))

        @Test(.enabled(if: Component.prometheus.isInstalled, "\(Component.prometheus.advice)"))
        func randomExpressionsHavePrometheussAnswers() async throws {
            let samples = ComparedSamples(seed: Self.seed)
            try await Fixture.with { fixture in
                let server = try await PrometheusServer.holding(samples.openMetrics, fixture)
                try await server.ready()
                var run = try ComparisonRun(samples, server, seed: Self.seed)
                for _ in 0..<Self.expressions { try run.compareNext() }
                for failure in run.failures.prefix(10) { Issue.record("\(failure)") }
                #expect(run.failures.count == 0, "\(run.summary)")
                // What has no samples or is refused compares little.
                #expect(run.filled * 2 > run.compared, "\(run.summary)")
                // Nor do differences that are explained.
                #expect(run.explained.values.reduce(0, +) * 20 < run.compared, "\(run.summary)")
                print(run.summary)
            }
        }
    }
}

/// The expressions of one seed, one after the other.
struct ComparisonRun {
    private let view: StoreView
    private let noisyViews: [StoreView]
    private let connection: HTTPConnection
    private let seed: UInt64
    private var expressions: ComparedExpressions
    private var random: SeededRandom
    private(set) var compared = 0
    /// Answers that are neither empty nor errors.
    private(set) var filled = 0
    private(set) var explained: [KnownDifference: Int] = [:]
    private(set) var failures: [String] = []

    init(_ samples: ComparedSamples, _ server: PrometheusServer, seed: UInt64) throws {
        self.seed = seed
        view = samples.view()
        noisyViews = (1...6).map { samples.view(noise: 1e-13, seed: $0) }
        connection = try HTTPConnection(port: server.port)
        expressions = ComparedExpressions(seed: seed)
        random = SeededRandom(seed: seed &+ 1)
    }

    var summary: String {
        let counts = explained.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
        return
            "\(compared) answers of seed \(seed), \(filled) of them with samples, \(failures.count) wrong; explained: \(counts)"
    }

    /// Compares the next expression at an instant and over a range.
    mutating func compareNext() throws {
        let expression = expressions.next()
        let start = (ComparedSamples.start + Int64.random(in: 1500...4000, using: &random)) * 1000 + 777
        let step = [37_000, 60_000, 90_000, 241_000].randomElement(using: &random) ?? 60_000
        let count = Int64.random(in: 4...12, using: &random)
        try compare(expression, [start])
        try compare(expression, (0..<count).map { start - 1_200_000 + $0 * Int64(step) })
    }

    private mutating func compare(_ expression: ComparedExpression, _ times: [Int64]) throws {
        let comparison = Comparison(
            expression: expression, times: times, view: view, noisyViews: noisyViews,
            ours: Comparison.answer(expression.ours, times, view), theirs: try theirAnswer(expression.theirs, times))
        compared += 1
        if !comparison.ours.isFailure, !comparison.ours.isEmpty { filled += 1 }
        let differences = comparison.differences
        if let differences, differences.isEmpty, isInSameOrder(comparison) { return }
        if let explanation = comparison.explanation {
            explained[explanation, default: 0] += 1
            return
        }
        failures.append(
            """
            seed \(seed), number \(compared / 2), \(times.count) steps from \(times[0]): \(expression.ours)
              ours: \(comparison.ours.excerpt(differences))
              Prometheus: \(comparison.theirs.excerpt(differences))
            """)
    }

    /// Whether what was sorted is in the same order, whatever that of equal values.
    private func isInSameOrder(_ comparison: Comparison) -> Bool {
        guard comparison.expression.ours.hasPrefix("sort"), comparison.times.count == 1,
            case .values(let ours, let order) = comparison.ours,
            case .values(let theirs, let theirOrder) = comparison.theirs
        else { return true }
        return zip(order, theirOrder).allSatisfy {
            QueryAnswer.isSame(ours[$0] ?? 0, theirs[$1] ?? 0) || ours[$0] == theirs[$1]
        }
    }

    private func theirAnswer(_ text: String, _ times: [Int64]) throws -> QueryAnswer {
        func seconds(_ milliseconds: Int64) -> String {
            "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
        }
        if times.count == 1 {
            return try QueryAnswer(
                json: connection.post("/api/v1/query", form: [("query", text), ("time", seconds(times[0]))]))
        }
        let form = [
            ("query", text), ("start", seconds(times[0])), ("end", seconds(times[times.count - 1])),
            ("step", seconds(times[1] - times[0])),
        ]
        return try QueryAnswer(json: connection.post("/api/v1/query_range", form: form))
    }
}
