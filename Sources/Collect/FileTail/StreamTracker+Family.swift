import FileAccess
import LogModel

/// A file of the rotation family, opened and judged by what it is at this moment.
struct FamilyFile {
    var path: String
    var name: RotatedName
    var file: SegmentFile
    var status: FileStatus
}

/// The live file and its family, seen without a rotation in between.
struct FamilyView {
    var live: FileStatus?
    var files: [FamilyFile]
    /// A file is there that cannot be judged yet.
    var hasUndecided: Bool
}

/// What a file of the family turned out to be.
enum FamilyMatch {
    case segment(TrackedSegment)
    case known
    case unknown
    case undecided
}

extension StreamTracker {
    /// Lists the family between two equal looks at the live file, so that no rename chain is seen half done.
    func familyView() throws(FileAccessError) -> FamilyView {
        var view = FamilyView(live: nil, files: [], hasUndecided: false)
        for _ in 0..<8 {
            let before = try files.status(path)
            let (family, isStable) = try openFamily()
            let after = try files.status(path)
            view = FamilyView(live: after, files: family, hasUndecided: false)
            if isStable, before?.identity.inode == after?.identity.inode { break }
        }
        return view
    }

    /// Opens the files of the family; `isStable` is false when a name led to another file than the listing said.
    private func openFamily() throws(FileAccessError) -> (files: [FamilyFile], isStable: Bool) {
        guard let entries = try files.list(directory) else { return ([], true) }
        var family: [FamilyFile] = []
        var isStable = true
        for entry in entries where entry.kind == .regular || entry.kind == .unknown {
            guard let name = RotatedName(entry.name, ofLive: liveName), name.codec != .unsupported else { continue }
            let path = join(directory, entry.name)
            guard let opened = try openIfReadable(path) else {
                isStable = false
                continue
            }
            let file = try SegmentFile(opened, path: path, codec: name.codec == .gzip ? .gzip : .plain)
            let status = try file.status()
            if status.identity.inode != entry.inode { isStable = false }
            family.append(FamilyFile(path: path, name: name, file: file, status: status))
        }
        return (family, isStable)
    }

    /// A file that cannot be opened for lack of rights is not part of the family that we can know.
    private func openIfReadable(_ path: String) throws(FileAccessError) -> (any ReadableFile)? {
        do throws(FileAccessError) {
            return try files.open(path)
        } catch {
            if error.healing == .byItself { throw error }
            problem = error
            return nil
        }
    }

    /// Says what a file of the family is, by its inode and head, else by its content.
    func match(_ candidate: FamilyFile) throws(FileAccessError) -> FamilyMatch {
        if let own = try ownSegment(of: candidate) { return .segment(own) }
        guard candidate.status.size > 0 else { return .undecided }
        if judged[candidate.status.identity] == candidate.status.size { return .known }
        if candidate.file.codec == .gzip, try !candidate.file.isWholeGzip() { return .undecided }
        let head = try candidate.file.head()
        guard head.length > 0 else { return .known }
        for file in known where try isSameContent(candidate, head: file.head, length: file.length, isWhole: true) {
            return .known
        }
        for tracked in segments.reversed() where try holdsContent(candidate, of: tracked) { return .segment(tracked) }
        return .unknown
    }

    /// The segment whose own file this is.
    private func ownSegment(of candidate: FamilyFile) throws(FileAccessError) -> TrackedSegment? {
        for tracked in segments.reversed() where tracked.segment.identity.inode == candidate.status.identity.inode {
            if let file = tracked.file {
                if candidate.status.isSameFile(as: file) { return tracked }
            } else if tracked.displacement == nil, candidate.file.codec == tracked.segment.codec,
                candidate.status.size >= tracked.fileEnd || bootChanged,
                try candidate.file.begins(with: tracked.segment.head)
            {
                return tracked
            }
        }
        return nil
    }

    /// Whether a candidate holds the bytes of a segment whose own file it is not: a copy, or the compressed file.
    private func holdsContent(_ candidate: FamilyFile, of tracked: TrackedSegment) throws(FileAccessError) -> Bool {
        let segment = tracked.segment
        guard segment.head.length > 0, segment.state != .gone || tracked.displacement != nil else { return false }
        let isWhole = segment.state != .open && tracked.displacement == nil && isLastOfItsFile(tracked)
        guard try isSameContent(candidate, head: segment.head, length: tracked.fileEnd, isWhole: isWhole) else { return false }
        // Identical first lines do not make a copy: the places where consumers stand must agree too.
        for cursor in cursors() where cursor.offset > segment.start && cursor.offset <= segment.end {
            guard try candidate.file.holds(cursor.anchor, before: tracked.fileOffset(cursor.offset), orIsShorter: true)
            else { return false }
        }
        return true
    }

    /// `isWhole`: the known content has exactly `length` bytes; otherwise a copy may be shorter (made earlier) or longer (made
    /// after the last look).
    private func isSameContent(_ candidate: FamilyFile, head: HeadFingerprint, length: UInt64, isWhole: Bool)
        throws(FileAccessError) -> Bool
    {
        guard head.length > 0 else { return false }
        if isWhole, candidate.file.codec == .plain, candidate.status.size != length { return false }
        guard try candidate.file.begins(with: head) else { return false }
        guard isWhole, candidate.file.codec == .gzip else { return true }
        return try candidate.file.contentLength() == length
    }

    /// Remembers that a file of the family needs no further look, whatever it is.
    func settle(_ candidate: FamilyFile) { judged[candidate.status.identity] = candidate.status.size }
}

extension SegmentFile {
    /// As `holds`, but a file that ends before the place says nothing against it.
    func holds(_ anchor: Anchor, before offset: UInt64, orIsShorter: Bool) throws(FileAccessError) -> Bool {
        if orIsShorter, codec == .plain, try status().size < offset { return true }
        return try holds(anchor, before: offset)
    }
}
