import Configuration
import Consumption
import Extraction
import FileAccess
import FileTail
import Ledger
import LogModel
import LogPipeline
import MetricRegistry
import SeriesModel

/// The data path from files to sealed epochs, without threads and without a clock of its own: live running, one-shot runs and
/// simulations drive the same object with different time.
///
/// Not thread-safe: whoever drives it owns it.
final class Pipeline {
    /// Losses that a snapshot carries; older ones are in the accounts and in the ledger.
    static let shownLosses = 256

    private(set) var configuration: AgentConfiguration
    private let files: any FileAccess
    private let time: any TimeSource
    private let openRecord: (RecordSettings) throws -> any AppendableFile
    let tail: FileTail
    let consumption: Consumption
    private let metrics: MetricsConsumer
    private var records: [RecordSettings: RecordConsumer] = [:]
    private var losses: [LossRecord]
    private var dropped: [ConsumerName] = []
    /// Streams of an earlier standard input, which nobody can read on. One stays until there is a newer stream, because a
    /// number is used once, and the ledger's greatest tells the next.
    private var obsolete: [StreamRecord]
    /// The pipe that a source reads, when one does.
    let standardInput: StandardInputFiles?
    private(set) var epoch: EpochID
    private let boot: (before: String, now: String)

    /// Restores the state that the ledger held; no line is handed to a consumer yet.
    ///
    /// - Parameters:
    ///   - configuration: what to read and what to make of it.
    ///   - contents: what the ledger held.
    ///   - files: the way to the files; standard input is laid over it when a source reads it.
    ///   - time: the time of series, losses and epochs.
    ///   - openRecord: opens the file of a `records` consumer for appending.
    /// - Throws: when a pattern or a glob is wrong, when the ledger's metrics do not fit, or what `openRecord` throws.
    init(
        _ configuration: AgentConfiguration, restoring contents: LedgerContents, files: any FileAccess,
        time: any TimeSource, openRecord: @escaping (RecordSettings) throws -> any AppendableFile
    ) throws {
        let configuration = Self.namingStandardInput(configuration)
        let readsInput = configuration.sources.contains { $0.include.contains(StandardInputFiles.path) }
        standardInput = readsInput ? StandardInputFiles(over: files) : nil
        let files: any FileAccess = standardInput ?? files
        obsolete = contents.streams.filter { $0.path == StandardInputFiles.path }
        let unreadable = Set(obsolete.map(\.id))
        self.configuration = configuration
        self.files = files
        self.time = time
        self.openRecord = openRecord
        self.epoch = contents.epoch
        self.losses = contents.losses.suffix(Self.shownLosses)
        boot = (before: contents.bootIdentifier ?? "", now: files.bootIdentifier())
        tail = try FileTail(
            sources: configuration.sources, files: files, time: time,
            restoring: contents.streams.filter { !unreadable.contains($0.id) },
            lastStream: contents.streams.map(\.id).max(), scanned: contents.scanned,
            bootChanged: contents.bootIdentifier.map { [boot] in $0 != boot.now } ?? false,
            ownPaths: Self.ownPaths(configuration))
        metrics = try MetricsConsumer(
            extractor: Self.extractor(configuration), registry: SeriesRegistry(restoring: contents.metrics),
            decoding: Self.decodingCounters(configuration),
            notes: contents.notes.filter { !unreadable.contains($0.id.stream) },
            seriesLimit: configuration.limits.seriesPerMetric, page: configuration.page, time: time)
        var recorders: [any LineConsumer] = []
        for settings in configuration.records {
            let recorder = try Self.recorder(settings, openRecord)
            records[settings] = recorder
            recorders.append(recorder)
        }
        consumption = try Consumption(
            tail: tail, consumers: [metrics] + recorders, assemblers: Self.assemblers(configuration),
            restoring: contents.consumers.filter { !unreadable.contains($0.stream) }, time: time)
    }

    /// `-` in a source stands for standard input.
    private static func namingStandardInput(_ configuration: AgentConfiguration) -> AgentConfiguration {
        var named = configuration
        for index in named.sources.indices {
            named.sources[index].include = named.sources[index].include.map { $0 == "-" ? StandardInputFiles.path : $0 }
        }
        return named
    }

    /// What makes records of the lines of those sources that need it.
    static func assemblers(_ configuration: AgentConfiguration) throws -> [SourceName: RecordAssembler] {
        var assemblers: [SourceName: RecordAssembler] = [:]
        for source in configuration.sources {
            guard let decoding = configuration.decoding[source.name], !decoding.keepsLines else { continue }
            assemblers[source.name] = try RecordAssembler(decoding, maximumLineLength: source.maximumLineLength)
        }
        return assemblers
    }

    static func decodingCounters(_ configuration: AgentConfiguration) -> DecodingCounters {
        DecodingCounters(configuration.sources.map(\.name), configuration.decoding)
    }

    static func extractor(_ configuration: AgentConfiguration) throws -> Extractor {
        try Extractor(
            patterns: configuration.patterns, sources: configuration.sources.map(\.name), fields: configuration.fields,
            timestamps: configuration.timestamps, labelLength: configuration.limits.labelLength)
    }

    private static func recorder(
        _ settings: RecordSettings, _ open: (RecordSettings) throws -> any AppendableFile
    ) throws -> RecordConsumer {
        RecordConsumer(name: settings.name, sources: settings.sources, file: try open(settings))
    }

    /// What the agent writes itself must never be read.
    private static func ownPaths(_ configuration: AgentConfiguration) -> [String] {
        [configuration.stateDirectory] + configuration.records.map(\.path)
    }

    /// Applies another configuration between two batches. Changes nothing when it throws.
    func reconfigure(_ configuration: AgentConfiguration) throws {
        let next = Self.namingStandardInput(configuration)
        let extractor = try Self.extractor(next)
        let assemblers = try Self.assemblers(next)
        try FileTail.validate(next.sources)
        var recorders: [RecordSettings: RecordConsumer] = [:]
        for settings in next.records {
            recorders[settings] = try records[settings] ?? Self.recorder(settings, openRecord)
        }
        try metrics.replace(
            extractor, decoding: Self.decodingCounters(next), seriesLimit: next.limits.seriesPerMetric, page: next.page)
        try tail.reconfigure(sources: next.sources, ownPaths: Self.ownPaths(next))
        records = recorders
        consumption.reconfigure(
            consumers: [metrics] + next.records.compactMap { recorders[$0] }, assemblers: assemblers)
        self.configuration = next
    }

    /// Retires a consumer that is not configured any more, so that it keeps no files; false when there is none of the name.
    func drop(_ consumer: ConsumerName) -> Bool {
        guard consumption.drop(consumer) else { return false }
        dropped.append(consumer)
        return true
    }

    /// Lets series go that no line has changed for as long as their metric says.
    func expireSeries() { metrics.registry.expire(now: time.monotonicNow()) }

    /// Lets timers go that run for too long in streams whose files are over and gone, and read to their ends.
    func expireTimers() { metrics.expireTimers { tail.hasEnded($0) && !consumption.hasUnread(of: $0) } }

    /// Whether something would be lost if the process died now.
    var hasChanges: Bool {
        !dropped.isEmpty || metrics.registry.hasUnsealedChanges || metrics.hasNoteChanges || consumption.hasChanges
            || tail.hasChanges
    }

    /// Seals everything that changed since the last seal into an epoch, with what may be shown of it once it is durable.
    ///
    /// - Parameters:
    ///   - own: what the agent counts about itself; its counters become durable with the epoch.
    ///   - isComplete: all of the state, for a ledger that has to be written anew.
    /// - Returns: the epoch, to be committed in the order of sealing.
    func seal(own: [SampleFamily] = [], isComplete: Bool = false) -> SealedEpoch<AgentState> {
        epoch = epoch.next
        tail.prepareCommit()
        // Only a clash with a user's metric can be refused here, and the prefix is reserved.
        try? metrics.advance(own)
        metrics.registry.noteUpdates(now: time.monotonicNow())
        var changes = EpochChanges()
        changes.bootIdentifier = tail.isRebootPending ? boot.before : boot.now
        (changes.consumers, changes.losses) = consumption.takeChanges()
        (changes.streams, changes.scanned) = tail.takeChanges()
        changes.notes = metrics.takeNoteChanges()
        let newest = tail.records.map(\.id).max() ?? StreamID(0)
        changes.removedStreams = obsolete.map(\.id).filter { $0 < newest }
        obsolete.removeAll { $0.id < newest }
        changes.droppedConsumers = dropped
        dropped = []
        losses = (losses + changes.losses).suffix(Self.shownLosses)
        let sealed = metrics.registry.seal()
        changes.metrics = sealed.changes
        if isComplete {
            changes.consumers = consumption.settledStates
            changes.notes.written = metrics.extractor.notes
            changes.streams = tail.records + obsolete
            changes.scanned = tail.scannedSources
            changes.metrics = metrics.registry.contents
        }
        // The writer keeps what it could not commit yet, so the registry may let go of it.
        metrics.registry.confirm(sealed.generation)
        return SealedEpoch(
            epoch: epoch, changes: changes, content: state(sealed.snapshot), sealedAt: time.monotonicNow(),
            isComplete: isComplete)
    }

    private func state(_ snapshot: MetricSnapshot) -> AgentState {
        AgentState(
            metrics: snapshot, sealedAt: time.wallNow(), streams: tail.records, cursors: consumption.states,
            losses: losses, problems: problems,
            rejections: metrics.extractor.recentRejections,
            unbalancedAccounts: consumption.unbalancedAccounts)
    }

    /// What cannot be read, and why.
    var readingProblems: [String] {
        let reading = tail.streamIDs.compactMap { stream in
            tail.problem(of: stream).map { problem in
                let path = tail.path(of: stream) ?? ""
                return problem.message.contains(path) ? "\(problem)" : "\(path): \(problem)"
            }
        }
        return tail.problems.map(\.description) + reading
    }

    /// Every configured consumer that writes somewhere, with what it could not do last.
    var consumerStates: [(consumer: ConsumerName, failure: String?)] {
        configuration.records.map { ($0.name, consumption.failures[$0.name]) }
    }

    private var problems: [String] {
        readingProblems
            + consumption.failures.sorted { $0.key < $1.key }.map { "consumer \($0.key): \($0.value)" }
    }

    /// What extraction says about itself; not part of an epoch.
    var extractionFamilies: [SampleFamily] { metrics.extractor.metrics.families }
}
