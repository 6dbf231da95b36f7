public import LogModel

extension FileTail {
    /// Checks globs without changing anything. `-`, standard input, is none.
    public static func validate(_ sources: [FileSourceSettings]) throws(FileTailError) {
        for var source in sources {
            source.include.removeAll { $0 == "-" }
            _ = try SourceMatcher(source)
        }
    }

    /// Goes on with other sources. Streams of sources that stay keep their open files; those of sources that go are kept in
    /// the ledger and taken up again when the source returns. Changes nothing when it throws; call `scan` afterwards.
    public func reconfigure(sources: [FileSourceSettings], ownPaths: [String]) throws(FileTailError) {
        var next: [SourceMatcher] = []
        for source in sources { next.append(try SourceMatcher(source)) }
        matchers = next
        self.ownPaths = ownPaths
        let names = Set(sources.map(\.name))
        for tracker in trackers.values where !names.contains(tracker.source) {
            dormant.append(tracker.record)
            trackers[tracker.id] = nil
            ordered.removeAll { $0 === tracker }
            byPath[tracker.source]?[tracker.path] = nil
            signatures[tracker.id] = nil
        }
        currentIndex = nil
        let now = time.monotonicNow()
        for record in dormant.sorted(by: { $0.id < $1.id }) where names.contains(record.source) {
            add(StreamTracker(restoring: record, files: files, bootChanged: false, now: now))
        }
        dormant.removeAll { names.contains($0.source) }
    }

    /// All streams as they stand, those of sources that are not configured included.
    public var records: [StreamRecord] { dormant + trackers.keys.sorted().compactMap { trackers[$0]?.record } }

    /// All sources whose globs were looked at.
    public var scannedSources: [ScannedSource] {
        scanned.map { ScannedSource(source: $0.key, globs: $0.value) }.sorted { $0.source < $1.source }
    }

    /// Whether a record changed since `takeChanges()`.
    public var hasChanges: Bool { !changedScans.isEmpty || trackers.values.contains(where: \.isDirty) }
}
