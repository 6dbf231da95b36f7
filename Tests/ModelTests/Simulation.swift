import Consumption
import FileAccess
import FileTail
import LogModel

@testable import TestSupport

/// A difference between what the agent did and what the reference model allows.
struct ModelFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// Runs a script on the real tailer and the real consumers over a simulated disk, beside the reference model.
final class Simulation {
    private let setting: Setting
    private let world: World
    private var model: ReferenceModel
    private let source: FileSourceSettings
    private let ledger: any ModelLedger
    /// The last agent's life ended with a power cut.
    private var lastEnd = ModelLedgerEnd.kill
    private var tail: FileTail?
    private var consumption: Consumption?
    private var consumers: [ModelConsumer] = []
    private var committed = ModelState()
    private var hasRoom: [Bool]
    private var refuses: [Bool]
    private var isTracing = false
    /// Nothing has changed since the agent's last look.
    private var isFresh = false
    private var hasChanged = false
    private var armed: [(at: Int, step: Step)] = []
    private var crashAt: Int?
    private var failures: Range<Int> = 0..<0
    private var failedDuringOperation: (any Error)?

    init(_ setting: Setting) throws {
        self.setting = setting
        let world = try World(setting)
        self.world = world
        model = ReferenceModel(world)
        source = FileSourceSettings(
            name: SourceName("app"), include: [World.directory + (setting.wideGlob ? "/*.log*" : "/*.log")],
            startAt: setting.startAtEnd ? .end : .beginning, maximumLineLength: setting.maximumLine)
        hasRoom = Array(repeating: true, count: setting.consumers)
        refuses = hasRoom.map { !$0 }
        let crashPoint = { [disk = world.disk] in _ = try disk.status("/ledger") }
        ledger = setting.hasRealLedger ? SimulatedLedger(crashPoint: crashPoint) : LedgerStandIn(crashPoint: crashPoint)
        world.onChange = { [unowned self] in
            isFresh = false
            hasChanged = true
            model.follow()
            model.update()
        }
        world.disk.hook = { [unowned self] operation throws(FileAccessError) in try meet(operation) }
        try boot()
    }

    deinit { world.disk.hook = nil }

    /// Runs a script to its end and checks everything that it promises.
    static func run(_ script: Script, isTracing: Bool = false) throws {
        let simulation = try Simulation(script.setting)
        simulation.isTracing = isTracing
        for (index, step) in script.steps.enumerated() {
            if isTracing { print("==== \(index) \(step)") }
            do { try simulation.take(step) } catch let failure as ModelFailure {
                throw ModelFailure("step \(index) \(step): \(failure)")
            }
        }
        try simulation.finish()
    }

    private func take(_ step: Step) throws {
        let operations = world.disk.operationCount
        switch step {
        case .scan:
            world.hasLooked = true
            consumption?.scan()
        case .observe: tail?.observe()
        case .turn(let count): for _ in 0..<count { _ = consumption?.turn() }
        case .look: try look()
        case .commit: try commit()
        case .restart:
            try commit()
            try boot()
        case .crash: try boot()
        case .crashAt(let operation): crashAt = operations + operation
        case .during(let operation, let step):
            armed.append((at: operations + operation, step: step))
        case .failOpen(let from, let count):
            model.mayMixOrder = true
            world.noteOpenFailure()
            failures = operations + from..<operations + from + count
        case .room(let consumer, let room):
            hasRoom[consumer] = room
            consumers[consumer].hasRoom = room
        case .refuseCommit(let consumer, let isRefusing):
            refuses[consumer] = isRefusing
            consumers[consumer].refusesCommit = isRefusing
        case .crashInCommit(let operation, let isHalfway):
            ledger.armCrash(at: operation, isHalfway: isHalfway)
            try commit()
            try boot()
        case .powerCut(let seed):
            _ = try world.take(step)
            lastEnd = .powerCut(seed: seed)
            try boot()
        case .clockStep:
            // Rotated files of different naming schemes are ordered by the time of their last write.
            model.mayMixOrder = true
            _ = try world.take(step)
        default: _ = try world.take(step)
        }
        if isTracing { print(trace()) }
        if let error = failedDuringOperation { throw error }
        if world.disk.hasAgentCrashed { try boot() }
        if operations < failures.upperBound { world.noteOpenFailure() }
        // The agent may have closed files that have no name any more.
        model.follow()
        model.update()
    }

    // MARK: The agent

    private func boot() throws {
        tail = nil
        consumption = nil
        crashAt = nil
        isFresh = false
        world.disk.restartAgent()
        model.follow()
        model.update()
        committed = try ledger.load(after: lastEnd)
        lastEnd = .kill
        try checkAccounts()
        noteCommitted()
        consumers = (0..<setting.consumers).map { index in
            let name = ConsumerName("consumer \(index)")
            let consumer = ModelConsumer(name: name, deliveries: committed.values[name] ?? [])
            consumer.hasRoom = hasRoom[index]
            consumer.refusesCommit = refuses[index]
            return consumer
        }
        let boot = world.disk.bootIdentifier()
        let tail = try FileTail(
            sources: [source], files: world.disk, time: world.time,
            restoring: committed.streams.values.sorted { $0.id < $1.id },
            scanned: committed.scanned.map { ScannedSource(source: $0.key, globs: $0.value) },
            bootChanged: committed.bootIdentifier.map { $0 != boot } ?? false)
        self.tail = tail
        consumption = Consumption(
            tail: tail, consumers: consumers, restoring: committed.consumers, time: world.time,
            blockSize: setting.blockSize)
    }

    private func look() throws {
        hasChanged = false
        world.hasLooked = true
        for _ in 0..<2 {
            consumption?.scan()
            tail?.observe()
            try turnUntilIdle()
        }
        isFresh = !world.disk.hasAgentCrashed && !hasChanged
    }

    private func turnUntilIdle() throws {
        guard let consumption else { return }
        var stalled = 0
        while consumption.turn() {
            let before = offsets
            guard consumption.turn() else { return }
            stalled = offsets == before ? stalled + 1 : 0
            guard stalled < 20 else { throw ModelFailure("turn() claims progress for ever, cursors at \(before)") }
        }
    }

    private var offsets: [UInt64] { consumption?.states.map(\.offset) ?? [] }

    private func commit() throws {
        guard let consumption, let tail else { return }
        let changes = consumption.takeChanges()
        let (streams, scanned) = tail.takeChanges()
        var epoch = ModelEpoch(
            streams: streams, scanned: scanned, consumers: changes.consumers, losses: changes.losses,
            bootIdentifier: tail.isRebootPending ? committed.bootIdentifier ?? "" : world.disk.bootIdentifier())
        for consumer in consumers where consumption.failures[consumer.name] == nil {
            epoch.values[consumer.name] = consumer.deliveries
        }
        do { try ledger.commit(epoch) } catch let failure as ModelFailure { throw failure } catch {
            // What it holds now is found out when the next agent opens it.
            return world.disk.crashAgent()
        }
        committed.take(epoch)
        try checkAccounts()
        noteCommitted()
        if isFresh, !world.disk.hasAgentCrashed { world.noteLook() }
    }

    private func noteCommitted() {
        for (index, consumer) in consumers.enumerated() {
            var counts: [[UInt8]: Int] = [:]
            for delivery in committed.values[consumer.name] ?? [] { counts[delivery.content, default: 0] += 1 }
            model.committed[index] = counts
        }
        if isFresh { model.noteSeen(committed.streams.values) }
        for stream in committed.streams.values { model.sighted.insert(stream.path) }
        guard !committed.scanned.isEmpty, !model.isScanned else { return }
        model.isScanned = true
        guard !setting.wideGlob else { return }
        let wanted = Set(committed.streams.values.flatMap(\.segments).map(\.identity.inode))
        for log in 0..<setting.logs {
            for (_, file) in world.family(log)
            where file !== world.live(log) && !wanted.contains(file.inode?.number ?? 0) {
                file.isUnwanted = true
            }
        }
    }

    /// What happens at one of the agent's operations.
    private func meet(_ operation: SimulatedDisk.Operation) throws(FileAccessError) {
        let number = world.disk.operationCount
        if isTracing { print("  \(number) \(operation)") }
        while let index = armed.firstIndex(where: { $0.at <= number }) {
            let step = armed.remove(at: index).step
            do { _ = try world.take(step) } catch { failedDuringOperation = error }
        }
        if let at = crashAt, number >= at {
            crashAt = nil
            throw SimulatedCrash.error
        }
        if operation.label == "open", failures.contains(number) {
            throw FileAccessError(
                code: "too_many_open_files", message: "too many open files", hint: nil, healing: .byOperator,
                errorNumber: 24)
        }
    }

    // MARK: Checks

    private func checkAccounts() throws {
        for state in committed.consumers {
            guard state.account.total == state.offset else {
                throw ModelFailure("the account of \(state) does not balance: \(state.account.total)")
            }
            let lines = (committed.values[state.consumer] ?? []).count { $0.stream == state.stream }
            guard state.account.lines == UInt64(lines) else {
                throw ModelFailure(
                    "\(state.consumer) got \(lines) lines of \(state.stream), its account has \(state.account.lines)")
            }
            guard let record = committed.streams[state.stream] else {
                throw ModelFailure("\(state.stream) has a cursor and no record")
            }
            let end = record.segments.last?.end ?? 0
            guard state.offset <= end else {
                throw ModelFailure("\(state.consumer) stands at \(state.offset) behind the end \(end)")
            }
            for (left, right) in zip(record.segments, record.segments.dropFirst()) where left.end != right.start {
                throw ModelFailure(
                    "segments of \(record.path) do not meet: \(left.start)..<\(left.end), \(right.start)")
            }
        }
    }

    /// Lets everything come to rest: rights and room are given, time passes, the agent looks and commits.
    private func settle() throws {
        armed = []
        crashAt = nil
        failures = 0..<0
        try world.setAllReadable()
        for index in consumers.indices {
            hasRoom[index] = true
            refuses[index] = false
            consumers[index].hasRoom = true
            consumers[index].refusesCommit = false
        }
        for _ in 0..<5 {
            try take(.look)
            try take(.commit)
            try take(.advance(milliseconds: 15_000))
        }
        try take(.look)
        try take(.commit)
    }

    private func finish() throws {
        try settle()
        let before = committed.values
        try verdict()
        try take(.restart)
        try settle()
        try verdict()
        // Files that were not wanted at first may be taken for new ones when nothing but their inode told what they were.
        let hasUnwanted = (0..<setting.logs).contains { log in world.family(log).contains { $0.file.isUnwanted } }
        guard committed.values == before || hasUnwanted else {
            throw ModelFailure("a restart at rest changed what is counted\n\(trace())")
        }
    }

    private func verdict() throws {
        for (index, consumer) in consumers.enumerated() {
            do {
                try Verdict(model: model, world: world, consumer: index, name: consumer.name, state: committed).check()
            } catch {
                throw ModelFailure("\(error)\n\(trace())")
            }
        }
    }

    /// What the state was at the end, for people.
    private func trace() -> String {
        var text = ""
        for record in (tail?.streamIDs ?? []).compactMap({ tail?.record(of: $0) }) {
            text += "\(record.path):\n"
            for segment in record.segments {
                text +=
                    "  \(segment.start)..<\(segment.end) base \(segment.base) \(segment.path) inode \(segment.identity.inode) \(segment.state)\n"
            }
            text += "  known \(record.known.map { "\($0.length) inode \($0.identity.inode)" })\n"
        }
        for state in committed.consumers {
            text += "\(state.consumer) \(state.stream) at \(state.offset) \(state.account)\n"
        }
        for loss in committed.losses {
            text +=
                "loss \(loss.consumer) \(loss.reason) \(loss.lowerOffset)..<\(loss.upperOffset) open \(loss.isOpenEnded) \(loss.path)\n"
        }
        for log in 0..<setting.logs {
            for (path, file) in world.family(log) {
                text +=
                    "\(path) inode \(file.inode?.number ?? 0) \(file.isWhole ? "" : "half ")\(String(decoding: model.bytes(file.pieces), as: UTF8.self).debugDescription)\n"
            }
        }
        for consumer in consumers {
            let lines = (committed.values[consumer.name] ?? []).map {
                "\($0.stream.rawValue):\(String(decoding: $0.content, as: UTF8.self))"
            }
            text += "\(consumer.name) has \(lines)\n"
        }
        return text
    }
}
