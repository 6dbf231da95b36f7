public import QueryModel

/// A series of the store. When the series is gone, nothing can be appended by it any more.
public struct SeriesReference: Hashable, Sendable {
    let number: Int
    let serial: Int64
}

/// Who appends to a series.
public enum SeriesOrigin: UInt8, Hashable, Sendable, CaseIterable {
    /// It is sampled from the page of metrics.
    case page = 0
    /// A rule computes it.
    case rule = 1
}

/// What became of a sample.
public enum AppendOutcome: Hashable, Sendable, CaseIterable {
    case appended
    /// The series has this sample already.
    case repeated
    /// The series has another value at this time.
    case duplicate
    /// The series has a younger sample.
    case outOfOrder
    /// The series is gone, with all its samples; its labels have to be looked up again.
    case unknownSeries
    /// The series would be a new one, and memory has no room for more of them.
    case noRoom
}

/// How much is kept, and for how long.
public struct StoreLimits: Hashable, Sendable {
    /// Milliseconds that a sample is kept.
    public var retention: Int64
    /// Bytes of samples and of what they need around them.
    public var memory: Int
    /// Milliseconds after which a chunk is closed though it is not full.
    public var chunkSpan: Int64
    /// Limits of a store; six hours and 32 MiB unless told otherwise.
    public init(retention: Int64 = 6 * 3_600_000, memory: Int = 32 << 20, chunkSpan: Int64 = 2 * 3_600_000) {
        self.retention = retention
        self.memory = memory
        self.chunkSpan = chunkSpan
    }

    /// How many series that go on are taken. With more of them, nothing would be left for what they were before.
    public var liveSeries: Int { memory / SeriesStore.bytesPerLiveSeries }
}

/// Recent samples of many series, compressed, in memory.
///
/// Samples of a series come in the order of time, those of all series as they are taken. What a query gets is a picture of one
/// moment, made of chunks that are shared until they are written again. What changes is noted, for whoever keeps it on disk.
///
/// Not thread-safe: whoever appends owns it, and hands out `view`s.
public final class SeriesStore {
    struct Series {
        var labels: LabelSet
        /// Never that of another series.
        var serial: Int64
        var origin = SeriesOrigin.page
        /// Full chunks, oldest first.
        var closed: [ClosedChunk] = []
        var open = SampleChunk()
        /// How many samples the open chunk takes.
        var room = SampleChunk.maximumCount
        /// The row in which the open chunk begins.
        var openRow: Int64 = 0
        /// The bits of the last value.
        var last: UInt64 = 0
        /// Whether it was given back and waits for another series.
        var isFree = false

        /// The time of the oldest sample.
        var start: Int64? { closed.first?.start ?? (open.count > 0 ? open.start : nil) }
        var hasSamples: Bool { open.count > 0 || !closed.isEmpty }
        var end: Int64? { open.count > 0 ? open.end : closed.last?.end }
        /// Whether its last sample is a measurement and no end.
        var isLive: Bool { hasSamples && !hasEnded }
        /// Whether its last sample is an end.
        var hasEnded: Bool { last == SampleValue.staleBits }
    }

    /// Bytes that a series needs beside its samples: labels, places in the index, arrays.
    static let bytesPerSeries = 512
    /// Bytes that an open chunk needs beside its samples.
    static let bytesPerOpenChunk = 32
    /// Chunks in which the history of a series goes, oldest first, while memory is short: the open one and some to let go of.
    private static let chunksPerLiveSeries = 4
    /// Bytes of samples that a chunk has at least before it is closed for want of memory: some twenty, as a rule.
    private static let minimumShare = 64
    /// Bytes that a series that goes on needs at least.
    static let bytesPerLiveSeries =
        bytesPerSeries + bytesPerOpenChunk + chunksPerLiveSeries * (ClosedChunk.overhead + minimumShare)

    /// How much is kept, and for how long; new limits count from the next `expire` on.
    public var limits: StoreLimits {
        didSet { openShare = Self.share(of: liveCount, limits) }
    }
    var series: [Series] = []
    var index = LabelIndex()
    var references: [LabelSet: SeriesReference] = [:]
    var free: [Int] = []
    var nextSerial: Int64 = 1
    /// Closed chunks in the order in which they were closed, by their series; the first ones may be gone already.
    var closingOrder: [Int] = []
    var firstInOrder = 0
    /// The one that closed chunks go to. They are closed and let go of in about the same order, so that others become empty.
    var page: ChunkPage?
    var journal: StoreJournal
    var lastMark: TickMark?
    /// Series whose last sample is no end, and those that wait for their first one.
    var liveCount = 0 {
        didSet { openShare = Self.share(of: liveCount, limits) }
    }
    /// Bytes of samples with which an open chunk is closed, so that what goes for want of memory is the oldest of each series
    /// and not all of some.
    private var openShare: Int
    /// Bytes that the store holds, by its own account.
    public internal(set) var memory = 0
    /// Samples that are kept.
    public internal(set) var sampleCount = 0
    /// Samples that were taken so far.
    public private(set) var samplesAppended: UInt64 = 0
    /// Chunks that went before their time, because memory was short.
    public internal(set) var chunksEvicted: UInt64 = 0
    /// Samples that were refused, because their series has a younger one.
    public private(set) var samplesOutOfOrder: UInt64 = 0
    /// Samples that were refused, because their series has another value at their time.
    public private(set) var samplesDuplicate: UInt64 = 0

    /// An empty store.
    ///
    /// - Parameters:
    ///   - limits: how much is kept, and for how long.
    ///   - notesChanges: whether `takeChanges()` will be called; what nobody takes would grow without end.
    public init(limits: StoreLimits = StoreLimits(), notesChanges: Bool = true) {
        self.limits = limits
        journal = StoreJournal(isKept: notesChanges)
        openShare = Self.share(of: 0, limits)
    }

    private static func share(of liveCount: Int, _ limits: StoreLimits) -> Int {
        let perSeries = limits.memory / max(1, liveCount)
        let perChunk = (perSeries - bytesPerSeries - bytesPerOpenChunk) / chunksPerLiveSeries
        return max(minimumShare, perChunk - ClosedChunk.overhead)
    }

    /// Series that have samples, or were asked for and have not expired.
    public var seriesCount: Int { references.count }

    // MARK: - Appending

    /// Whether no new series should be taken, because memory has room for no more of those that go on.
    public var isFull: Bool { liveCount >= limits.liveSeries }

    /// The series with these labels, if there is one or there is room for it.
    ///
    /// - Parameters:
    ///   - labels: all of them, the name of the metric included.
    ///   - origin: who appends to it from now on.
    /// - Returns: what to append by; nil when it would be a new one and the store is full.
    public func reference(ifRoomFor labels: LabelSet, origin: SeriesOrigin = .page) -> SeriesReference? {
        isFull && references[labels] == nil ? nil : reference(for: labels, origin: origin)
    }

    /// The series with these labels, which begins when it is asked for the first time, however many there are.
    ///
    /// - Parameters:
    ///   - labels: all of them, the name of the metric included.
    ///   - origin: who appends to it from now on.
    /// - Returns: what to append by.
    public func reference(for labels: LabelSet, origin: SeriesOrigin = .page) -> SeriesReference {
        if let known = references[labels] {
            if series[known.number].origin != origin {
                series[known.number].origin = origin
                journal.note(series[known.number])
            }
            return known
        }
        let serial = nextSerial
        nextSerial += 1
        let reference = insert(Series(labels: labels, serial: serial, origin: origin))
        // Chunks of series that begin together do not end together, so that the work of writing them is spread.
        series[reference.number].room = SampleChunk.maximumCount / 2 + Int(serial % Int64(SampleChunk.maximumCount / 2))
        journal.note(series[reference.number])
        return reference
    }

    func insert(_ new: Series) -> SeriesReference {
        let number = free.popLast() ?? series.count
        if number == series.count { series.append(new) } else { series[number] = new }
        memory += Self.bytesPerSeries
        liveCount += 1
        index.insert(number, new.labels)
        let reference = SeriesReference(number: number, serial: new.serial)
        references[new.labels] = reference
        return reference
    }

    /// Adds a sample. `timestamp`: milliseconds since 1970.
    @discardableResult
    public func append(_ value: Double, at timestamp: Int64, to reference: SeriesReference) -> AppendOutcome {
        let number = reference.number
        guard isCurrent(reference) else { return .unknownSeries }
        if let end = series[number].end, timestamp <= end { return refuse(value, timestamp, end, number) }
        let chunkAge = timestamp &- series[number].open.start
        if series[number].open.count >= series[number].room || series[number].open.byteCount >= openShare
            || (series[number].open.count > 0 && chunkAge >= limits.chunkSpan)
        {
            close(number)
        }
        let isFirst = series[number].open.count == 0
        let row = journal.append(
            series[number].serial, value.bitPattern, after: isFirst ? nil : series[number].last, at: timestamp)
        if isFirst { series[number].openRow = row }
        add(value, timestamp, to: number)
        samplesAppended += 1
        // A series that has ended would keep its open chunk, and with it the rows since then.
        if value.bitPattern == SampleValue.staleBits { close(number) }
        return .appended
    }

    private func refuse(_ value: Double, _ timestamp: Int64, _ end: Int64, _ number: Int) -> AppendOutcome {
        guard timestamp == end else {
            samplesOutOfOrder += 1
            return .outOfOrder
        }
        if series[number].last == value.bitPattern { return .repeated }
        samplesDuplicate += 1
        return .duplicate
    }

    /// Puts a sample behind all others of its series.
    func add(_ value: Double, _ timestamp: Int64, to number: Int) {
        let before = series[number].open.allocated
        if series[number].open.count == 0 { memory += Self.bytesPerOpenChunk }
        let wasLive = !series[number].hasEnded
        series[number].open.append(timestamp, value)
        series[number].last = value.bitPattern
        if series[number].hasEnded == wasLive { liveCount += wasLive ? -1 : 1 }
        memory += series[number].open.allocated - before
        sampleCount += 1
    }

    func close(_ number: Int) {
        let open = series[number].open
        series[number].open = SampleChunk()
        series[number].room = SampleChunk.maximumCount
        memory -= open.allocated + Self.bytesPerOpenChunk
        keepClosed(open, of: number)
        journal.note(closed: open, of: series[number].serial)
        closingOrder.append(number)
    }

    /// Puts a chunk behind all others of its series.
    func keepClosed(_ chunk: some CompressedSamples, of number: Int) {
        if page == nil { addPage() }
        while let page {
            if let closed = ClosedChunk(chunk, in: page) {
                page.chunkCount += 1
                memory += ClosedChunk.overhead
                series[number].closed.append(closed)
                return
            }
            addPage()
        }
    }

    private func addPage() {
        page = ChunkPage()
        memory += ChunkPage.size
    }

    /// What is to be done when a closed chunk is not any more in its series.
    func letGo(_ chunk: ClosedChunk) {
        memory -= ClosedChunk.overhead
        sampleCount -= chunk.count
        chunk.page.chunkCount -= 1
        guard chunk.page.chunkCount == 0 else { return }
        memory -= ChunkPage.size
        if chunk.page === page { page = nil }
    }

    /// Ends series whose last sample is older than `timestamp` and no end, as at the first look at a page after a start.
    ///
    /// - Parameters:
    ///   - origin: only series that belong to it.
    ///   - timestamp: of their staleness markers.
    public func endSeries(of origin: SeriesOrigin, notSampledAt timestamp: Int64) {
        for number in series.indices where series[number].origin == origin && series[number].isLive {
            guard let end = series[number].end, end < timestamp else { continue }
            append(
                SampleValue.stale, at: timestamp, to: SeriesReference(number: number, serial: series[number].serial))
        }
    }

    /// Whether a reference that was taken before still leads to its series.
    public func isCurrent(_ reference: SeriesReference) -> Bool {
        reference.number < series.count && series[reference.number].serial == reference.serial
    }

    /// When a series was sampled last, and whether that was a measurement; nil when it has no samples or is gone.
    public func lastSample(of reference: SeriesReference) -> (timestamp: Int64, isLive: Bool)? {
        guard isCurrent(reference), let end = series[reference.number].end else { return nil }
        return (end, series[reference.number].isLive)
    }

    // MARK: - Reading

    /// Everything as it is now; later changes do not show in it.
    public var view: StoreView { StoreView(series: series, index: index) }

    /// The times of the oldest and of the youngest sample; nil when there is none. It looks at every series.
    public var timeRange: ClosedRange<Int64>? {
        var (start, end) = (Int64.max, Int64.min)
        for series in series where series.hasSamples {
            start = min(start, series.start ?? .max)
            end = max(end, series.end ?? .min)
        }
        guard start <= end else { return nil }
        return start...end
    }
}
