import LogModel

/// What one commit makes durable, all of it or nothing.
struct ModelEpoch {
    var streams: [StreamRecord] = []
    var scanned: [ScannedSource] = []
    var consumers: [ConsumerState] = []
    var losses: [LossRecord] = []
    /// The values of the consumers that were ready.
    var values: [ConsumerName: [ModelConsumer.Delivery]] = [:]
    var bootIdentifier = ""
}

/// What an agent finds when it starts.
struct ModelState {
    var streams: [StreamID: StreamRecord] = [:]
    var scanned: [SourceName: ContentHash] = [:]
    var consumers: [ConsumerState] = []
    var losses: [LossRecord] = []
    var values: [ConsumerName: [ModelConsumer.Delivery]] = [:]
    var bootIdentifier: String?
}

/// A ledger that can be asked to take a commit and, after the agent's death, what it has.
protocol ModelLedger: AnyObject {
    /// Throws when the agent died before the commit was durable.
    func commit(_ epoch: ModelEpoch) throws
    func load() throws -> ModelState
}

/// A ledger that is a variable.
final class LedgerStandIn: ModelLedger {
    private var state = ModelState()
    /// Where an agent may die: before the commit is durable, and after.
    private let crashPoint: () throws -> Void

    init(crashPoint: @escaping () throws -> Void) { self.crashPoint = crashPoint }

    func commit(_ epoch: ModelEpoch) throws {
        try crashPoint()
        for record in epoch.streams { state.streams[record.id] = record }
        for scan in epoch.scanned { state.scanned[scan.source] = scan.globs }
        for consumer in epoch.consumers {
            state.consumers.removeAll { $0.consumer == consumer.consumer && $0.stream == consumer.stream }
            state.consumers.append(consumer)
        }
        state.losses += epoch.losses
        state.values.merge(epoch.values) { $1 }
        state.bootIdentifier = epoch.bootIdentifier
        try crashPoint()
    }

    func load() throws -> ModelState { state }
}
