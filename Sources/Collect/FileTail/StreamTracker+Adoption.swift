import FileAccess
import LogModel

/// The first look at a stream.
extension StreamTracker {
    /// `isWanted`: says of rotated siblings whether their lines are wanted too; the others are known, and never read.
    ///
    /// False when the family could not be looked at; the live file may be closed to us all the same.
    func adopt(isWanted: (String) -> Bool, now: MonotonicTime) -> Bool {
        var isFamilyKnown = false
        guarded { () throws(FileAccessError) in
            let view: FamilyView
            do throws(FileAccessError) { view = try familyView() } catch {
                guard error.code == "permission_denied" else { throw error }
                _ = try unseen(of: openFamily(isFresh: true, live: nil).view, isWanted)
                isFamilyKnown = true
                throw error
            }
            let unseen = try unseen(of: view, isWanted)
            isFamilyKnown = true
            try appendUnseen(unseen, before: view.live, now: now)
            try takeUp(view.live, now: now)
            try settleCopiesOfLive(now: now)
            sight = LastSight(modified: view.isFresh ? view.modifiedBefore : nil)
        }
        return isFamilyKnown
    }

    /// The rotated siblings that are wanted.
    private func unseen(of view: FamilyView, _ isWanted: (String) -> Bool) throws(FileAccessError) -> [FamilyFile] {
        var unseen: [FamilyFile] = []
        for candidate in view.files where try candidate.isWhole() {
            if isWanted(candidate.path), try !isElsewhere(candidate) {
                unseen.append(candidate)
            } else {
                try rememberUnread(candidate)
            }
        }
        return unseen
    }

    /// The offset of the last line's first byte: where a consumer begins that wants only what comes from now on.
    func startOfLastLine() -> UInt64 {
        guard let last = segments.last, let file = last.generation.file, last.generation.codec == .plain else {
            return end
        }
        let window = min(last.length, 64 * 1024)
        guard window > 0 else { return end }
        let bytes = (try? file.bytes(at: last.fileEnd - window, count: Int(window))) ?? []
        guard bytes.count == Int(window) else { return end }
        if let behind = lineEnd.last(in: bytes, at: last.fileEnd - window) { return end - window + UInt64(behind) }
        return window == last.length ? last.start : end
    }

    /// What makes a consumer know the place `offset` again.
    func anchor(at offset: UInt64) -> Anchor {
        guard let tracked = segments.last(where: { $0.start < offset }), let file = tracked.generation.file,
            offset <= tracked.end
        else { return .none }
        return (try? file.anchor(before: tracked.fileOffset(offset))) ?? .none
    }
}
