public import FileAccess
public import LogModel

/// Finds the files of all sources, follows them through rotations, and reads them for consumers.
///
/// Not thread-safe: the pipeline's thread owns it. It holds one open file for each stream and, while they are needed, its
/// closed segments.
public final class FileTail {
    /// How long after its last growth a stream is looked at with every turn.
    static let hotTime = Duration.seconds(2)

    let files: any FileAccess
    let time: any TimeSource
    var matchers: [SourceMatcher]
    var trackers: [StreamID: StreamTracker] = [:]
    /// Oldest stream first, so that two runs over the same files do the same.
    var ordered: [StreamTracker] = []
    /// Streams of sources that are not configured now.
    var dormant: [StreamRecord] = []
    var byPath: [SourceName: [String: StreamID]] = [:]
    private var owners: [SourceName: FileOwners] = [:]
    /// Matched paths that lead to files of other streams.
    private var aliases: [SourceName: [String: FileAside]] = [:]
    var scanned: [SourceName: ContentHash]
    var changedScans: [ScannedSource] = []
    private var nextID: UInt32
    private let listings: DirectoryListings
    var ownPaths: [String]
    var signatures: [StreamID: Int] = [:]
    /// Of all live files; made anew when there are others.
    var currentIndex: FamilyIndex?
    /// Directories in which a change may concern a stream; for watching.
    public private(set) var directories: Set<String> = []
    /// What kept files from being found, by the last scan.
    public private(set) var problems: [FileAccessError] = []

    /// Takes up the restored streams; new ones are found by `scan()`.
    ///
    /// - Parameters:
    ///   - sources: what to follow; their order is that of the indices in batches.
    ///   - files: the way to the files, here and later.
    ///   - time: tells how long files have been quiet or missing, and how old they are.
    ///   - restoring: the streams as the ledger has them; those of sources that are not configured are left alone.
    ///   - lastStream: the newest stream that the ledger knows of, when that is not restored; numbers go on behind it.
    ///   - scanned: the sources whose globs were looked at before.
    ///   - bootChanged: the machine was started anew since the ledger's last commit.
    ///   - ownPaths: files and directories that the agent itself writes; they are never read.
    /// - Throws: `FileTailError` when a glob cannot be read.
    public init(
        sources: [FileSourceSettings], files: any FileAccess, time: any TimeSource, restoring: [StreamRecord] = [],
        lastStream: StreamID? = nil, scanned: [ScannedSource] = [], bootChanged: Bool = false, ownPaths: [String] = []
    ) throws(FileTailError) {
        self.files = files
        self.time = time
        self.listings = DirectoryListings(files: files)
        self.ownPaths = ownPaths
        self.scanned = Dictionary(scanned.map { ($0.source, $0.globs) }) { _, last in last }
        self.nextID = max(restoring.map(\.id.rawValue).max() ?? 0, lastStream?.rawValue ?? 0) + 1
        var matchers: [SourceMatcher] = []
        for source in sources { matchers.append(try SourceMatcher(source)) }
        self.matchers = matchers
        let names = Set(sources.map(\.name))
        for name in names {
            let owners = FileOwners()
            owners.isAfterReboot = bootChanged
            self.owners[name] = owners
        }
        let now = time.monotonicNow()
        for record in restoring.sorted(by: { $0.id < $1.id }) {
            guard names.contains(record.source) else {
                dormant.append(record)
                continue
            }
            add(StreamTracker(restoring: record, files: files, bootChanged: bootChanged, now: now))
        }
    }

    func add(_ tracker: StreamTracker) {
        trackers[tracker.id] = tracker
        ordered.append(tracker)
        currentIndex?.insert(live: tracker.path)
        introduce(tracker)
        byPath[tracker.source, default: [:]][tracker.path] = tracker.id
    }

    /// Lets a stream ask about the others.
    private func introduce(_ tracker: StreamTracker) {
        tracker.listings = listings
        tracker.lineEnd = settings(of: tracker.source)?.lineEnd ?? .newline
        tracker.seekMoved = { [weak self, weak tracker] in if let tracker { self?.seekMoved(for: tracker) } }
        tracker.isForeign = { [weak self, path = tracker.path] in self?.isForeign($0, to: path) ?? false }
        let owners = owners[tracker.source] ?? FileOwners()
        self.owners[tracker.source] = owners
        guard tracker.owners !== owners else { return }
        tracker.owners = owners
        for generation in tracker.generations { owners.note(generation, of: tracker) }
        for file in tracker.known { owners.note(file, of: tracker) }
    }

    /// Whether a file of a live file's family is a stream of its own, or a rotation of one (`app.log-20251123` was there before
    /// `app.log`, and its writer was between two files).
    private func isForeign(_ path: String, to live: String) -> Bool {
        if path != live, familyIndex.isLive(path) { return true }
        guard let owner = familyIndex.liveFile(of: path) else { return false }
        return owner != live && owner.utf8.count > live.utf8.count
    }

    /// All live files, for telling whose rotation a file is.
    private var familyIndex: FamilyIndex {
        if let index = currentIndex { return index }
        let index = FamilyIndex(live: ordered.map(\.path))
        currentIndex = index
        return index
    }

    /// The streams of the configured sources, in the order in which they were taken up.
    public var streamIDs: [StreamID] { ordered.map(\.id) }

    func tracker(_ id: StreamID) -> StreamTracker? { trackers[id] }

    /// Matches the globs anew, takes up new streams, and reconciles those whose directories changed.
    ///
    /// Returns the streams that are new, each with whether its consumers begin at its start.
    public func scan() -> [(stream: StreamID, fromBeginning: Bool)] {
        problems = []
        beginRound()
        var found: Set<String> = []
        var adopted: [(StreamID, Bool)] = []
        for matcher in matchers {
            let (paths, visited, errors) = matcher.expand(using: files)
            found.formUnion(visited)
            problems += errors
            let news = adopt(
                withoutAliases(paths.filter { !isOwn($0) }, of: matcher.settings.name), in: visited, of: matcher)
            adopted += news.adopted
            if news.isComplete, scanned[matcher.settings.name] != matcher.globsHash {
                scanned[matcher.settings.name] = matcher.globsHash
                changedScans.append(ScannedSource(source: matcher.settings.name, globs: matcher.globsHash))
            }
        }
        for tracker in ordered { found.insert(tracker.directory) }
        directories = found
        noticeDirectoryChanges()
        for tracker in ordered where tracker.isRestored { tracker.observe(now: time.monotonicNow()) }
        for owners in owners.values { owners.endScan() }
        return adopted
    }

    /// Whether the agent writes the path, or wrote it before somebody rotated it.
    private func isOwn(_ path: String) -> Bool {
        let (directory, name) = splitPath(path)
        return ownPaths.contains { own in
            if path == own || path.hasPrefix(own + "/") { return true }
            let (ownDirectory, ownName) = splitPath(own)
            return directory == ownDirectory && RotatedName(name, ofLive: ownName) != nil
        }
    }

    /// Of several names of one file (symbolic and hard links) only the first is read.
    private func withoutAliases(_ paths: [String], of source: SourceName) -> [String] {
        let tracked = byPath[source]
        var seen: Set<FileIdentity> = []
        var real: [String] = []
        var links: [String] = []
        for path in paths {
            if (try? files.canonicalPath(path)) == path { real.append(path) } else { links.append(path) }
        }
        let isTracked = { (path: String) in tracked?[path] != nil }
        // The shortest name is the likeliest to be that by which its rotations are called.
        real.sort { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        let all = real + links
        return (all.filter(isTracked) + all.filter { !isTracked($0) }).filter { path in
            guard let identity = (try? files.status(path))?.identity else { return true }
            return seen.insert(FileIdentity(device: identity.device, inode: identity.inode)).inserted
        }
    }

    /// Takes up the streams that are new. What the first scan of a source finds is governed by its `start_at`, and rotated
    /// siblings that its globs do not name are not asked for; what is new in a family later is read, whatever its name is.
    ///
    /// `isComplete`: nothing is left to be judged by the first scan's rules.
    private func adopt(_ paths: [String], in directories: Set<String>, of matcher: SourceMatcher)
        -> (adopted: [(StreamID, Bool)], isComplete: Bool)
    {
        let source = matcher.settings.name
        let isFirstScan = scanned[source] != matcher.globsHash
        var adopted: [(StreamID, Bool)] = []
        var isComplete = true
        var found = FamilyIndex.group(paths, tracked: byPath[source, default: [:]].keys, matcher: matcher)
        found += familiesWithoutLive(in: directories, beside: found, of: matcher)
        found.removeAll { byPath[source]?[$0.path] != nil || isAlias($0, of: source) }
        if found.isEmpty { return ([], true) }
        // Before new files are judged, the other streams must know where their own bytes lie.
        for tracker in ordered where tracker.source == source { tracker.observe(now: time.monotonicNow()) }
        for stream in originalsFirst(found) {
            let fromBeginning = !isFirstScan || startsAtBeginning(stream.path, matcher.settings.startAt)
            let tracker = StreamTracker(id: StreamID(nextID), source: source, path: stream.path, files: files)
            introduce(tracker)
            let isFamilyKnown = tracker.adopt(
                isWanted: { !isFirstScan || fromBeginning && matcher.includes($0) }, now: time.monotonicNow())
            if tracker.segments.isEmpty, let problem = tracker.problem {
                // What lies beside a live file that cannot be opened now must not be taken for news later.
                guard isFirstScan, isFamilyKnown else {
                    problems.append(problem)
                    isComplete = isComplete && !isFirstScan
                    continue
                }
            }
            if let aside = tracker.aside, tracker.isBare {
                aliases[source, default: [:]][stream.path] = aside
                continue
            }
            nextID += 1
            add(tracker)
            adopted.append((tracker.id, fromBeginning))
        }
        return (adopted, isComplete)
    }

    /// The longest file of a family.
    private func longest(of live: String) -> FileStatus? {
        let (directory, name) = splitPath(live)
        let entries = ((try? listings.entries(of: directory)) ?? nil) ?? []
        var longest = (try? files.status(live)) ?? nil
        let beginning = RotatedName.commonBeginning(ofLive: name)
        for entry in DirectoryListings.entries(of: entries, beginningWith: beginning)
        where RotatedName(entry.name, ofLive: name) != nil {
            guard let status = (try? files.status(join(directory, entry.name))) ?? nil else { continue }
            if status.size > longest?.size ?? 0 { longest = status }
        }
        return longest
    }

    /// Whether a path was found to lead to a file of another stream, and still does.
    private func isAlias(_ stream: MatchedStream, of source: SourceName) -> Bool {
        guard stream.rotated.isEmpty, let alias = aliases[source]?[stream.path] else { return false }
        let status = (try? files.status(stream.path)) ?? nil
        if let status, alias.holds(status) { return true }
        aliases[source]?[stream.path] = nil
        return false
    }

    /// Finds files of a restored stream that were moved to where it would not look for them.
    private func seekMoved(for tracker: StreamTracker) {
        let sought = Set(tracker.generations.filter { $0.file == nil }.map(\.identity.inode))
        guard !sought.isEmpty, let matcher = matchers.first(where: { $0.settings.name == tracker.source }) else {
            return
        }
        for path in matcher.expand(using: files).paths where path != tracker.path {
            let (directory, name) = splitPath(path)
            if directory == tracker.directory, RotatedName(name, ofLive: tracker.liveName) != nil { continue }
            guard let identity = ((try? files.status(path)) ?? nil)?.identity, sought.contains(identity.inode),
                let opened = (try? files.open(path)) ?? nil,
                let file = try? SegmentFile(opened, path: path, codec: path.hasSuffix(".gz") ? .gzip : .plain)
            else { continue }
            tracker.recogniseMoved(file, path: path)
        }
    }

    /// Of files that appear together the longest is looked at first, and of those of one length the one that was written first,
    /// so that a copy meets its original.
    private func originalsFirst(_ found: [MatchedStream]) -> [MatchedStream] {
        let all = found.map { stream in
            let longest = longest(of: stream.path)
            return (stream: stream, size: longest?.size ?? 0, modified: longest?.modified ?? .unixEpoch)
        }
        return all.sorted { left, right in
            if left.size != right.size { return left.size > right.size }
            if left.modified != right.modified { return left.modified < right.modified }
            let (a, b) = (left.stream.path, right.stream.path)
            return a.utf8.count == b.utf8.count ? a < b : a.utf8.count < b.utf8.count
        }.map(\.stream)
    }

    /// Families of which only rotated files are there, under names that the globs do not match: those of the first scan are
    /// not news when their live file appears, and later ones are.
    private func familiesWithoutLive(
        in directories: Set<String>, beside found: [MatchedStream], of matcher: SourceMatcher
    ) -> [MatchedStream] {
        var live = Set(found.map(\.path)).union(byPath[matcher.settings.name, default: [:]].keys)
        var families: [MatchedStream] = []
        for directory in directories.sorted() {
            for entry in ((try? listings.entries(of: directory)) ?? nil) ?? [] where entry.kind != .directory {
                let path = join(directory, entry.name)
                guard !matcher.includes(path), !isOwn(path) else { continue }
                let roots = FamilyIndex.liveNames(ofRotated: entry.name).map { join(directory, $0) }
                guard !roots.contains(where: live.contains), let root = roots.last(where: matcher.includes) else {
                    continue
                }
                live.insert(root)
                families.append(MatchedStream(path: root, rotated: []))
            }
        }
        return families
    }

    private func startsAtBeginning(_ path: String, _ start: StartPosition) -> Bool {
        switch start {
        case .beginning: return true
        case .end: return false
        case .within(let age):
            guard let modified = (try? files.status(path))?.modified else { return true }
            let seconds = Double(time.wallNow().nanoseconds - modified.nanoseconds) / 1e9
            return seconds <= Double(age.components.seconds)
        }
    }

    /// A stream reconciles when names, inodes or rotated files of its family differ from the last look.
    private func noticeDirectoryChanges() {
        let index = familyIndex
        var current: [String: Int] = [:]
        var hasRotated: Set<String> = []
        for directory in Set(ordered.map(\.directory)).sorted() {
            // The listing that the new streams were taken up by: what came later is news to the next scan.
            guard let entries = (try? listings.entries(of: directory)) ?? nil else { continue }
            for entry in entries {
                let path = join(directory, entry.name)
                guard let live = index.liveFile(of: path) else { continue }
                var hasher = Hasher()
                hasher.combine(path)
                hasher.combine(entry.inode)
                // An inode's number comes back soon, and what seems to be a copy may be written to.
                if path != live {
                    hasher.combine(((try? files.status(path)) ?? nil)?.modified)
                    hasRotated.insert(live)
                }
                current[live, default: 0] ^= hasher.finalize()
            }
        }
        for tracker in ordered {
            let signature = current[tracker.path] ?? 0
            let before = signatures.updateValue(signature, forKey: tracker.id)
            // What was taken up by this scan, and has nothing beside it, is as it was seen.
            if before == nil, !tracker.isRestored, !tracker.needsReconcile, !hasRotated.contains(tracker.path) {
                continue
            }
            if before != signature || tracker.hasUnreadable {
                tracker.needsReconcile = true
            } else {
                tracker.noteUnchangedFamily()
            }
        }
    }

    /// Looks at streams for growth and rotation: all of them, or only those that changed lately.
    public func observe(onlyHot: Bool = false) {
        let now = time.monotonicNow()
        beginRound()
        for tracker in ordered where !onlyHot || isHot(tracker, now: now) {
            tracker.observe(now: now)
        }
    }

    /// Looks at one stream, of which a change was reported.
    public func observe(_ stream: StreamID) {
        beginRound()
        trackers[stream]?.observe(now: time.monotonicNow())
    }

    /// What was learned of directories and files by the last round of looks may be out of date.
    private func beginRound() {
        listings.beginRound()
        for owners in owners.values { owners.beginRound() }
    }

    private func isHot(_ tracker: StreamTracker, now: MonotonicTime) -> Bool {
        // What failed is tried again with the next look at everything, not with every turn.
        if tracker.needsReconcile { return tracker.problem == nil }
        guard let last = tracker.segments.last else { return false }
        return now.since(last.generation.lastGrowth) < Self.hotTime
            || tracker.segments.contains {
                $0.state == .closed && !$0.generation.isQuiet(for: StreamTracker.writerPatience, now: now)
            }
    }

    /// Whether any stream needs to be looked at with every turn.
    public var hasHotStreams: Bool {
        let now = time.monotonicNow()
        return ordered.contains { isHot($0, now: now) }
    }

    /// From now on an unfinished last line is whole: nothing more will come.
    public func finish() { for tracker in ordered { tracker.isFinishing = true } }

    /// Whether files were not judged yet since the machine was started anew: the next agent must not take it for settled.
    public var isRebootPending: Bool { ordered.contains(where: \.bootChanged) }

    /// Takes notice of a reboot in streams that were not looked at since. Call before a commit, which says that it was.
    public func prepareCommit() {
        let now = time.monotonicNow()
        if ordered.contains(where: \.bootChanged) { beginRound() }
        for tracker in ordered where tracker.bootChanged { tracker.observe(now: now) }
    }

    /// The changed streams, and the sources looked at for the first time, since the last call.
    public func takeChanges() -> (streams: [StreamRecord], scanned: [ScannedSource]) {
        let now = time.monotonicNow()
        var records: [StreamRecord] = []
        for tracker in ordered {
            tracker.prune(now: now)
            guard tracker.isDirty else { continue }
            tracker.isDirty = false
            records.append(tracker.record)
        }
        let scans = changedScans
        changedScans = []
        return (records, scans)
    }
}

/// What a consumer's keeper asks of a stream.
extension FileTail {
    /// The stream as the ledger should have it now. This and what follows is nil for a stream that is not followed.
    public func record(of stream: StreamID) -> StreamRecord? { trackers[stream]?.record }
    /// The source that the stream belongs to.
    public func source(of stream: StreamID) -> SourceName? { trackers[stream]?.source }
    /// The path under which its writer writes, whatever its segments are called.
    public func path(of stream: StreamID) -> String? { trackers[stream]?.path }
    /// What kept the stream from being looked at or read; nil after a look that went well.
    /// Of a gzip file to which nothing more will come, also why its end cannot be read.
    public func problem(of stream: StreamID) -> FileAccessError? {
        guard let tracker = trackers[stream] else { return nil }
        return tracker.problem
            ?? (tracker.isFinishing ? tracker.generations.lazy.compactMap { $0.file?.fault }.first : nil)
    }
    /// How a source is read; nil when it is not configured.
    public func settings(of source: SourceName) -> FileSourceSettings? {
        matchers.first { $0.settings.name == source }?.settings
    }
    /// The longest line that any source reads whole, in bytes.
    public var longestLine: Int { matchers.map(\.settings.maximumLineLength).max() ?? 0 }
    /// The index of a source in the configuration.
    public func index(of source: SourceName) -> Int? { matchers.firstIndex { $0.settings.name == source } }
    /// The logical offset behind the last byte seen.
    public func end(of stream: StreamID) -> UInt64 { trackers[stream]?.end ?? 0 }
    /// Whether the stream's newest file was over, and nothing had taken its place, when it was looked at last.
    public func hasEnded(_ stream: StreamID) -> Bool { trackers[stream]?.hasEnded ?? false }
    /// The logical offset of the first byte that can still be read.
    public func start(of stream: StreamID) -> UInt64 { trackers[stream]?.start ?? 0 }
    /// Where a consumer begins that wants only what comes from now on, and how it will know the place again.
    public func startOfLastLine(of stream: StreamID) -> CursorView {
        guard let tracker = trackers[stream] else { return CursorView(offset: 0, anchor: .none) }
        let offset = tracker.startOfLastLine()
        return CursorView(offset: offset, anchor: tracker.anchor(at: offset))
    }

    /// Lets the tailer ask where the consumers of a stream stand; called while it reconciles.
    public func setCursors(of stream: StreamID, _ cursors: @escaping () -> [CursorView]) {
        trackers[stream]?.cursors = cursors
    }

    /// Reads a stream; see `ReadOutcome`. `anchorLength`: valid bytes in front of the payload.
    public func read(_ stream: StreamID, at cursor: CursorView, into buffer: ReadBuffer, anchorLength: inout Int)
        throws(FileAccessError) -> ReadOutcome
    {
        guard let tracker = trackers[stream] else { return .caughtUp }
        do throws(FileAccessError) {
            return try tracker.read(
                at: cursor.offset, anchor: cursor.anchor, into: buffer, anchorLength: &anchorLength,
                now: time.monotonicNow())
        } catch {
            tracker.problem = error
            tracker.needsReconcile = true
            throw error
        }
    }

    /// What happened to a stream since the last call and concerns all its consumers.
    public func takeEvents(of stream: StreamID) -> [StreamEvent] {
        guard let tracker = trackers[stream], !tracker.events.isEmpty else { return [] }
        defer { tracker.events = [] }
        return tracker.events
    }
}
