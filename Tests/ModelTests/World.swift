import Compression
import FileAccess
import LogModel

@testable import TestSupport

/// What the service, the rotators and the power company do, carried out on a simulated disk and, beside it, on a shadow that
/// remembers of every byte in every file which write put it there.
final class World {
    static let directory = "/logs"
    let setting: Setting
    let disk: SimulatedDisk
    let time: ManualTime
    var writes: [Write] = []
    var names: [String: File] = [:]
    private var handles: [Handle?]
    private var oldHandles: [[Handle]]
    private var keepsOld: [Bool]
    private var unfinished: [Bool]
    /// How often a log was rotated, cut, copied or removed.
    private(set) var generations: [Int]
    private var linesInGeneration: [Int]
    private(set) var hasTruncated: Set<Int> = []
    private var dates = 20_251_101
    /// Something happened after which a loss may be told although every line was delivered.
    var mayTellLoss = false
    /// Writes to a file that a power cut had cut, before the agent had seen that.
    var unsure: Set<Int> = []
    /// Writes to a file that a power cut had cut within its head, and that was written on before the agent had seen that.
    var repeatable: Set<Int> = []
    /// After a reboot a new file may have the inode of an old one, and nothing else tells them apart when they are short.
    var inodesAreUnsure = false
    var isAfterPowerCut = false
    private(set) var hadPowerCut = false
    private(set) var hasHiddenWriters = false
    /// Copies under foreign names that the agent has not seen beside their originals.
    var unseenCopies: [(copy: File, original: File)] = []
    /// The agent has begun to look for logs.
    var hasLooked = false
    /// Called after each change.
    var onChange: () -> Void = {}

    init(_ setting: Setting) throws {
        self.setting = setting
        time = ManualTime()
        disk = SimulatedDisk(
            clock: time, inodeNumbers: setting.reusesInodes ? .lowestFree : .alwaysNew, blockSize: 16,
            keepsGenerations: setting.keepsGenerations)
        try disk.makeDirectory(Self.directory)
        handles = Array(repeating: nil, count: setting.logs)
        oldHandles = Array(repeating: [], count: setting.logs)
        keepsOld = Array(repeating: false, count: setting.logs)
        unfinished = Array(repeating: false, count: setting.logs)
        generations = Array(repeating: 0, count: setting.logs)
        linesInGeneration = Array(repeating: 0, count: setting.logs)
    }

    static func name(_ log: Int) -> String { ["a.log", "b.log", "c.log"][log] }
    static func path(_ log: Int) -> String { directory + "/" + name(log) }
    static func path(_ log: Int, number: Int) -> String { path(log) + ".\(number)" }

    /// The files of a log's family, the live one first.
    func family(_ log: Int) -> [(path: String, file: File)] {
        let live = Self.path(log)
        let stem = String(live.dropLast(4))
        return names.filter { $0.key.hasPrefix(stem) }.map { (path: $0.key, file: $0.value) }.sorted {
            $0.path < $1.path
        }
    }

    func live(_ log: Int) -> File? { names[Self.path(log)] }

    /// Whether a handle that can still write to the file is open.
    func hasWriter(_ file: File) -> Bool {
        handles.contains { $0?.file === file } || oldHandles.contains { $0.contains { $0.file === file } }
    }

    /// Takes a step; false when it is not one of the world's.
    func take(_ step: Step) throws -> Bool {
        switch step {
        case .write(let log, let line): try write(log, line, isPart: false)
        case .writePart(let log, let line): try write(log, line, isPart: true)
        case .sync(let log): if names[Self.path(log)] != nil { try disk.synchronize(Self.path(log)) }
        case .reopen(let log): try reopen(log)
        case .closeOld(let log):
            for handle in oldHandles[log] { handle.writer.close() }
            oldHandles[log] = []
        case .writeOld(let log, let line): try writeOld(log, line)
        case .rotate(let log, let depth): try rotate(log, depth)
        case .rotateDated(let log):
            guard names[Self.path(log)] != nil else { break }
            dates += 1
            noteAmbiguous(log)
            try rename(Self.path(log), Self.path(log) + "-\(dates)")
            begin(log)
        case .keepOldHandle(let log): keepsOld[log] = true
        case .copyLive(let log, let depth):
            guard names[Self.path(log)] != nil else { break }
            try shift(log, depth)
            try copy(Self.path(log), Self.path(log, number: 1))
        case .truncate(let log): try truncate(log)
        case .copyAside(let log):
            guard names[Self.path(log)] != nil else { break }
            // It may have been taken for the original.
            if let overwritten = names[Self.path(log) + ".bak"] { noteUnsure(overwritten, from: 0) }
            try copy(Self.path(log), Self.path(log) + ".bak")
        case .deleteLive(let log): try remove(Self.path(log))
        case .deleteRotated(let log, let which): if let path = rotated(log, which) { try remove(path) }
        case .gzipHalf(let log, let which): try gzip(log, which, isWhole: false)
        case .gzipWhole(let log, let which): try gzip(log, which, isWhole: true)
        case .gzipRemove(let log, let which): try gzipRemove(log, which)
        case .hideWriters(let log):
            guard names[Self.path(log)] != nil else { break }
            hasHiddenWriters = true
            try disk.hideWriters(of: Self.path(log))
        case .moveForeign(let log, let name): try moveForeign(log, name)
        case .copyForeign(let log, let name): try copyForeign(log, name)
        case .linkForeign(let log, let name): try linkForeign(log, name)
        case .writeForeign(let log, let name): try writeForeign(log, name)
        case .placeOld(let log, let number): try placeOld(log, number)
        case .setReadable(let log, let which, let isReadable): try setReadable(log, which, isReadable)
        case .powerCut(let seed): powerCut(seed)
        case .advance(let milliseconds): time.advance(by: .milliseconds(milliseconds))
        case .clockStep(let seconds): time.jumpWall(by: .seconds(seconds))
        default: return false
        }
        // No two changes happen within one tick of a file system's clock.
        time.advance(by: .milliseconds(5))
        onChange()
        return true
    }

    /// A commit knows what the agent found when it last looked at every file.
    func noteLook() {
        inodesAreUnsure = false
        isAfterPowerCut = false
        unseenCopies = []
        for file in names.values {
            file.isCut = false
            file.isTruncated = false
            file.isCutShort = false
        }
    }

    /// Gives back every right that was taken.
    func setAllReadable() throws {
        for (path, file) in names where !file.isReadable {
            try disk.setReadable(path, true)
            file.isReadable = true
        }
        onChange()
    }

    // MARK: Writing

    func bytes(_ line: Line, _ log: Int) -> [UInt8] {
        let number = writes.count
        let id = "\(Self.name(log).prefix(1))\(generations[log])/\(number)"
        switch line {
        case .unique(let filler): return Array("\(id) \(String(repeating: "x", count: filler))\n".utf8)
        case .banner: return Array("=== service started ===\n".utf8)
        case .repeated: return Array("\(Self.name(log)) line \(linesInGeneration[log])\n".utf8)
        case .empty: return [0x0A]
        case .carriageReturn: return Array("\(id)\r\n".utf8)
        case .nul: return Array("\(id) \u{0}\u{0} end\n".utf8)
        case .long: return Array("\(id) \(String(repeating: "y", count: setting.maximumLine * 3))\n".utf8)
        }
    }

    func write(_ log: Int, _ line: Line, isPart: Bool) throws {
        if handles[log] == nil { try reopen(log) }
        guard let handle = handles[log] else { return }
        var bytes = bytes(line, log)
        if isPart { bytes = Array(bytes.dropLast(max(1, bytes.count / 2))) }
        guard !bytes.isEmpty else { return }
        linesInGeneration[log] += 1
        try put(bytes, log, handle, isLate: false, isUnique: line.isUnique)
    }

    func writeOld(_ log: Int, _ line: Line) throws {
        guard let handle = oldHandles[log].last else { return }
        try put(bytes(line, log), log, handle, isLate: true, isUnique: line.isUnique)
    }

    func put(_ bytes: [UInt8], _ log: Int, _ handle: Handle, isLate: Bool, isUnique: Bool) throws {
        let size = handle.file.size
        if names.contains(where: { $0.value === handle.file && isForeign($0.key) }) { noteRepeatable(handle.file) }
        if handle.file.isCutShort { repeatable.formUnion(handle.file.writesAtCut) }
        for copy in handle.file.copies { copy.isOutgrown = true }
        if handle.file.isCut || inodesAreUnsure { unsure.insert(writes.count) }
        if !handle.writer.appends, handle.writer.offset > size {
            handle.file.pieces.append(Piece(write: -1, length: handle.writer.offset - size))
        }
        try handle.writer.write(bytes)
        handle.file.pieces.append(Piece(write: writes.count, length: bytes.count))
        writes.append(Write(log: log, bytes: bytes, isLate: isLate, isUnique: isUnique))
    }

    func reopen(_ log: Int) throws {
        if let old = handles[log] {
            if keepsOld[log], names[Self.path(log)] !== old.file {
                oldHandles[log].append(old)
            } else {
                old.writer.close()
            }
        }
        keepsOld[log] = false
        let path = Self.path(log)
        let writer =
            setting.overwrites
            ? try disk.openForWriting(path, at: Int(disk.peek(path)?.size ?? 0)) : try disk.openForAppend(path)
        if names[path] == nil { adopt(path, File()) }
        guard let file = names[path] else { return }
        handles[log] = Handle(writer: writer, file: file)
    }

    func adopt(_ path: String, _ file: File) {
        names[path] = file
        file.inode = (try? disk.find(path)) ?? nil
    }

    func begin(_ log: Int) {
        generations[log] += 1
        linesInGeneration[log] = 0
    }

    // MARK: Rotating

    func rename(_ old: String, _ new: String) throws {
        guard let file = names.removeValue(forKey: old) else { return }
        if let overwritten = names[new] {
            mayTellLoss = true
            forget(overwritten)
        }
        try disk.rename(old, to: new)
        names[new] = file
    }

    func remove(_ path: String) throws {
        guard let file = names[path] else { return }
        forget(file)
        try disk.unlink(path)
        names[path] = nil
        mayTellLoss = true
        for log in 0..<setting.logs where path.hasPrefix(Self.path(log)) { begin(log) }
    }

    /// Makes room at `.1`.
    func shift(_ log: Int, _ depth: Int) throws {
        for number in stride(from: depth - 1, through: 1, by: -1) {
            for suffix in ["", ".gz"] where names[Self.path(log, number: number) + suffix] != nil {
                // The older name may still be there under the other codec.
                let target = Self.path(log, number: number + 1)
                for other in ["", ".gz"] where other != suffix && names[target + other] != nil {
                    try remove(target + other)
                }
                try rename(Self.path(log, number: number) + suffix, target + suffix)
            }
        }
        if depth == 1 || names[Self.path(log, number: 1) + ".gz"] != nil {
            try remove(Self.path(log, number: 1) + ".gz")
        }
    }

    func rotate(_ log: Int, _ depth: Int) throws {
        guard names[Self.path(log)] != nil else { return }
        try shift(log, depth)
        try rename(Self.path(log), Self.path(log, number: 1))
        begin(log)
    }

    func copy(_ old: String, _ new: String) throws {
        guard let source = names[old] else { return }
        if names[new] != nil { mayTellLoss = true }
        try disk.copy(old, to: new)
        let file = File()
        file.pieces = source.pieces
        file.isCopy = true
        source.copies.append(file)
        if source.isCutShort { repeatable.formUnion(source.writesAtCut) }
        adopt(new, file)
        for log in 0..<setting.logs where old == Self.path(log) { generations[log] += 1 }
    }

    func truncate(_ log: Int) throws {
        guard let file = names[Self.path(log)], file.size > 0 else { return }
        // After a power cut a shorter file is taken for one that has lost its end.
        if isAfterPowerCut {
            file.isCut = true
            for (_, member) in family(log) { noteUnsure(member, from: 0) }
        }
        file.copies = []
        forget(file)
        let hasCopy = family(log).contains {
            $0.file !== file && !$0.file.isForeignCopy && $0.file.isWhole && $0.file.pieces == file.pieces
        }
        if !hasCopy { mayTellLoss = true }
        try disk.truncate(Self.path(log))
        file.pieces = []
        file.isTruncated = true
        hasTruncated.insert(log)
        begin(log)
    }

    func rotated(_ log: Int, _ which: Int) -> String? {
        let paths = family(log).map(\.path).filter { $0 != Self.path(log) && !isForeign($0) }
        return paths.isEmpty ? nil : paths[which % paths.count]
    }

    func gzip(_ log: Int, _ which: Int, isWhole: Bool) throws {
        guard let path = rotated(log, which), !path.hasSuffix(".gz"), let source = names[path] else { return }
        let compressed = try GzipWriter.gzip(disk.contents(path) ?? [])
        try disk.create(path + ".gz", isWhole ? compressed : Array(compressed.prefix(compressed.count / 2)))
        let file = File()
        file.pieces = source.pieces
        file.isCopy = true
        source.copies.append(file)
        if source.isCutShort { repeatable.formUnion(source.writesAtCut) }
        if !isWhole { for pair in unseenCopies { noteRepeatable(pair.copy) } }
        file.isWhole = isWhole
        file.storedSize = Int(disk.peek(path + ".gz")?.size ?? 0)
        adopt(path + ".gz", file)
        // As gzip(1) does.
        if let modified = disk.peek(path)?.modified { try disk.setModified(path + ".gz", modified) }
    }

    func gzipRemove(_ log: Int, _ which: Int) throws {
        guard let path = rotated(log, which), let file = names[path], let compressed = names[path + ".gz"],
            compressed.isWhole,
            !hasWriter(file), compressed.pieces == file.pieces
        else { return }
        try disk.unlink(path)
        names[path] = nil
    }

    func unfinishedEnd(_ log: Int) -> Bool {
        (names[Self.path(log)]?.pieces.last).map { !endsLine($0) } ?? false
    }

    func noteRepeatable(_ file: File) { repeatable.formUnion(file.pieces.map(\.write)) }

    func placeOld(_ log: Int, _ number: Int) throws {
        let path = Self.path(log, number: number)
        guard !hasLooked, names[path] == nil else { return }
        let bytes = bytes(.unique(filler: 0), log)
        try disk.create(path, bytes)
        let file = File()
        file.pieces = [Piece(write: writes.count, length: bytes.count)]
        writes.append(Write(log: log, bytes: bytes, isLate: false, isUnique: true, isOld: true))
        adopt(path, file)
        begin(log)
    }

    func setReadable(_ log: Int, _ which: Int, _ isReadable: Bool) throws {
        let paths = family(log).map(\.path)
        guard !paths.isEmpty else { return }
        let path = paths[which % paths.count]
        if !isReadable {
            mayTellLoss = true
            noteOpenFailure()
        }
        try disk.setReadable(path, isReadable)
        names[path]?.isReadable = isReadable
    }

    // MARK: Power

    func powerCut(_ seed: UInt64) {
        disk.powerCut(seed: seed)
        handles = handles.map { _ in nil }
        oldHandles = oldHandles.map { _ in [] }
        mayTellLoss = true
        isAfterPowerCut = true
        hadPowerCut = true
        noteOpenFailure()
        inodesAreUnsure = setting.reusesInodes && !setting.keepsGenerations
        for (path, file) in names.sorted(by: { $0.key < $1.key }) {
            let size = Int(disk.peek(path)?.size ?? 0)
            if path.hasSuffix(".gz"), size < file.storedSize { file.isWhole = false }
            if inodesAreUnsure { noteUnsure(file, from: 0) }
            if file.isTruncated {
                // What is there now may be taken for what was there before.
                noteUnsure(file, from: 0)
                for log in 0..<setting.logs where path.hasPrefix(Self.path(log)) {
                    for (_, member) in family(log) { noteUnsure(member, from: 0) }
                }
                file.isCut = true
            }
            guard !path.hasSuffix(".gz"), size < file.size else { continue }
            noteUnsure(file, from: size)
            file.writesAtCut = Set(file.pieces.map(\.write))
            // A copy that was cut may be too short to be known for one; one that was not has more than its original.
            if file.isCopy && size < 1024 || !file.copies.isEmpty { repeatable.formUnion(file.writesAtCut) }
            cut(file, to: size)
            file.isCut = true
            file.isCutShort = size < 1024
            // What is written next begins a line of its own for whoever has read the lost bytes.
            if let last = file.pieces.last, last.isHole || !endsLine(last) { file.pieces.append(.seam) }
        }
    }

    /// Notes the writes whose bytes lie behind an offset of a file.
    func noteUnsure(_ file: File, from offset: Int) {
        var end = 0
        for piece in file.pieces {
            end += piece.length
            if end > offset, !piece.isHole { unsure.insert(piece.write) }
        }
    }

    func cut(_ file: File, to size: Int) {
        var rest = size
        var kept: [Piece] = []
        for piece in file.pieces where rest > 0 {
            kept.append(Piece(write: piece.write, length: min(rest, piece.length)))
            rest -= piece.length
        }
        file.pieces = kept
    }

    func endsLine(_ piece: Piece) -> Bool {
        !piece.isHole && piece.length == writes[piece.write].bytes.count && writes[piece.write].bytes.last == 0x0A
    }
}
