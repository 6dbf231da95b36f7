/// Something about the ledger that is no error but that an operator should read once, at start.
public struct LedgerNotice: Hashable, Sendable {
    /// What it is about; its raw value is for logs and tests.
    public enum Kind: String, Sendable, CaseIterable {
        /// The file system takes no write-ahead log: commits are slower.
        case rollbackJournal = "ledger_rollback_journal"
        /// The state directory goes away with its container.
        case containerLayer = "state_dir_in_container_layer"
        /// The state directory goes away with a reboot.
        case memoryOnly = "state_dir_in_memory"
        /// The ledger was damaged; it was put aside and a new one begun.
        case startedFresh = "ledger_started_fresh"
        /// There was no ledger although an agent had been here before.
        case missing = "ledger_missing"
        /// The history could not be used; it was put aside and a new one begun.
        case historyStartedFresh = "history_started_fresh"
        /// The format was brought up to date, and a copy of the old file kept.
        case migrated = "ledger_migrated"
    }

    /// What it is about.
    public let kind: Kind
    /// One sentence.
    public let message: String
    /// What to do about it; nil when there is nothing to do.
    public let hint: String?
    /// The raw value of `kind`.
    public var code: String { kind.rawValue }

    init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}
