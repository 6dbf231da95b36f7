import FileAccess
import LogModel

/// A file of the rotation family, opened and judged by what it is at this moment.
final class FamilyFile {
    let path: String
    let name: RotatedName
    let file: SegmentFile
    let status: FileStatus
    /// So many of its bytes were known before it grew; what lies behind them is news.
    var knownLength: UInt64 = 0
    /// Uncompressed bytes, and whether a gzip file ends as one should; found out when first asked for.
    private var content: (length: UInt64, isWhole: Bool)?

    init(path: String, name: RotatedName, file: SegmentFile, status: FileStatus) {
        self.path = path
        self.name = name
        self.file = file
        self.status = status
    }

    func length() throws(FileAccessError) -> UInt64 { try measure().length }
    func isWhole() throws(FileAccessError) -> Bool { try measure().isWhole }

    private func measure() throws(FileAccessError) -> (length: UInt64, isWhole: Bool) {
        if let content { return content }
        let found = file.codec == .plain ? (length: status.size, isWhole: true) : try file.content()
        content = found
        return found
    }
}

/// The live file and its family, seen without a rotation in between.
struct FamilyView {
    /// The file at the live path; nil when nothing is there.
    var live: (file: SegmentFile, status: FileStatus)?
    var files: [FamilyFile] = []
    /// When the live file was last written before the family was listed.
    var modifiedBefore: WallTime?
    /// The directory was listed for it, not for another stream before.
    var isFresh = false
    /// A file is there that cannot be judged yet, or not opened.
    var hasUndecided = false
    var hasUnreadable = false
}

/// What a file of the family turned out to be.
enum FamilyMatch {
    /// Another file with a generation's bytes: a copy, or the compressed file.
    case copy(Generation)
    /// Nothing to be read.
    case known
    case unknown
    case undecided
}

/// What was found out about a file, which holds as long as the file is not written.
struct Judgement {
    var size: UInt64
    var modified: WallTime
    /// What it is a copy of; nil when it is known and needs no further look.
    weak var generation: Generation?

    func holds(_ status: FileStatus) -> Bool { size == status.size && modified == status.modified }
}

extension StreamTracker {
    /// Lists the family between two equal looks at the live file, so that no rename chain is seen half done.
    ///
    /// A listing that was made for another stream will do when it agrees with the live file, unless `isFresh`.
    func familyView(isFresh: Bool = false) throws(FileAccessError) -> FamilyView {
        hasUnreadable = false
        for attempt in 0..<8 {
            let before = try files.status(path)
            var (view, isStable) = try openFamily(isFresh: isFresh || attempt > 0, live: before)
            view.live = try openLive()
            view.modifiedBefore = before?.modified
            if isStable, before?.identity.inode == view.live?.status.identity.inode { return view }
        }
        // It changes faster than it can be looked at.
        throw FileAccessError(
            code: "busy", message: "The files beside \(path) are being renamed all the time.",
            hint: "It is tried again.",
            healing: .byItself)
    }

    private func openLive() throws(FileAccessError) -> (file: SegmentFile, status: FileStatus)? {
        guard let opened = try files.open(path) else { return nil }
        let file = try SegmentFile(opened, path: path, codec: liveName.hasSuffix(".gz") ? .gzip : .plain)
        return (file, try file.status())
    }

    /// Opens the files of the family; `isStable` is false when a name led to another file than the listing said.
    func openFamily(isFresh: Bool, live: FileStatus?) throws(FileAccessError) -> (view: FamilyView, isStable: Bool) {
        var view = FamilyView()
        view.isFresh = isFresh || listings == nil
        guard var entries = try list(directory, beginningWith: liveName, isFresh: isFresh) else { return (view, true) }
        let listed = entries.first { $0.name == liveName }
        if !view.isFresh, listed?.inode != live?.identity.inode {
            view.isFresh = true
            entries = try list(directory, beginningWith: liveName, isFresh: true) ?? []
        }
        var isStable = try open(entries, in: directory, ofLive: liveName, into: &view)
        // Behind a link the file is rotated where it lies, under its own name.
        if let listed, listed.kind == .symbolicLink, let target = try files.canonicalPath(path) {
            let (folder, name) = splitPath(target)
            let beside = try list(folder, beginningWith: name, isFresh: true) ?? []
            isStable = try open(beside, in: folder, ofLive: name, into: &view) && isStable
        }
        return (view, isStable)
    }

    /// Opens those of a directory's entries that are rotations of `live`; false when one was renamed meanwhile.
    private func open(
        _ entries: ArraySlice<DirectoryEntry>, in folder: String, ofLive live: String, into view: inout FamilyView
    ) throws(FileAccessError) -> Bool {
        var isStable = true
        for entry in entries where entry.kind == .regular || entry.kind == .unknown {
            guard let name = RotatedName(entry.name, ofLive: live), name.codec != .unsupported else { continue }
            let path = join(folder, entry.name)
            if isForeign(path) { continue }
            do throws(FileAccessError) {
                guard let opened = try files.open(path) else {
                    isStable = false
                    continue
                }
                let file = try SegmentFile(opened, path: path, codec: name.codec == .gzip ? .gzip : .plain)
                let status = try file.status()
                if status.identity.inode != entry.inode { isStable = false }
                view.files.append(FamilyFile(path: path, name: name, file: file, status: status))
            } catch {
                // What is wrong with one file is no word on the others; a lack of descriptors or memory is.
                guard ["permission_denied", "not_a_regular_file", "symbolic_link_loop"].contains(error.code) else {
                    throw error
                }
                problem = error
                if error.code == "permission_denied" { (view.hasUnreadable, hasUnreadable) = (true, true) }
            }
        }
        return isStable
    }

    /// The entries of a directory that may be `live` or rotations of it.
    private func list(_ folder: String, beginningWith live: String, isFresh: Bool) throws(FileAccessError)
        -> ArraySlice<DirectoryEntry>?
    {
        let listings = listings ?? DirectoryListings(files: files)
        guard let entries = try listings.entries(of: folder, isFresh: isFresh) else { return nil }
        return DirectoryListings.entries(of: entries, beginningWith: RotatedName.commonBeginning(ofLive: live))
    }

    /// The generation whose own file this is. `live`: the file at the live path.
    func ownGeneration(of candidate: FamilyFile, beside live: SegmentFile?) throws(FileAccessError) -> Generation? {
        for generation in generations.reversed() where generation.identity.mayBe(candidate.status.identity) {
            if lastSegment(of: generation) == nil { continue }
            if let file = generation.file {
                if candidate.status.isSameFile(as: file) { return generation }
            } else if generation.displacement == nil, candidate.file.codec == generation.codec,
                try isWhatWasRead(candidate.file, length: candidate.length(), generation),
                try !isAnother(candidate, than: generation, beside: live)
            {
                return generation
            }
        }
        return nil
    }

    /// Whether a file that begins like a generation, and has its inode's number, is all the same another one that took the number
    /// over: it has grown though nobody could write to it, or is a copy of the live file.
    private func isAnother(_ candidate: FamilyFile, than generation: Generation, beside live: SegmentFile?)
        throws(FileAccessError) -> Bool
    {
        let length = try candidate.length()
        guard length > end(of: generation), generation.head.length < HeadFingerprint.maximumLength,
            !generation.identity.isSurely(candidate.status.identity)
        else { return false }
        if lastSegment(of: generation)?.state == .complete { return true }
        guard let live else { return false }
        return try candidate.file.isBeginning(length: length, of: live, length: live.content().length)
    }

    /// Whether a file with a generation's inode holds what was seen of that, as far as it goes.
    func isWhatWasRead(_ file: SegmentFile, length: UInt64, _ generation: Generation) throws(FileAccessError) -> Bool {
        // Too short to be compared by the hash that we have: after a power cut only its inode speaks for it.
        if length < UInt64(generation.head.length) { return bootChanged }
        guard try file.begins(with: generation.head) else { return false }
        guard length >= lastSegment(of: generation)?.fileEnd ?? 0 || bootChanged else { return false }
        // What a power cut took may have been written over.
        if bootChanged { return true }
        return try agreesWithCursors(file, length: length, generation)
    }

    /// Whether the places where consumers stand in a generation are in the file what they were, as far as it goes.
    func agreesWithCursors(_ file: SegmentFile, length: UInt64, _ generation: Generation) throws(FileAccessError)
        -> Bool
    {
        let cursors = cursors()
        for tracked in segments where tracked.generation === generation && tracked.state != .gone {
            for cursor in cursors where cursor.offset > tracked.start && cursor.offset <= tracked.end {
                let place = tracked.fileOffset(cursor.offset)
                guard place <= length else { continue }
                guard try file.holds(cursor.anchor, before: place) else { return false }
            }
        }
        return true
    }

    /// Says what a file of the family is that is no generation's own. `live`: the file at the live path.
    func match(_ candidate: FamilyFile, beside live: SegmentFile?) throws(FileAccessError) -> FamilyMatch {
        if candidate.status.size == 0, candidate.file.codec == .gzip { return .undecided }
        if let earlier = judged[candidate.status.identity], earlier.holds(candidate.status) {
            if let generation = earlier.generation, generation.file == nil { return .copy(generation) }
            // It may be a copy, too, of what has lost its file since.
            let isAnySought = generations.contains { $0.file == nil && lastSegment(of: $0) != nil }
            if !isAnySought { return earlier.generation.map { .copy($0) } ?? .known }
        }
        guard try candidate.isWhole() else { return .undecided }
        // A late writer may still fill it.
        guard try candidate.length() > 0 else {
            if let generation = generations.last, generation.file == nil, end(of: generation) == 0 {
                return .copy(generation)
            }
            return try isKnown(candidate) ? .known : .unknown
        }
        // A generation that has lost its file comes first, unless there would be more in the file than was seen of it.
        for generation in generations.reversed() where generation.file == nil {
            if try candidate.length() <= end(of: generation), try isCopy(candidate, of: generation) {
                return .copy(generation)
            }
        }
        for generation in generations.reversed() where generation.file != nil {
            if try isCopy(candidate, of: generation) { return .copy(generation) }
        }
        if let live, try candidate.file.isBeginning(length: candidate.length(), of: live, length: live.content().length)
        {
            return .unknown
        }
        for generation in generations.reversed() where generation.file == nil {
            if try isCopy(candidate, of: generation) { return .copy(generation) }
        }
        if try isKnown(candidate) { return .known }
        candidate.knownLength = try lengthBeforeGrowth(of: candidate)
        return .unknown
    }

    /// How much of a generation was ever seen.
    func end(of generation: Generation) -> UInt64 {
        segments.filter { $0.generation === generation }.map(\.fileEnd).max() ?? 0
    }

    /// All generations, oldest first.
    var generations: [Generation] {
        var all: [Generation] = []
        for tracked in segments where !all.contains(where: { $0 === tracked.generation }) {
            all.append(tracked.generation)
        }
        return all
    }

    private func isCopy(_ candidate: FamilyFile, of generation: Generation) throws(FileAccessError) -> Bool {
        let length = try candidate.length()
        if let file = generation.file {
            let ownLength = try file.content().length
            if try candidate.file.isBeginning(length: length, of: file, length: ownLength) { return true }
            guard bootChanged else { return false }
            // What a power cut took of it may be in the copy.
            if try file.isBeginning(length: ownLength, of: candidate.file, length: length) { return true }
            guard ownLength < lastSegment(of: generation)?.fileEnd ?? 0 else { return false }
        }
        guard generation.head.length > 0 else { return false }
        // What a power cut took may have been written over, in the file and so in its copy.
        if bootChanged, generation.head.length == HeadFingerprint.maximumLength {
            return try candidate.file.begins(with: generation.head)
        }
        guard try agreesWithCursors(candidate.file, length: length, generation) else { return false }
        if length < UInt64(generation.head.length) {
            // Too short to be compared by the hash that we have; a place that somebody has read speaks for it.
            guard generation.headBytes.count >= Int(length) else { return hasAnchor(below: length, generation) }
            let bytes = try candidate.file.bytes(at: 0, count: Int(length))
            return bytes.elementsEqual(generation.headBytes.prefix(Int(length)))
        }
        guard try candidate.file.begins(with: generation.head) else { return false }
        // What is gone is known only by its head and its length.
        guard let last = lastSegment(of: generation) else {
            return segments.contains { $0.generation === generation && $0.fileEnd == length }
        }
        if length >= last.fileEnd, try !candidate.file.holds(generation.tail, before: last.fileEnd) { return false }
        if length <= last.fileEnd { return true }
        // What is known and longer was read as itself: it has only begun like this.
        if last.state == .complete { return false }
        return try !isKnown(candidate)
    }

    /// Whether a consumer would know a place again in the first `length` bytes of a generation.
    private func hasAnchor(below length: UInt64, _ generation: Generation) -> Bool {
        let cursors = cursors()
        return segments.contains { tracked in
            tracked.generation === generation && tracked.state != .gone
                && cursors.contains {
                    $0.anchor.length > 0 && $0.offset > tracked.start && $0.offset <= tracked.end
                        && tracked.fileOffset($0.offset) <= length
                }
        }
    }

    private func isKnown(_ candidate: FamilyFile) throws(FileAccessError) -> Bool {
        let length = try candidate.length()
        for (index, file) in known.enumerated() {
            let mayBeItself = file.identity.mayBe(candidate.status.identity) && candidate.file.codec == .plain
            if bootChanged, mayBeItself, length < file.length {
                // A power cut took its end; what is left may be too short to be compared.
                let head = try candidate.file.head()
                guard head.length < file.head.length || head == file.head else { continue }
                known[index] = KnownFile(head: head, length: length, identity: file.identity)
                isDirty = true
                return true
            }
            guard length == file.length, length > 0 || mayBeItself, try candidate.file.begins(with: file.head) else {
                continue
            }
            return true
        }
        return false
    }

    /// How long a file was when it was last known, if it is that file by inode and content and has grown: it had a writer yet,
    /// however much it looked like a copy or was passed. 0 when it was not known.
    private func lengthBeforeGrowth(of candidate: FamilyFile) throws(FileAccessError) -> UInt64 {
        guard candidate.file.codec == .plain, aside?.status.identity != candidate.status.identity else { return 0 }
        var longest: UInt64 = 0
        for file in known where file.length > longest && file.length < candidate.status.size {
            if file.identity.mayBe(candidate.status.identity), try candidate.file.begins(with: file.head) {
                longest = file.length
            }
        }
        return longest
    }

    /// Whether a file of the family is as it was when it was judged.
    func isJudged(_ candidate: FamilyFile) -> Bool {
        judged[candidate.status.identity]?.holds(candidate.status) ?? false
    }

    /// Remembers that a file of the family needs no further look.
    func settle(_ candidate: FamilyFile, copyOf generation: Generation? = nil) {
        judged[candidate.status.identity] = Judgement(
            size: candidate.status.size, modified: candidate.status.modified, generation: generation)
    }

    /// Leaves a file of the family unread for good.
    func rememberUnread(_ candidate: FamilyFile, copyOf generation: Generation? = nil) throws(FileAccessError) {
        settle(candidate, copyOf: generation)
        remember(
            KnownFile(
                head: try candidate.file.head(), length: try candidate.length(), identity: candidate.status.identity))
    }
}
