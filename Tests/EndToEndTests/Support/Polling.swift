import Foundation

/// Something that was waited for did not come about in time; `last` is what was seen instead.
struct DeadlineExceeded: Error, CustomStringConvertible {
    let awaited: String
    let patience: Duration
    let last: String

    var description: String { "\(awaited): not within \(patience)\(last.isEmpty ? "" : "; last seen: \(last)")" }
}

/// How long an event of the agent may take on a loaded machine before the test fails.
let patience: Duration = .seconds(environmentInteger("OUTRIDER_TEST_PATIENCE", default: 60))

/// Returns what `probe` returns as soon as it returns something. The probe looks at the agent from outside (its page, its log,
/// its exit), which cannot call back; the deadline only bounds a failure.
func until<Value>(
    _ awaited: String, within patience: Duration = patience, seeing last: () -> String = { "" },
    _ probe: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + patience
    while true {
        if let value = try await probe() { return value }
        if ContinuousClock.now >= deadline {
            throw DeadlineExceeded(awaited: awaited, patience: patience, last: last())
        }
        try await pause(.milliseconds(20))
    }
}

/// As `until` for a condition.
func until(
    _ awaited: String, within patience: Duration = patience, seeing last: () -> String = { "" },
    isTrue condition: () async throws -> Bool
) async throws {
    _ = try await until(awaited, within: patience, seeing: last) { try await condition() ? true : nil }
}

/// A pause that belongs to a scenario (when to kill, how often to look), never a hope that something has happened meanwhile.
func pause(_ duration: Duration) async throws {
    try await ContinuousClock().sleep(for: duration)
}

func environmentInteger(_ name: String, default value: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? value
}
