import FileAccess
import LogModel

/// The first look at a stream.
extension StreamTracker {
    /// `reading`: the rotated siblings whose lines are wanted too; the others are known, and never read.
    func adopt(reading wanted: Set<String>, now: MonotonicTime) {
        guarded { () throws(FileAccessError) in
            let view = try familyView()
            let ordered = view.files.sorted {
                RotatedName.isOlder(($0.name, $0.status.modified), ($1.name, $1.status.modified))
            }
            for candidate in ordered where candidate.status.size > 0 {
                if wanted.contains(candidate.path) {
                    try appendOlder(candidate, now: now)
                } else {
                    try rememberUnread(candidate)
                }
            }
            try openLiveFirst(now: now)
        }
    }

    private func appendOlder(_ candidate: FamilyFile, now: MonotonicTime) throws(FileAccessError) {
        let head = try candidate.file.head()
        let length = try candidate.file.contentLength()
        let isCopy = segments.contains { $0.segment.head == head && $0.segment.length == length }
        guard !isCopy else { return settle(candidate) }
        append(
            Segment(
                start: end, length: length, base: 0, path: candidate.path, codec: candidate.file.codec,
                identity: candidate.file.identity, head: head,
                state: candidate.file.codec == .gzip ? .complete : .closed), file: candidate.file, now: now)
    }

    private func openLiveFirst(now: MonotonicTime) throws(FileAccessError) {
        guard try files.status(path) != nil else { return }
        try openLive(now: now)
    }

    /// The offset of the last line's first byte: where a consumer begins that wants only what comes from now on.
    func startOfLastLine() -> UInt64 {
        guard let last = segments.last, let file = last.file, last.segment.codec == .plain else { return end }
        let window = min(last.segment.length, 64 * 1024)
        guard window > 0 else { return end }
        let bytes = (try? file.bytes(at: last.fileEnd - window, count: Int(window))) ?? []
        guard bytes.count == Int(window) else { return end }
        if let newline = bytes.lastIndex(of: 0x0A) { return end - window + UInt64(newline + 1) }
        return window == last.segment.length ? last.segment.start : end
    }

    /// What makes a consumer know the place `offset` again.
    func anchor(at offset: UInt64) -> Anchor {
        guard let tracked = segments.last(where: { $0.segment.start < offset }), let file = tracked.file,
            offset <= tracked.segment.end
        else { return .none }
        let place = tracked.fileOffset(offset)
        let length = Int(min(place, UInt64(Anchor.maximumLength)))
        guard let bytes = try? file.bytes(at: place - UInt64(length), count: length), bytes.count == length else {
            return .none
        }
        return Anchor(length: UInt16(length), hash: ContentHash(bytes))
    }
}
