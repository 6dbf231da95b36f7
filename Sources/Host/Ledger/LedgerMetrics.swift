public import LogModel
public import SeriesModel

/// What the ledger has done since the agent started.
public struct LedgerMetrics: Sendable {
    /// Moves with every epoch that became durable.
    public var commits: UInt64 = 0
    /// Moves with every attempt that failed, by the error's code.
    public var failures: [String: UInt64] = [:]
    /// Wall time of all attempts, failed ones included.
    public var commitTime: Duration = .zero
    /// CPU time of all attempts.
    public var processorTime: Duration = .zero
    /// Page bytes that commits wrote.
    public var bytesWritten: UInt64 = 0
    /// Moves when the ledger had to be written anew.
    public var rewrites: UInt64 = 0
    /// False from a failed commit to the next that succeeds.
    public var isDurable = true
    /// The newest durable epoch.
    public var epoch = EpochID(0)
    /// All zero, and durable.
    public init() {}

    /// As the page of metrics shows them. Every failure code is there from the start, so that the first one is an increase.
    public func families() -> [SampleFamily] {
        let attempts = commits + failures.values.reduce(0, +)
        return [
            .counter("outrider_ledger_commits_total", "Epochs that became durable.", commits),
            SampleFamily(
                name: "outrider_ledger_commit_failures_total", kind: .counter,
                help: "Commits that failed and were tried again, by error code.",
                samples: LedgerError.Kind.allCases.map {
                    .init(labels: [("code", $0.rawValue)], value: Double(failures[$0.rawValue] ?? 0))
                }),
            .counter("outrider_ledger_commit_attempts_total", "Commits tried.", attempts),
            Self.seconds("outrider_ledger_commit_seconds_total", "Wall time spent committing.", commitTime),
            Self.seconds("outrider_ledger_cpu_seconds_total", "CPU time spent committing.", processorTime),
            .counter("outrider_ledger_written_bytes_total", "Bytes of pages that commits wrote.", bytesWritten),
            .counter("outrider_ledger_rewrites_total", "Times the ledger was written anew.", rewrites),
            .gauge(
                "outrider_ledger_durable", "1 while all that is shown is durable, 0 while the disk refuses.",
                isDurable ? 1 : 0),
            .gauge("outrider_ledger_epoch", "The newest durable epoch.", Double(epoch.rawValue)),
        ]
    }

    private static func seconds(_ name: String, _ help: String, _ time: Duration) -> SampleFamily {
        let (seconds, attoseconds) = time.components
        return SampleFamily(
            name: name, kind: .counter, help: help,
            samples: [.init(value: Double(seconds) + Double(attoseconds) / 1e18)])
    }
}
