import Consumption
import Extraction
import LogModel
import MetricRegistry
import SeriesModel

/// Turns lines into metric values: extraction fills the match buffer, the registry takes it whole.
///
/// Its values are sealed in the same epoch as its cursors, so that each line counts exactly once.
final class MetricsConsumer: LineConsumer {
    let name = ConsumerName.metrics
    private(set) var extractor: Extractor
    let registry: SeriesRegistry
    private let time: any TimeSource
    private var page: PageSettings
    private var buffer: MatchBuffer
    private var decoding: DecodingCounters
    private var own = OwnCounters()
    /// What lines left for later ones by patterns that are not in use any more.
    private var formerNotes = LineNoteChanges()

    init(
        extractor: Extractor, registry: SeriesRegistry, decoding: DecodingCounters = DecodingCounters(),
        notes: [LineNote] = [], seriesLimit: Int = SeriesLimits().seriesPerMetric,
        page: PageSettings = PageSettings(showsExemplars: false),
        time: any TimeSource
    ) throws {
        self.extractor = extractor
        self.registry = registry
        self.decoding = decoding
        self.time = time
        self.page = page
        self.buffer = extractor.makeBuffer()
        registry.seriesLimit = seriesLimit
        registry.keepsExemplars = page.showsExemplars
        extractor.restore(notes)
        try registry.define(definitions(extractor, decoding), now: time.wallNow())
        showOpenTimers()
    }

    /// Lines tell only how the number of open timers changes.
    private func showOpenTimers() { apply { extractor.appendOpenTimers(into: &$0) } }

    /// Applies what no batch of lines is the reason of.
    private func apply(_ fill: (inout MatchBuffer) -> Void) {
        buffer.removeAll()
        fill(&buffer)
        guard buffer.count > 0 else { return }
        registry.apply(buffer, bytes: UnsafeRawBufferPointer(start: nil, count: 0), now: time.wallNow())
    }

    /// Gives up timers of streams that have ended.
    func expireTimers(where hasEnded: (StreamID) -> Bool) {
        apply { extractor.expireTimers(now: time.wallNow(), into: &$0, where: hasEnded) }
    }

    func didPass(_ stream: StreamID) { apply { extractor.forget(stream, into: &$0) } }

    /// Adds what the agent's own counters grew by.
    func advance(_ families: [SampleFamily]) throws {
        let now = time.wallNow()
        if own.define(families) { try registry.define(definitions(extractor, decoding), now: now) }
        let growth = own.growth(
            of: families, from: extractor.instruments.count + decoding.definitions.count)
        registry.apply(growth, bytes: UnsafeRawBufferPointer(start: nil, count: 0), now: now)
    }

    /// Takes other patterns; metrics that stay the same keep their values. Changes nothing when it throws.
    func replace(
        _ next: Extractor, decoding: DecodingCounters = DecodingCounters(), seriesLimit: Int, page: PageSettings
    ) throws {
        let before = (limit: registry.seriesLimit, page: self.page)
        registry.seriesLimit = seriesLimit
        self.page = page
        do {
            try define(next, decoding)
            registry.keepsExemplars = page.showsExemplars
        } catch {
            registry.seriesLimit = before.limit
            self.page = before.page
            throw error
        }
    }

    private func define(_ next: Extractor, _ decoding: DecodingCounters) throws {
        try registry.define(definitions(next, decoding), now: time.wallNow())
        self.decoding = decoding
        formerNotes = takeNoteChanges()
        next.restore(extractor.notes)
        extractor = next
        buffer = next.makeBuffer()
        showOpenTimers()
    }

    /// What lines left for later ones, and took away, since the last call; to be sealed with the cursors.
    func takeNoteChanges() -> LineNoteChanges {
        defer { formerNotes = LineNoteChanges() }
        return formerNotes.merging(extractor.takeNoteChanges())
    }

    /// Whether notes are to go, or to be kept, although no line was read.
    var hasNoteChanges: Bool { !formerNotes.isEmpty || extractor.hasForgottenNotes }

    func consume(_ batch: LineBatch) -> Acceptance {
        let now = time.wallNow()
        buffer.removeAll()
        extractor.extract(batch, into: &buffer, now: now)
        decoding.append(batch, to: &buffer, from: extractor.instruments.count)
        registry.apply(buffer, bytes: batch.bytes, of: batch, now: now)
        return .taken
    }

    /// All metrics, in the order of the instruments: those of the patterns, of decoding, and of the agent itself.
    private func definitions(_ extractor: Extractor, _ decoding: DecodingCounters) -> [MetricDefinition] {
        Self.definitions(of: extractor, page) + decoding.definitions + own.definitions
    }

    private static func definitions(of extractor: Extractor, _ page: PageSettings) -> [MetricDefinition] {
        let settings = Dictionary(grouping: extractor.patterns.flatMap(\.metrics), by: \.name)
        var definitions = extractor.instruments.map { instrument in
            let mentions = settings[instrument.schema.name] ?? []
            return MetricDefinition(
                schema: instrument.schema, help: instrument.help,
                exposesLastUpdate: mentions.contains { $0.kind == .gauge && $0.validation != nil },
                exposesCreated: page.showsCreated, seriesLimit: mentions.compactMap(\.seriesLimit).first,
                expiresAfter: mentions.compactMap(\.expiresAfter).first)
        }
        for declared in extractor.declaredSeries {
            definitions[Int(declared.instrument)].declaredSeries.append(declared.labelValues)
        }
        return definitions
    }
}
