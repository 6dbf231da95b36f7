import Ledger

/// The keys of `ledger`.
enum LedgerKeys {
    static let onCorrupt = Field(
        "on_corrupt", .choice(CorruptLedgerPolicy.self), default: "start_fresh",
        doc:
            "What to do with a ledger that cannot be read: put it aside and begin with an empty one (`start_fresh`), or not to start (`refuse`).",
        example: "refuse")

    static let schema = ObjectSchema(
        phrase: "`ledger`",
        doc:
            "The file in the state directory that holds positions, the values of all metrics, and the account of losses.",
        keys: [onCorrupt.schema])
    static let reader = ValueReader<CorruptLedgerPolicy?>.object(schema) { $0(onCorrupt) }
}
