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

    mutating func take(_ epoch: ModelEpoch) {
        for record in epoch.streams { streams[record.id] = record }
        for scan in epoch.scanned { scanned[scan.source] = scan.globs }
        for consumer in epoch.consumers {
            consumers.removeAll { $0.consumer == consumer.consumer && $0.stream == consumer.stream }
            consumers.append(consumer)
        }
        losses += epoch.losses
        values.merge(epoch.values) { $1 }
        bootIdentifier = epoch.bootIdentifier
    }
}

/// How the agent's last life ended.
enum ModelLedgerEnd: Equatable {
    case kill
    case powerCut(seed: UInt64)
}

/// A ledger that can be asked to take a commit and, after the agent's death, what it has.
protocol ModelLedger: AnyObject {
    /// Throws when the agent died during the commit, which may have become durable all the same.
    func commit(_ epoch: ModelEpoch) throws
    /// Opens it anew.
    func load(after end: ModelLedgerEnd) throws -> ModelState
    /// The agent dies at the ledger's write or sync number `operation` from now.
    func armCrash(at operation: Int, isHalfway: Bool)
}

/// A ledger that is a variable.
final class LedgerStandIn: ModelLedger {
    private var state = ModelState()
    /// Where an agent may die: before the commit is durable, and after.
    private let crashPoint: () throws -> Void

    init(crashPoint: @escaping () throws -> Void) { self.crashPoint = crashPoint }

    func commit(_ epoch: ModelEpoch) throws {
        try crashPoint()
        state.take(epoch)
        try crashPoint()
    }

    func load(after end: ModelLedgerEnd) throws -> ModelState { state }

    /// It has no writes of its own.
    func armCrash(at operation: Int, isHalfway: Bool) {}
}
