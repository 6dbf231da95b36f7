/// What to do with a ledger that cannot be read.
public enum CorruptLedgerPolicy: String, Hashable, Sendable, CaseIterable {
    /// Put the bad file aside, say so, and begin with an empty one.
    case startFresh = "start_fresh"
    /// Do not start.
    case refuse
}

/// Where the ledger lies and how it behaves when it is damaged.
public struct LedgerSettings: Hashable, Sendable {
    /// The state directory; created with mode 0700 when it is missing.
    public var directory: String
    /// What to do when the ledger is damaged.
    public var onCorrupt: CorruptLedgerPolicy
    /// Settings with the defaults of the configuration.
    public init(directory: String, onCorrupt: CorruptLedgerPolicy = .startFresh) {
        self.directory = directory
        self.onCorrupt = onCorrupt
    }
}
