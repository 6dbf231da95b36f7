import FileAccess
import LogModel

/// Says which stream of a source has the bytes of a file: a line is counted once, whatever its file is called.
///
/// Streams find rotated files by name. What has another name (`old/app.log.1`, `app.log.rotated`, `app-copy.log`, a link) is
/// found here, by inode and content, before a stream begins to read it.
///
/// It is an index for finding the few files that are worth a comparison: what is in it may be out of date.
final class FileOwners {
    /// Shorter files are never taken for copies: two services may well write the same line, and no more.
    static let minimumLength = 256

    private struct Entry {
        weak var generation: Generation?
        weak var tracker: StreamTracker?
    }

    private struct WeakTracker { weak var tracker: StreamTracker? }

    private var byInode: [UInt64: [Entry]] = [:]
    private var byBeginning: [ContentHash: [Entry]] = [:]
    private var known: [UInt64: [WeakTracker]] = [:]
    /// Whose files were too short when they were noted, and whether they may have grown since.
    private var young: [Entry] = []
    private var mayHaveGrown = false
    /// The machine was started anew since the streams were recorded, and what there is was not judged since: a known file may have
    /// lost its end.
    var isAfterReboot = false
    /// What streams have forgotten since the last scan: a copy of it may not have been seen yet.
    private var forgotten: [Generation] = []

    /// Takes notice of where a stream's bytes lie; again when that has changed.
    func note(_ generation: Generation, of tracker: StreamTracker) {
        let entry = Entry(generation: generation, tracker: tracker)
        let inode = generation.identity.inode
        if generation.notedInode != inode {
            generation.notedInode = inode
            byInode[inode] = (byInode[inode] ?? []).filter { $0.generation != nil } + [entry]
        }
        if !generation.isBeginningNoted, generation.file != nil, !noteBeginning(entry), !generation.isYoung {
            generation.isYoung = true
            young.append(entry)
        }
    }

    private func noteBeginning(_ entry: Entry) -> Bool {
        guard let generation = entry.generation, let file = generation.file else { return false }
        if generation.isBeginningNoted { return true }
        guard generation.codec == .gzip || file.codec == .plain, let beginning = try? Self.beginning(of: file) else {
            return false
        }
        generation.isBeginningNoted = true
        byBeginning[beginning] = (byBeginning[beginning] ?? []).filter { $0.generation != nil } + [entry]
        return true
    }

    /// Keeps what a stream forgets for one more comparison.
    func retain(_ generation: Generation) { if generation.file != nil { forgotten.append(generation) } }

    /// After all new files were judged.
    func endScan() { (forgotten, isAfterReboot) = ([], false) }

    /// Before a round of looks: files may have grown since the last one.
    func beginRound() { mayHaveGrown = true }

    private func lookAtYoung() {
        guard mayHaveGrown else { return }
        mayHaveGrown = false
        young.removeAll { entry in
            guard let generation = entry.generation, !noteBeginning(entry) else { return true }
            if generation.file == nil { generation.isYoung = false }
            return generation.file == nil
        }
    }

    /// Takes notice of a file that a stream knows and does not read.
    func note(_ file: KnownFile, of tracker: StreamTracker) {
        let others = (known[file.identity.inode] ?? []).filter { $0.tracker != nil && $0.tracker !== tracker }
        known[file.identity.inode] = others + [WeakTracker(tracker: tracker)]
    }

    private static func beginning(of file: SegmentFile) throws(FileAccessError) -> ContentHash? {
        let bytes = try file.bytes(at: 0, count: minimumLength)
        return bytes.count == minimumLength ? ContentHash(bytes) : nil
    }

    /// The stream, other than `asking`, that has a file's bytes, and how; nil when they are nobody's yet.
    func owner(of file: SegmentFile, path: String, for asking: StreamTracker) throws(FileAccessError) -> FileOwner? {
        let status = try file.status()
        for entry in byInode[status.identity.inode] ?? [] {
            guard let generation = entry.generation, let tracker = entry.tracker, tracker !== asking else { continue }
            if try tracker.recognise(file, status, path: path, as: generation) { return .itself(generation) }
        }
        let length = try file.codec == .plain ? status.size : file.content().length
        guard length > 0 else { return nil }
        for entry in known[status.identity.inode] ?? [] {
            guard let tracker = entry.tracker, tracker !== asking else { continue }
            if try tracker.knows(file, status, length: length, isAfterReboot: isAfterReboot) { return .known }
        }
        guard length >= Self.minimumLength, let beginning = try Self.beginning(of: file) else { return nil }
        lookAtYoung()
        for entry in byBeginning[beginning] ?? [] {
            guard let generation = entry.generation, let tracker = entry.tracker, tracker !== asking,
                let original = generation.file, isNamedLikeCopy(path, of: tracker.path)
            else { continue }
            if try file.isCopy(length: length, of: original) { return .copy }
        }
        return nil
    }
}

/// Whether somebody who copies a log might give the copy this name: it lies beside it, and one of the two names holds the other's
/// stem as a word (`app-copy.log`, `app.log.bak`, `old-app.log`, but not `app2.log`).
///
/// Without this, services that write the same lines into files of their own would be counted once: content alone does not tell.
func isNamedLikeCopy(_ path: String, of live: String) -> Bool {
    let (copy, original) = (splitPath(path), splitPath(live))
    guard copy.directory == original.directory else { return false }
    return hasWord(stem(of: original.name), in: copy.name) || hasWord(stem(of: copy.name), in: original.name)
}

/// A name without its last extension.
private func stem(of name: String) -> Substring {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return Substring(name) }
    return name[..<dot]
}

private func hasWord(_ word: Substring, in name: String) -> Bool {
    let (word, bytes) = (Array(word.utf8), Array(name.utf8))
    guard !word.isEmpty, word.count <= bytes.count else { return false }
    func isWordByte(_ index: Int) -> Bool {
        guard bytes.indices.contains(index) else { return false }
        let lower = bytes[index] | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index]
    }
    return (0...bytes.count - word.count).contains { start in
        bytes[start..<start + word.count].elementsEqual(word) && !isWordByte(start - 1)
            && !isWordByte(start + word.count)
    }
}

/// What a file is to the stream that has its bytes.
enum FileOwner {
    /// The file that the stream reads, under another name.
    case itself(Generation)
    /// A file that the stream has read, or need not read.
    case known
    /// Another file, all of whose bytes are the first ones of the stream's.
    case copy
}

/// A file at the live path that is not read, because another stream has its bytes, and for how long that is sure.
struct FileAside {
    var status: FileStatus
    /// What it is, if it is that itself.
    weak var generation: Generation?

    func holds(_ now: FileStatus) -> Bool {
        if let file = generation?.file, now.isSameFile(as: file) { return true }
        return now.identity.inode == status.identity.inode && now.identity.device == status.identity.device
            && now.size == status.size && now.modified == status.modified
    }
}

extension SegmentFile {
    /// Whether all of this file's `length` bytes are the first ones of another. Its ends are compared first.
    func isCopy(length: UInt64, of other: SegmentFile) throws(FileAccessError) -> Bool {
        guard try isBeginning(length: length, of: other, length: other.content().length) else { return false }
        var offset: UInt64 = 0
        while offset < length {
            let count = Int(min(length - offset, 1 << 18))
            let mine = try bytes(at: offset, count: count)
            guard mine.count == count, try mine == other.bytes(at: offset, count: count) else { return false }
            offset += UInt64(count)
        }
        return true
    }
}

/// Files of the stream under names that are not of its family.
extension StreamTracker {
    /// Whether a file is a generation's own. When it is no longer where it was, it is read on under its new name.
    func recognise(_ candidate: SegmentFile, _ status: FileStatus, path: String, as generation: Generation)
        throws(FileAccessError) -> Bool
    {
        guard let last = lastSegment(of: generation) else { return false }
        if let file = generation.file {
            // What was cut and written anew is another file in all but its inode.
            guard status.isSameFile(as: file), try candidate.begins(with: generation.head),
                file.codec == .gzip || status.size >= last.fileEnd,
                try file.holds(generation.tail, before: last.fileEnd)
            else { return false }
        } else {
            guard generation.displacement == nil, candidate.codec == generation.codec,
                generation.identity.mayBe(status.identity),
                try isWhatWasRead(candidate, length: candidate.content().length, generation)
            else { return false }
        }
        // A link leaves it where it was.
        let there = (try? files.status(generation.path)) ?? nil
        if there?.identity.inode != status.identity.inode {
            generation.path = path
            isDirty = true
        }
        if generation.file == nil {
            generation.file = candidate
            announce(generation)
        }
        return true
    }

    private func isOfFamily(_ candidate: String) -> Bool {
        let (folder, name) = splitPath(candidate)
        return candidate == path || folder == directory && RotatedName(name, ofLive: liveName) != nil
    }

    /// Opens what was last seen where no other look would find it.
    func openMoved() throws(FileAccessError) {
        for generation in generations where generation.file == nil && !isOfFamily(generation.path) {
            guard let opened = try files.open(generation.path) else { continue }
            let file = try SegmentFile(opened, path: generation.path, codec: generation.codec)
            _ = try recognise(file, file.status(), path: generation.path, as: generation)
        }
    }

    /// The same of any generation whose file was not found yet.
    func recogniseMoved(_ candidate: SegmentFile, path: String) {
        for generation in generations where generation.file == nil {
            guarded { () throws(FileAccessError) in
                _ = try recognise(candidate, candidate.status(), path: path, as: generation)
            }
        }
    }

    /// Whether a file is one that need not be read, perhaps without an end that it has lost with the last run of the machine.
    func knows(_ candidate: SegmentFile, _ status: FileStatus, length: UInt64, isAfterReboot: Bool)
        throws(FileAccessError) -> Bool
    {
        for (index, file) in known.enumerated() where length > 0 && file.identity.mayBe(status.identity) {
            if length >= file.length, try candidate.begins(with: file.head) {
                if length == file.length { return true }
                if try hasRead(candidate, length: length) { return true }
            }
            guard isAfterReboot, length < file.length else { continue }
            let head = try candidate.head()
            guard head.length < file.head.length || head == file.head else { continue }
            known[index] = KnownFile(head: head, length: length, identity: file.identity)
            isDirty = true
            return true
        }
        return false
    }

    /// Whether what a known file has got since is known from where that was compressed to.
    private func hasRead(_ candidate: SegmentFile, length: UInt64) throws(FileAccessError) -> Bool {
        for file in known where file.length == length {
            if try candidate.begins(with: file.head) { return true }
        }
        for generation in generations {
            if let own = generation.file, try candidate.isCopy(length: length, of: own) { return true }
        }
        return false
    }

    /// Lets the streams of the source know where bytes of this one lie.
    func announce(_ generation: Generation) { owners?.note(generation, of: self) }

    /// Whether another stream has a file's bytes, so that they are not to be read here.
    func isElsewhere(_ candidate: FamilyFile) throws(FileAccessError) -> Bool {
        guard let owners else { return false }
        return try owners.owner(of: candidate.file, path: candidate.path, for: self) != nil
    }

    /// Leaves the file at the live path aside when another stream has its bytes; it is judged anew when it changes.
    func leaveAside(_ file: SegmentFile) throws(FileAccessError) -> Bool {
        aside = nil
        let status = try file.status()
        let length = try file.codec == .plain ? status.size : file.content().length
        guard let owners else { return false }
        if length >= FileOwners.minimumLength, try knows(file, status, length: length, isAfterReboot: false) {
            aside = FileAside(status: status)
            return true
        }
        switch try owners.owner(of: file, path: path, for: self) {
        case nil: return false
        case .itself(let generation): aside = FileAside(status: status, generation: generation)
        case .known: aside = FileAside(status: status)
        case .copy:
            aside = FileAside(status: status)
            // The original may be gone when the agent starts again.
            remember(KnownFile(head: try file.head(), length: length, identity: status.identity))
        }
        return true
    }

    /// A file that was empty when it was taken up may have become a copy of another stream's: nobody has read of it yet.
    func disownCopy() throws(FileAccessError) {
        guard let last = segments.last, last.state == .open, last.base == 0, last.fileEnd > 0,
            !last.generation.isOwn, let file = last.generation.file
        else { return }
        last.generation.isOwn = true
        guard let owners, cursors().allSatisfy({ $0.offset <= last.start }),
            case .copy = try owners.owner(of: file, path: path, for: self), try leaveAside(file)
        else { return }
        segments.removeLast()
        isDirty = true
    }
}
