import Ledger
import LogModel
import SeriesModel
import TestSupport

/// A little agent's worth of state that changes with every epoch, and what a ledger must hold after each.
struct SampleEpochs {
    private(set) var contents = LedgerContents()
    private var random: SeededRandom
    static let boot = "boot-1"

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Changes something of everything; what it returns brings a ledger from the contents before to those after.
    mutating func next() -> EpochChanges {
        var changes = EpochChanges()
        let number = contents.epoch.rawValue + 1
        contents.epoch = EpochID(number)
        contents.bootIdentifier = Self.boot
        changes.bootIdentifier = Self.boot
        let stream = StreamRecord(
            id: StreamID(UInt32(number % 3 + 1)), source: SourceName("bot"), path: "/var/log/bot-\(number % 3).log",
            segments: (0..<Int(number % 4)).map { segment(number, $0) },
            known: (0..<(number % 5)).map { known(number &+ $0) })
        changes.streams = [stream]
        changes.scanned = [
            ScannedSource(source: SourceName("bot\(number % 2)"), globs: ContentHash(rawValue: number &* 0x9E37_79B9))
        ]
        for name in ["metrics", "loki"] {
            changes.consumers.append(consumer(ConsumerName(name), stream.id, number))
        }
        if number % 5 == 4 {
            changes.removedStreams = [StreamID(UInt32((number + 1) % 3 + 1))]
        }
        if number % 7 == 6 {
            changes.droppedConsumers = [ConsumerName("loki")]
        }
        changes.notes = notes(stream.id, number)
        if number % 2 == 0 { changes.losses = [loss(stream, number)] }
        changes.metrics = metrics(number)
        apply(changes)
        return changes
    }

    private mutating func segment(_ number: UInt64, _ ordinal: Int) -> Segment {
        Segment(
            start: number * 100 + UInt64(ordinal), length: number, base: 7, path: "/var/log/bot.log.\(ordinal)",
            codec: ordinal > 1 ? .gzip : .plain,
            identity: FileIdentity(device: .max, inode: random.next(), generation: .max),
            head: HeadFingerprint(length: 1024, hash: ContentHash(rawValue: random.next())), state: .complete)
    }

    private mutating func consumer(_ name: ConsumerName, _ stream: StreamID, _ number: UInt64) -> ConsumerState {
        var state = ConsumerState(consumer: name, stream: stream, offset: number << 33)
        state.anchor = Anchor(length: 256, hash: ContentHash(rawValue: random.next()))
        state.carry.openRanges = number % 3 == 0 ? [5..<number + 100, 1000..<1 << 40] : []
        state.carry.isInsideCutLine = number % 2 == 1
        state.account.consumed = number * 1000
        state.account.lines = number
        state.account.linesCut = number / 2
        state.account.openEndedLosses = number / 3
        state.account.skipped = [.startAt: number, .hole: .max]
        state.account.lost = number % 2 == 0 ? [.truncated: 1, .unreadable: number] : [:]
        return state
    }

    private func known(_ number: UInt64) -> KnownFile {
        KnownFile(
            head: HeadFingerprint(length: UInt32(number % 1024), hash: ContentHash(rawValue: ~number)),
            length: number << 20, identity: FileIdentity(device: 2049, inode: number &* 7, generation: .max))
    }

    private func notes(_ stream: StreamID, _ number: UInt64) -> LineNoteChanges {
        let open = LineNote.ID(
            stream: stream, kind: .timer, name: "job", key: [0, 0xFF, UInt8(number % 7)])
        return LineNoteChanges(
            written: [
                LineNote(id: open, time: WallTime(nanoseconds: -Int64(number))),
                LineNote(
                    id: LineNote.ID(stream: stream, kind: .value, name: "epoch"), time: .unixEpoch,
                    value: [UInt8](repeating: 0xC3, count: Int(number % 9))),
                LineNote(
                    id: LineNote.ID(stream: stream, kind: .time), time: WallTime(nanoseconds: .max),
                    value: [UInt8(number % 100)]),
            ],
            // One that may be there, and one that never is.
            removed: [
                LineNote.ID(stream: stream, kind: .timer, name: "job", key: [0, 0xFF, UInt8((number + 3) % 7)]),
                LineNote.ID(stream: stream, kind: .timer, name: "other"),
            ])
    }

    private func loss(_ stream: StreamRecord, _ number: UInt64) -> LossRecord {
        LossRecord(
            stream: stream.id, consumer: .metrics, reason: .deleted, lowerOffset: number, upperOffset: .max - number,
            isOpenEnded: true, path: stream.path, time: WallTime(nanoseconds: -Int64(number)))
    }

    private mutating func metrics(_ number: UInt64) -> MetricChanges {
        var metrics = MetricChanges()
        let slot = UInt32(number % 6)
        metrics.schemas = [
            MetricSchemaRecord(
                id: MetricSchemaID(slot % 2),
                schema: MetricSchema(
                    name: "bot_events_total", kind: .histogram, labelNames: ["kind", ""],
                    buckets: [0.5, Double(number), .infinity], unit: "bytes"))
        ]
        metrics.series = [
            SeriesRecord(
                slot: SeriesSlot(slot), schema: MetricSchemaID(slot % 2), labelValues: [[0xFF, 0, 0x0A], []],
                created: WallTime(nanoseconds: Int64(number)))
        ]
        if number % 6 == 5 { metrics.removedSeries = [SeriesSlot(2)] }
        if number % 11 == 10 { metrics.removedSchemas = [MetricSchemaID((slot + 1) % 2)] }
        metrics.shards = [shard(UInt32(number % 2)), shard(7)]
        return metrics
    }

    private mutating func shard(_ index: UInt32) -> ShardRecord {
        var cells: [UInt8] = []
        for cell in 0..<SeriesSlot.cellsPerShard {
            let value = cell % 5 == 0 ? Double.random(in: 0..<1, using: &random) : Double(cell * 3)
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                cells.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
            }
        }
        return ShardRecord(index: index, cells: cells)
    }

    /// The same promise as the ledger's, said in the simplest way.
    private mutating func apply(_ changes: EpochChanges) {
        let removed = changes.removedStreams
        contents.streams.removeAll { removed.contains($0.id) }
        contents.consumers.removeAll {
            removed.contains($0.stream) || changes.droppedConsumers.contains($0.consumer)
        }
        for stream in changes.streams { contents.streams.replace(stream, \.id) }
        for source in changes.scanned { contents.scanned.replace(source, \.source) }
        for state in changes.consumers {
            contents.consumers.removeAll { $0.consumer == state.consumer && $0.stream == state.stream }
            contents.consumers.append(state)
        }
        contents.consumers.sort { ($0.consumer, $0.stream) < ($1.consumer, $1.stream) }
        contents.notes.removeAll { removed.contains($0.id.stream) || changes.notes.removed.contains($0.id) }
        for note in changes.notes.written {
            contents.notes.removeAll { $0.id == note.id }
            contents.notes.append(note)
        }
        contents.notes.sort { $0.id.order.lexicographicallyPrecedes($1.id.order) }
        contents.losses = (contents.losses + changes.losses).suffix(1000)
        contents.metrics.schemas.removeAll { changes.metrics.removedSchemas.contains($0.id) }
        contents.metrics.series.removeAll { changes.metrics.removedSeries.contains($0.slot) }
        for schema in changes.metrics.schemas { contents.metrics.schemas.replace(schema, \.id) }
        for series in changes.metrics.series { contents.metrics.series.replace(series, \.slot) }
        for shard in changes.metrics.shards { contents.metrics.shards.replace(shard, \.index) }
    }
}

extension LineNote.ID {
    /// Its columns, such that rows compare as these bytes do.
    fileprivate var order: [UInt8] { [UInt8(stream.rawValue), kind.rawValue] + Array(name.utf8) + [0] + key }
}

extension [UInt8] {
    /// Cells that hold one value each, the rest zero.
    static func cells(_ values: [Double]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SeriesSlot.cellsPerShard * 8)
        for (cell, value) in values.enumerated() {
            for byte in 0..<8 {
                bytes[cell * 8 + byte] = UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * byte))
            }
        }
        return bytes
    }
}

extension Array {
    fileprivate mutating func replace<Key: Comparable>(_ row: Element, _ key: (Element) -> Key) {
        removeAll { key($0) == key(row) }
        append(row)
        sort { key($0) < key($1) }
    }
}

extension LedgerContents {
    /// All that a ledger promises to keep, in a form that compares.
    var comparable: ComparableContents {
        ComparableContents(
            epoch: epoch, bootIdentifier: bootIdentifier, streams: streams, scanned: scanned, consumers: consumers,
            notes: notes, losses: losses, metrics: metrics)
    }
}

extension LedgerContents {
    func isOne(of allowed: some Sequence<ComparableContents>) -> Bool {
        let mine = comparable
        return allowed.contains { $0 == mine }
    }
}

struct ComparableContents: Hashable {
    var epoch: EpochID
    var bootIdentifier: String?
    var streams: [StreamRecord]
    var scanned: [ScannedSource]
    var consumers: [ConsumerState]
    var notes: [LineNote]
    var losses: [LossRecord]
    var metrics: MetricChanges
}

let someTime = WallTime(nanoseconds: 1_795_245_126_000_000_000)

extension Ledger {
    /// Opens the ledger on a disk, refusing a damaged one.
    static func open(on disk: FaultyDisk) throws -> (ledger: Ledger, contents: LedgerContents) {
        let opened = try Ledger.open(disk, onCorrupt: .refuse, now: someTime)
        return (opened.ledger, opened.contents)
    }

    func commit(_ changes: EpochChanges, of epochs: SampleEpochs) throws(LedgerError) {
        try commit(changes, epoch: epochs.contents.epoch)
    }
}
