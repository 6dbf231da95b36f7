import Ledger
import LogModel
import Synchronization
import TestSupport

/// The real ledger over a disk in memory on which an agent may die at every write and every sync.
///
/// The values of the model's consumers, which are no metrics, are kept beside it by the number of the epoch that they were
/// committed in: the ledger alone decides which epoch there is after a crash.
final class SimulatedLedger: ModelLedger {
    private static let count = Mutex(0)

    private let disk: FaultyDisk
    private var ledger: Ledger?
    private var beside: [EpochID: ModelState] = [EpochID(0): ModelState()]
    private let crashPoint: () throws -> Void

    init(crashPoint: @escaping () throws -> Void) {
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        disk = FaultyDisk("model-\(number)")
        self.crashPoint = crashPoint
    }

    deinit { ledger?.close() }

    func commit(_ epoch: ModelEpoch) throws {
        try crashPoint()
        guard let ledger else { throw ModelFailure("the ledger is not open") }
        let number = ledger.epoch.next
        var state = beside[ledger.epoch] ?? ModelState()
        state.take(epoch)
        beside[number] = state
        var changes = EpochChanges()
        changes.bootIdentifier = epoch.bootIdentifier
        changes.streams = epoch.streams
        changes.consumers = epoch.consumers
        changes.losses = epoch.losses
        changes.scanned = epoch.scanned
        try ledger.commit(changes, epoch: number)
        try crashPoint()
    }

    func armCrash(at operation: Int, isHalfway: Bool) {
        disk.arm(.change, isHalfway ? .crashHalfway : .crash, nth: operation)
    }

    func load(after end: ModelLedgerEnd) throws -> ModelState {
        disk.disarm()
        // A process that dies closes its files without a word to SQLite.
        if ledger != nil { disk.arm(.change, .crash) }
        ledger?.close()
        ledger = nil
        disk.disarm()
        switch end {
        case .kill: disk.reboot(.afterKill)
        case .powerCut(let seed): disk.reboot(seed % 3 == 0 ? .afterPowerCut : .afterTornPowerCut(seed: seed))
        }
        let opened = try Ledger.open(disk, onCorrupt: .refuse, now: WallTime(nanoseconds: 0))
        ledger = opened.ledger
        guard var state = beside[opened.contents.epoch] else {
            throw ModelFailure("the ledger holds epoch \(opened.contents.epoch.rawValue), which nobody committed")
        }
        let expected = state
        state.streams = Dictionary(uniqueKeysWithValues: opened.contents.streams.map { ($0.id, $0) })
        state.consumers = opened.contents.consumers
        state.scanned = Dictionary(uniqueKeysWithValues: opened.contents.scanned.map { ($0.source, $0.globs) })
        state.bootIdentifier = opened.contents.bootIdentifier
        guard state.streams == expected.streams, state.scanned == expected.scanned,
            Set(state.consumers) == Set(expected.consumers)
        else {
            throw ModelFailure(
                "the ledger gives back something else: \(state.streams) \(state.consumers), not \(expected.streams) \(expected.consumers)"
            )
        }
        return state
    }
}
