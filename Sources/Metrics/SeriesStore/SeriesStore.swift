public import QueryModel

/// A series of the store; used again when the series is gone.
public struct SeriesReference: Hashable, Sendable {
    let number: Int
}

/// What became of a sample.
public enum AppendOutcome: Hashable, Sendable {
    case appended
    /// The series has this sample already.
    case repeated
    /// The series has another value at this time.
    case duplicate
    /// The series has a younger sample.
    case outOfOrder
}

/// How much is kept, and for how long.
public struct StoreLimits: Hashable, Sendable {
    /// Milliseconds that a sample is kept.
    public var retention: Int64
    /// Bytes of samples and of what they need around them.
    public var memory: Int
    /// Limits of a store; six hours and 32 MiB unless told otherwise.
    public init(retention: Int64 = 6 * 3_600_000, memory: Int = 32 << 20) {
        self.retention = retention
        self.memory = memory
    }
}

/// Recent samples of many series, compressed, in memory.
///
/// Samples of a series come in the order of time, those of all series as they are taken. What a query gets is a picture of one
/// moment, made of chunks that are shared until they are written again.
///
/// Not thread-safe: whoever appends owns it, and hands out `view`s.
public final class SeriesStore {
    struct Series {
        var labels: LabelSet
        /// Full chunks, oldest first.
        var closed: [SampleChunk] = []
        var open = SampleChunk()
        /// Whether it was given back and waits for another series.
        var isFree = false

        var hasSamples: Bool { open.count > 0 || !closed.isEmpty }
        var end: Int64? { open.count > 0 ? open.end : closed.last?.end }
    }

    /// Bytes that a series needs beside its samples: labels, places in the index, arrays.
    static let bytesPerSeries = 512
    /// Bytes that a chunk needs beside its samples.
    static let bytesPerChunk = 96

    /// How much is kept, and for how long.
    public let limits: StoreLimits
    private(set) var series: [Series] = []
    private(set) var index = LabelIndex()
    private var references: [LabelSet: SeriesReference] = [:]
    private var free: [Int] = []
    /// Closed chunks in the order in which they were closed, by their series; the first ones may be gone already.
    private var closingOrder: [Int] = []
    private var firstInOrder = 0
    /// Bytes that the store holds, by its own account.
    public private(set) var memory = 0
    /// Samples that are kept.
    public private(set) var sampleCount = 0
    /// Chunks that went before their time, because memory was short.
    public private(set) var chunksEvicted: UInt64 = 0
    /// Samples that were refused.
    public private(set) var samplesRefused: UInt64 = 0

    /// An empty store.
    public init(limits: StoreLimits = StoreLimits()) { self.limits = limits }

    /// Series that have samples, or were asked for and have not expired.
    public var seriesCount: Int { references.count }

    // MARK: - Appending

    /// The series with these labels, which begins when it is asked for the first time.
    public func reference(for labels: LabelSet) -> SeriesReference {
        if let known = references[labels] { return known }
        let number = free.popLast() ?? series.count
        if number == series.count {
            series.append(Series(labels: labels))
        } else {
            series[number] = Series(labels: labels)
        }
        memory += Self.bytesPerSeries
        index.insert(number, labels)
        let reference = SeriesReference(number: number)
        references[labels] = reference
        return reference
    }

    /// Adds a sample. `timestamp`: milliseconds since 1970.
    @discardableResult
    public func append(_ value: Double, at timestamp: Int64, to reference: SeriesReference) -> AppendOutcome {
        let number = reference.number
        if let end = series[number].end, timestamp <= end {
            let isLast = timestamp == end && series[number].open.count > 0
            if isLast, series[number].open.lastValue.bitPattern == value.bitPattern { return .repeated }
            samplesRefused += 1
            return timestamp == end ? .duplicate : .outOfOrder
        }
        if series[number].open.isFull { close(number) }
        let before = series[number].open.bytes.count
        if series[number].open.count == 0 { memory += Self.bytesPerChunk }
        series[number].open.append(timestamp, value)
        memory += series[number].open.bytes.count - before
        sampleCount += 1
        return .appended
    }

    private func close(_ number: Int) {
        series[number].closed.append(series[number].open)
        series[number].open = SampleChunk()
        closingOrder.append(number)
    }

    // MARK: - Forgetting

    /// Lets go of what is too old at `now`, and of the oldest chunks while memory is short; series without samples end.
    public func expire(now: Int64) {
        let limit = now - limits.retention
        while firstInOrder < closingOrder.count {
            let number = closingOrder[firstInOrder]
            guard let chunk = series[number].closed.first, chunk.end < limit || memory > limits.memory else { break }
            if chunk.end >= limit { chunksEvicted += 1 }
            series[number].closed.removeFirst()
            forget(chunk)
            firstInOrder += 1
            if !series[number].hasSamples { remove(number) }
        }
        if firstInOrder > 1024, firstInOrder > closingOrder.count / 2 {
            closingOrder.removeFirst(firstInOrder)
            firstInOrder = 0
        }
        for number in series.indices where series[number].open.count > 0 && series[number].open.end < limit {
            forget(series[number].open)
            series[number].open = SampleChunk()
            if !series[number].hasSamples { remove(number) }
        }
    }

    private func forget(_ chunk: SampleChunk) {
        memory -= chunk.bytes.count + Self.bytesPerChunk
        sampleCount -= chunk.count
    }

    private func remove(_ number: Int) {
        guard !series[number].isFree else { return }
        index.remove(number, series[number].labels)
        references[series[number].labels] = nil
        series[number] = Series(labels: .empty, isFree: true)
        memory -= Self.bytesPerSeries
        free.append(number)
    }

    /// Whether a reference that was taken before still is the series of these labels.
    public func isCurrent(_ reference: SeriesReference, _ labels: LabelSet) -> Bool { references[labels] == reference }

    // MARK: - Reading

    /// Everything as it is now; later changes do not show in it.
    public var view: StoreView { StoreView(series: series, index: index) }
}
