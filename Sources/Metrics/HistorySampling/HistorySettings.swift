public import SeriesStore

/// What is kept of the metrics, and how often they are looked at.
public struct HistorySettings: Hashable, Sendable {
    /// Whether there is a history at all.
    public var isEnabled: Bool
    /// The time between two samples of a series.
    public var resolution: Duration
    /// How long samples are kept.
    public var retention: Duration
    /// Bytes that samples may take in memory.
    public var memory: Int
    /// The defaults of the configuration unless others are given.
    public init(
        isEnabled: Bool = true, resolution: Duration = .seconds(15), retention: Duration = .seconds(6 * 3600),
        memory: Int = 32 << 20
    ) {
        self.isEnabled = isEnabled
        self.resolution = resolution
        self.retention = retention
        self.memory = memory
    }

    /// Milliseconds between two samples.
    public var step: Int64 { max(1, resolution.milliseconds) }

    /// The limits of a store. A chunk is closed when a full one would have been for long, so that series that are sampled
    /// seldom do not keep the rows of all others; but a chunk of few samples takes more memory than they are worth.
    public var limits: StoreLimits {
        StoreLimits(retention: retention.milliseconds, memory: memory, chunkSpan: max(1_800_000, 360 * step))
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
