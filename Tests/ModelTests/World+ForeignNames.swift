@testable import TestSupport

/// Names of logs that no rotation gives: copies, links and files that somebody moved aside.
extension World {
    /// A name that the glob matches and that is in nobody's family.
    func foreign(_ log: Int, _ name: Int) -> String {
        setting.wideGlob ? Self.path(log) + ".Nov\(name)" : String(Self.path(log).dropLast(4)) + "-old\(name).log"
    }

    func isForeign(_ path: String) -> Bool { path.contains(".Nov") || path.contains("-old") }

    func moveForeign(_ log: Int, _ name: Int) throws {
        let path = foreign(log, name)
        guard let file = names[Self.path(log)], names[path] == nil else { return }
        noteAmbiguous(log)
        forget(file)
        if unfinishedEnd(log) { mayTellLoss = true }
        try rename(Self.path(log), path)
        begin(log)
    }

    func linkForeign(_ log: Int, _ name: Int) throws {
        let path = foreign(log, name)
        guard let file = names[Self.path(log)], names[path] == nil else { return }
        noteAmbiguous(log)
        try disk.link(Self.path(log), to: path)
        names[path] = file
    }

    func copyForeign(_ log: Int, _ name: Int) throws {
        let path = foreign(log, name)
        guard let source = names[Self.path(log)], source.size >= 256, names[path] == nil else { return }
        try disk.copy(Self.path(log), to: path)
        let file = File()
        file.pieces = source.pieces
        file.isCopy = true
        file.isForeignCopy = true
        unseenCopies.append((file, source))
        adopt(path, file)
        // Its original may not be read before a compression has ended that may hold what came before.
        let isHeldUp = family(log).contains { !$0.file.isWhole }
        if source.isCut || source.isCutShort || !source.isReadable || isAfterPowerCut || isHeldUp {
            noteRepeatable(file)
        }
    }

    func writeForeign(_ log: Int, _ name: Int) throws {
        let path = foreign(log, name)
        guard let file = names[path], let last = file.pieces.last, endsLine(last) else { return }
        // A copy that goes on differently is a log of its own.
        // What goes on after its stream has forgotten it is read from its beginning, too.
        noteRepeatable(file)
        file.isForeignCopy = false
        let bytes = bytes(.unique(filler: 0), log)
        try disk.append(path, bytes)
        if file.isCut || inodesAreUnsure { unsure.insert(writes.count) }
        file.pieces.append(Piece(write: writes.count, length: bytes.count))
        writes.append(Write(log: log, bytes: bytes, isLate: true, isUnique: true))
    }

    /// Of a short file and its copy in the family each may be read by a stream of its own when the live file has gone.
    func noteAmbiguous(_ log: Int) {
        guard let file = names[Self.path(log)], !file.copies.isEmpty else { return }
        for copy in file.copies + [file] { noteRepeatable(copy) }
    }

    /// Copies of what is going away before anybody has seen the two side by side count for themselves.
    func forget(_ original: File) {
        for pair in unseenCopies where pair.original === original { noteRepeatable(pair.copy) }
    }

    /// The agent could not open a file when it wanted to compare it.
    func noteOpenFailure() {
        for (path, file) in names where isForeign(path) {
            if file.isForeignCopy { noteRepeatable(file) } else { mayTellLoss = true }
        }
    }
}
