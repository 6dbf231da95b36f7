import Glibc
import Testing

@testable import TestSupport

/// Random scripts on the real tailer and consumers over a simulated disk, held against a model that is obviously right.
///
/// `OUTRIDER_MODEL_SCRIPTS` says how many, from seed `OUTRIDER_MODEL_FIRST_SEED` on; `OUTRIDER_MODEL_SEED` runs one. It ends
/// with failure number `OUTRIDER_MODEL_FAILURES`, the first unless told otherwise. With `OUTRIDER_MODEL_TRACE` what the agent
/// does in a failing script is printed.
@Suite struct ModelTests {
    static let shards = 4

    @Test(arguments: 0..<shards)
    func everyScriptEndsAsTheModelSays(shard: Int) async throws {
        if let seed = Self.number("OUTRIDER_MODEL_SEED") {
            guard shard == 0 else { return }
            return try run(UInt64(seed))
        }
        let count = Self.number("OUTRIDER_MODEL_SCRIPTS") ?? 4_000
        let first = Self.number("OUTRIDER_MODEL_FIRST_SEED") ?? 1
        var failures = 0
        for seed in stride(from: first + shard, to: first + count, by: Self.shards) {
            // The pool has as many threads as the machine has cores, and other tests need it too.
            await Task.yield()
            do { try run(UInt64(seed)) } catch {
                failures += 1
                if failures >= Self.number("OUTRIDER_MODEL_FAILURES") ?? 1 { throw error }
            }
        }
        #expect(failures == 0)
    }

    private func run(_ seed: UInt64) throws {
        var generator = ScriptGenerator(seed: seed)
        let script = generator.script()
        guard Shrinker.failure(script) != nil else { return }
        let (smallest, failure) = Shrinker.shrink(script)
        if Self.number("OUTRIDER_MODEL_TRACE") != nil { try? Simulation.run(smallest, isTracing: true) }
        Issue.record("seed \(seed): \(failure)\n\(smallest.source)")
        throw ModelFailure("seed \(seed)")
    }

    private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
