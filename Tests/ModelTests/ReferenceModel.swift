import LogModel

@testable import TestSupport

/// What must become of each line, judged by nothing but what was written and where it can be seen.
///
/// A *line* is known by the write that began it. It must be counted exactly once by every consumer, except:
/// - **at risk**: at some moment no file that the agent could see or had open held it whole, and the consumer had not
///   committed it. It may be counted or not (it may have been read just before), and where it was not, the account tells.
/// - **repeated**: a power cut took a file's bytes within the first 1024, and its writer wrote on before the agent looked. Then
///   the head does not tell whether the file lost its end or was begun anew, and it is read anew.
/// - **copy under a foreign name**: it is not read as long as it holds nothing but what its original held; its lines may count
///   again when it goes on differently, or when the original was gone before the agent saw the two together.
/// - **shorter copy**: a copy of less than 1024 bytes of which the original has grown. After a restart nothing but a consumer's
///   place in it tells that it is one, so what only it holds is at risk.
/// - **unsure**: written to a file that a power cut had shortened, before the agent looked: where the new bytes begin is not
///   known any more. At risk.
/// - **torn**: a power cut took back bytes of it or in front of it; whoever had read those sees only the new ones, others see
///   both as one line.
/// - **unfinished**: without line end, it counts only in a file that no writer has open; with a writer it may count when the
///   writer has been silent for long, and its rest counts then as a line of its own.
/// - **indistinct**: nothing from the beginning of its file up to it is unlike other generations (banners, empty lines). A file
///   of such lines may be taken for a copy, or its successor for itself, so where a log had more than one generation they count
///   at most once each.
/// - **before the first scan**: until a commit knows that the source's files were looked for, only a live file counts when the glob
///   names no other, and nothing must count where the source says to start at the end. What was rotated before the agent ever
///   looked never counts then. Everything that comes later does, whatever it is called by the time it is seen.
struct ReferenceModel {
    struct Line {
        var log: Int
        /// The most of it that was ever seen in a file.
        var pieces: [World.Piece]
        var isComplete: Bool
        /// What stands in front of it since a power cut.
        var seam: [World.Piece] = []
        var atRisk: Set<Int> = []
        /// It was seen without its end in a file that is not live, or was cut.
        var isTorn = false
        var isLate: Bool
        /// A commit knew of all its bytes.
        var isSeen = false
        /// Its file was cut by a power cut and written on before the agent saw that.
        var mayRepeat = false
        /// What else a file showed of it.
        var variants: [[World.Piece]] = []
        /// Nothing in its file, up to it, tells the file from another.
        var isIndistinct = false
    }

    /// A line as a file shows it.
    struct Sight {
        var key: Int
        var pieces: [World.Piece]
        var isComplete: Bool
        var seam: [World.Piece]
        var length: Int
        /// A power cut took what came behind it.
        var isTorn = false
    }

    let world: World
    private(set) var lines: [Int: Line] = [:]
    /// The agent could not open files when it wanted to.
    var mayMixOrder = false
    /// The paths of the streams that a commit knows.
    var sighted: Set<String> = []
    /// Lines that were in a rotated file before the first scan, when the glob names no such file.
    private(set) var unasked: Set<Int> = []
    /// A commit knows that the source's files were looked for.
    var isScanned = false
    /// For each consumer, how often the committed state counts each content.
    var committed: [[[UInt8]: Int]]

    init(_ world: World) {
        self.world = world
        committed = Array(repeating: [:], count: world.setting.consumers)
    }

    /// The lines of a file as they stand in it.
    func sights(_ file: World.File) -> [Sight] {
        var found: [Sight] = []
        var pieces: [World.Piece] = []
        var seam: [World.Piece] = []
        func end(isComplete: Bool) {
            guard let key = pieces.first(where: { !$0.isHole })?.write else { return }
            found.append(
                Sight(
                    key: key, pieces: pieces, isComplete: isComplete, seam: seam,
                    length: pieces.reduce(0) { $0 + $1.length }))
        }
        for piece in file.pieces {
            if piece == .seam {
                let count = found.count
                end(isComplete: false)
                if found.count > count { found[count].isTorn = true }
                seam += pieces
                pieces = []
                continue
            }
            pieces.append(piece)
            if world.endsLine(piece) {
                end(isComplete: true)
                pieces = []
                seam = []
            }
        }
        end(isComplete: false)
        return found
    }

    /// Takes notice of what the disk shows now, and of what it does not show any more.
    mutating func update() {
        for log in 0..<world.setting.logs { update(log) }
    }

    private mutating func update(_ log: Int) {
        var visible: [Int: Int] = [:]
        let live = world.live(log)
        // What looks as it did before was not cut, for all that anybody can see.
        let isLiveIndistinct =
            world.generations[log] > 0
            && live.map {
                sights($0).allSatisfy { $0.pieces.allSatisfy { $0.isHole || !world.writes[$0.write].isUnique } }
            } ?? false
            && (world.hasTruncated.contains(log) || world.setting.reusesInodes && !world.setting.keepsGenerations)
            && (live?.size ?? 0) > 0
        for (_, file) in world.family(log) + openWithoutName(log) where file.isWhole {
            let isShortCopy = file.isCopy && file.isOutgrown && file.size < 1024
            let counts =
                !isShortCopy && !file.isForeignCopy && (isScanned || world.setting.wideGlob || file === live)
                && !file.isUnwanted
            var isIndistinct = true
            for sight in sights(file) {
                note(sight, log, isLive: file === live)
                if file.isUnwanted || !isScanned && !world.setting.wideGlob && file !== live {
                    unasked.insert(sight.key)
                }
                if isLiveIndistinct, file !== live { lines[sight.key]?.atRisk.formUnion(0..<world.setting.consumers) }
                if file.isCut && !sighted.contains(World.path(log)) { lines[sight.key]?.mayRepeat = true }
                if sight.pieces.contains(where: { world.unsure.contains($0.write) }) {
                    lines[sight.key]?.atRisk.formUnion(0..<world.setting.consumers)
                }
                let isOrdinary = sight.pieces.allSatisfy { $0.isHole || !world.writes[$0.write].isUnique }
                isIndistinct = isIndistinct && (isOrdinary || !sight.isComplete)
                if isIndistinct { lines[sight.key]?.isIndistinct = true }
                if counts, file.isReadable || isOpenByAgent(file) {
                    visible[sight.key] = max(visible[sight.key] ?? 0, sight.length)
                }
            }
        }
        for (key, line) in lines where line.log == log {
            if world.repeatable.contains(key) { lines[key]?.mayRepeat = true }
            let length = line.pieces.reduce(0) { $0 + $1.length }
            let isBeforeStart = world.setting.startAtEnd && !isScanned
            guard (visible[key] ?? 0) < length || isBeforeStart else { continue }
            for consumer in 0..<world.setting.consumers where !isCommitted(line, consumer) {
                lines[key]?.atRisk.insert(consumer)
            }
        }
    }

    /// Files without a name are gone for whoever does not have them open.
    private func openWithoutName(_ log: Int) -> [(path: String, file: World.File)] {
        unnamed.filter { $0.log == log && isOpenByAgent($0.file) }.map { (path: "", file: $0.file) }
    }

    /// Files that lost their last name, with the log that they belonged to.
    private var unnamed: [(log: Int, file: World.File)] = []
    private var named: [(log: Int, file: World.File)] = []

    /// Call before `update()`: finds out which files have lost their names.
    mutating func follow() {
        let current = (0..<world.setting.logs).flatMap { log in world.family(log).map { (log: log, file: $0.file) } }
        for old in named where !current.contains(where: { $0.file === old.file }) { unnamed.append(old) }
        unnamed = unnamed.filter { isOpenByAgent($0.file) || world.hasWriter($0.file) }
        named = current
    }

    private func isOpenByAgent(_ file: World.File) -> Bool {
        guard let inode = file.inode else { return false }
        return inode.openCount > inode.writerCount
    }

    private mutating func note(_ sight: Sight, _ log: Int, isLive: Bool) {
        var line =
            lines[sight.key]
            ?? Line(
                log: log, pieces: [], isComplete: false, isLate: world.writes[sight.key].isLate)
        if sight.length > line.pieces.reduce(0, { $0 + $1.length }) {
            line.pieces = sight.pieces
            line.isComplete = sight.isComplete
        }
        if !sight.seam.isEmpty {
            line.seam = sight.seam
            line.isTorn = true
        }
        if !sight.isComplete, !isLive || sight.isTorn { line.isTorn = true }
        if sight.pieces != line.pieces, !isLive || sight.isTorn, !line.variants.contains(sight.pieces) {
            line.variants.append(sight.pieces)
        }
        lines[sight.key] = line
    }

    /// Takes notice of how far the committed streams know the files.
    mutating func noteSeen(_ records: some Sequence<StreamRecord>) {
        for log in 0..<world.setting.logs {
            for (_, file) in world.family(log) {
                guard let number = file.inode?.number else { continue }
                let end =
                    records.flatMap(\.segments).filter { $0.identity.inode == number }.map { $0.base + $0.length }.max()
                    ?? 0
                var offset: UInt64 = 0
                for sight in sights(file) {
                    offset += UInt64(sight.length)
                    guard offset <= end, let line = lines[sight.key] else { continue }
                    if sight.length >= line.pieces.reduce(0, { $0 + $1.length }) { lines[sight.key]?.isSeen = true }
                }
            }
        }
    }

    // MARK: Contents

    func bytes(_ pieces: some Sequence<World.Piece>) -> [UInt8] {
        pieces.flatMap { $0.isHole ? [] : Array(world.writes[$0.write].bytes.prefix($0.length)) }
    }

    /// What a consumer gets of a line: without line end, cut, and without the zeroes of a hole.
    func content(_ raw: [UInt8]) -> [UInt8] {
        var bytes = raw
        if bytes.last == 0x0A {
            bytes.removeLast()
            if bytes.count <= world.setting.maximumLine + 1, bytes.last == 0x0D { bytes.removeLast() }
        }
        return Self.normalised(Array(bytes.prefix(world.setting.maximumLine)))
    }

    static func normalised(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.drop { $0 == 0 }) }

    private func isCommitted(_ line: Line, _ consumer: Int) -> Bool {
        let wanted = content(bytes(line.pieces))
        let count = committed[consumer][wanted] ?? 0
        if count == 0 { return false }
        return count >= lines.values.count { content(bytes($0.pieces)) == wanted }
    }

    /// What a line may be counted as: itself, or what is left of it for whoever read a part of it before.
    func forms(_ line: Line) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = [content(bytes(line.pieces))]
        if line.pieces.contains(where: \.isHole) {
            // A copy has zeroes for holes, and they count in the line's length.
            let whole = content(bytes(line.pieces))
            for length in whole.indices { forms.insert(Array(whole.prefix(length))) }
        }
        if line.pieces.contains(where: { world.unsure.contains($0.write) }) {
            // Its first bytes may be taken for lost ones.
            let all = bytes(line.seam + line.pieces)
            for start in all.indices { forms.insert(content(Array(all[start...]))) }
        }
        guard line.isTorn || !line.isComplete else { return forms }
        for pieces in [line.pieces] + line.variants {
            let all = line.seam + pieces
            for lower in all.indices {
                for upper in lower..<all.count { forms.insert(content(bytes(all[lower...upper]))) }
            }
        }
        return forms
    }
}
