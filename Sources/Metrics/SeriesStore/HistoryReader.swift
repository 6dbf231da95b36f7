import Synchronization

/// A store that threads share: one appends, any may look.
public final class SharedSeriesStore: Sendable {
    private let store: Mutex<SeriesStore>

    /// An empty store.
    public init(limits: StoreLimits = StoreLimits()) { store = Mutex(SeriesStore(limits: limits)) }

    /// Runs `body` while nobody else looks or appends; it must not wait for anything.
    public func withStore<Result: Sendable>(_ body: (SeriesStore) throws -> Result) rethrows -> Result {
        try store.withLock { try body($0) }
    }

    /// For whoever only looks.
    public var reader: HistoryReader { HistoryReader(self) }
}

/// The way to the history for queries.
public struct HistoryReader: Sendable {
    private let shared: SharedSeriesStore
    init(_ shared: SharedSeriesStore) { self.shared = shared }

    /// Everything as it is now. Taking a view costs the same whatever there is, and holds nobody up; while it lives, what is
    /// appended to is copied once.
    public func view() -> StoreView { shared.withStore { $0.view } }
}
