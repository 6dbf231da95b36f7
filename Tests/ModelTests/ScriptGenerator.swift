import TestSupport

/// Makes scripts from seeds. A script has a temper: some scripts never truncate, some never cut the power, so that exact
/// expectations are common and every pair of hardships meets.
struct ScriptGenerator {
    private var random: SeededRandom
    private var temper = Temper()

    private struct Temper {
        var weights: [(weight: Int, kind: Kind)] = []
        var lines: [Line] = [.unique(filler: 0)]
        var depth = 3
    }

    private enum Kind: CaseIterable {
        case write, part, sync, rotate, dated, late, copytruncate, copyOnly, truncate, copyAside, deleteLive
        case deleteRotated, gzip, hideWriters, unreadable, look, agentBits, commit, restart, crash, crashAt, during
        case failOpen, powerCut, room, refuse, advance, clockStep, foreignMove, foreignCopy, foreignLink, foreignWrite
    }

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func script() -> Script {
        var setting = Setting()
        setting.logs = chance(5) ? Int.random(in: 2...3, using: &random) : 1
        setting.consumers = chance(3) ? 2 : 1
        setting.reusesInodes = !chance(3)
        setting.keepsGenerations = !chance(3)
        setting.wideGlob = chance(3)
        setting.startAtEnd = chance(12)
        setting.blockSize = pick([64, 128, 256, 1024, 4096])
        setting.maximumLine = pick([40, 80, 400])
        setting.hasRealLedger = chance(8)
        setting.overwrites = chance(15)
        choose()
        if setting.overwrites {
            // The zeroes of a hole are a part of the line behind it, and of its length.
            setting.maximumLine = 400
            temper.lines.removeAll { $0 == .long }
        }
        var steps: [Step] = []
        let length = pick([6, 10, 16, 24, 40])
        for log in 0..<setting.logs where chance(6) {
            steps += [.placeOld(log: log, number: 2)] + (chance(2) ? [.placeOld(log: log, number: 1)] : [])
        }
        // Some logs are born, and perhaps rotated, before the agent knows them but after it has begun to look for them.
        let isBornLater = chance(4)
        for log in 0..<setting.logs where !(isBornLater && chance(2)) {
            steps += [.reopen(log: log)] + lines(log, 1...3)
        }
        steps += [.look, .commit]
        while steps.count < length { steps += part(Int.random(in: 0..<setting.logs, using: &random), setting) }
        return Script(setting: setting, steps: steps)
    }

    private mutating func choose() {
        let always: [(Int, Kind)] = [
            (30, .write), (12, .look), (6, .agentBits), (8, .commit), (3, .restart), (3, .crash), (4, .advance),
        ]
        temper.weights = always.map { (weight: $0.0, kind: $0.1) }
        let sometimes: [(Int, Int, Kind)] = [
            (2, 6, .part), (3, 4, .sync), (2, 10, .rotate), (6, 8, .dated), (3, 5, .late), (3, 8, .copytruncate),
            (8, 3, .copyOnly), (4, 4, .truncate), (4, 4, .copyAside), (5, 3, .deleteLive), (5, 3, .deleteRotated),
            (3, 7, .gzip), (5, 2, .hideWriters), (10, 3, .unreadable), (2, 4, .crashAt), (2, 8, .during),
            (5, 6, .foreignMove), (5, 5, .foreignCopy), (8, 4, .foreignLink), (6, 2, .foreignWrite),
            (8, 3, .failOpen), (4, 3, .powerCut), (3, 5, .room), (10, 3, .refuse), (8, 1, .clockStep),
        ]
        for (rarity, weight, kind) in sometimes where chance(rarity) { temper.weights.append((weight, kind)) }
        temper.lines = [.unique(filler: 0)]
        if chance(2) { temper.lines.append(.unique(filler: 30)) }
        if chance(6) { temper.lines.append(.unique(filler: 300)) }
        let rare: [(Int, Line)] = [
            (5, .banner), (10, .repeated), (6, .empty), (6, .carriageReturn), (8, .nul), (6, .long),
        ]
        for (rarity, line) in rare where chance(rarity) { temper.lines.append(line) }
        temper.depth = Int.random(in: 1...4, using: &random)
    }

    private mutating func part(_ log: Int, _ setting: Setting) -> [Step] {
        let total = temper.weights.reduce(0) { $0 + $1.weight }
        var point = Int.random(in: 0..<total, using: &random)
        for (weight, kind) in temper.weights {
            if point < weight { return steps(kind, log, setting) }
            point -= weight
        }
        return []
    }

    private mutating func steps(_ kind: Kind, _ log: Int, _ setting: Setting) -> [Step] {
        switch kind {
        case .write: return lines(log, 1...4)
        case .part: return [.writePart(log: log, line())] + between() + (chance(3) ? [] : [.write(log: log, line())])
        case .sync: return [.sync(log: log)]
        case .rotate: return rotation(log, .rotate(log: log, depth: temper.depth))
        case .dated: return rotation(log, .rotateDated(log: log))
        case .late:
            return [.keepOldHandle(log: log)] + rotation(log, .rotate(log: log, depth: temper.depth))
                + between() + [.writeOld(log: log, line())] + between() + (chance(2) ? [.closeOld(log: log)] : [])
        case .copytruncate:
            return [.copyLive(log: log, depth: temper.depth)] + between(5) + [.truncate(log: log)] + lines(log, 0...3)
        case .copyOnly: return [.copyLive(log: log, depth: temper.depth)] + between()
        case .truncate: return [.truncate(log: log)] + (chance(2) ? lines(log, 1...5) : between())
        case .copyAside: return [.copyAside(log: log)]
        case .deleteLive: return [.deleteLive(log: log)] + between() + [.reopen(log: log)]
        case .deleteRotated: return [.deleteRotated(log: log, which: which())]
        case .gzip:
            let file = which()
            return (chance(2) ? [.gzipHalf(log: log, which: file)] + between() : []) + [
                .gzipWhole(log: log, which: file)
            ]
                + between(3) + [.gzipRemove(log: log, which: file)]
        case .hideWriters: return [.hideWriters(log: log)]
        case .foreignMove:
            return rotation(log, .moveForeign(log: log, name: Int.random(in: 0..<4, using: &random)))
        case .foreignCopy:
            // What is shorter than its shortest copy is not taken for one.
            let filler = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Step.write(log: log, .unique(filler: 90))
            }
            return filler + between(3) + [.copyForeign(log: log, name: Int.random(in: 0..<4, using: &random))]
                + between()
        case .foreignLink: return [.linkForeign(log: log, name: Int.random(in: 0..<4, using: &random))] + between()
        case .foreignWrite: return [.writeForeign(log: log, name: Int.random(in: 0..<4, using: &random))] + between()
        case .unreadable:
            let file = Int.random(in: 0..<3, using: &random)
            return [.setReadable(log: log, which: file, false)] + between() + [
                .setReadable(log: log, which: file, true)
            ]
        case .look: return [.look]
        case .agentBits: return [pick([.scan, .observe, .turn(1), .turn(3)])]
        case .commit: return [.commit]
        case .restart: return [.restart]
        case .crash:
            guard setting.hasRealLedger else { return [.crash] }
            return [.crashInCommit(operation: Int.random(in: 1...12, using: &random), isHalfway: chance(2))]
        case .crashAt: return [.crashAt(operation: Int.random(in: 1..<40, using: &random)), .look]
        case .during:
            var armed: [Step] = []
            let at = Int.random(in: 1..<30, using: &random)
            for step in worldSteps(log, setting) {
                armed.append(.during(operation: at + Int.random(in: 0..<4, using: &random), step))
            }
            return armed + [.look]
        case .failOpen:
            return [
                .failOpen(from: Int.random(in: 0..<20, using: &random), count: Int.random(in: 1..<30, using: &random)),
                .look,
            ]
        case .powerCut: return [.powerCut(seed: random.next() % 1000)] + between() + [.reopen(log: log)]
        case .room:
            let consumer = Int.random(in: 0..<setting.consumers, using: &random)
            return [.room(consumer: consumer, false)] + lines(log, 0...2) + between()
                + (chance(2) ? [] : [.room(consumer: consumer, true)])
        case .refuse:
            let consumer = Int.random(in: 0..<setting.consumers, using: &random)
            return [.refuseCommit(consumer: consumer, true), .look, .commit]
                + (chance(2) ? [] : [.refuseCommit(consumer: consumer, false)])
        case .advance: return [.advance(milliseconds: pick([100, 3000, 6000, 15000, 60000]))]
        case .clockStep: return [.clockStep(seconds: pick([-3600, 3600]))]
        }
    }

    private mutating func worldSteps(_ log: Int, _ setting: Setting) -> [Step] {
        let kinds: Set<Kind> = [
            .write, .part, .rotate, .dated, .late, .copytruncate, .truncate, .deleteLive, .gzip, .copyAside,
        ]
        let allowed = temper.weights.map(\.kind).filter { kinds.contains($0) }
        guard !allowed.isEmpty else { return [] }
        return steps(allowed[Int.random(in: 0..<allowed.count, using: &random)], log, setting).filter(\.isOfTheWorld)
    }

    private mutating func rotation(_ log: Int, _ step: Step) -> [Step] {
        [step] + between(4) + [.reopen(log: log)] + lines(log, 0...3)
    }

    private mutating func between(_ rarity: Int = 2) -> [Step] {
        guard chance(rarity) else { return [] }
        return pick([
            [.look], [.look, .commit], [.observe], [.turn(1)], [.crash], [.restart], [.commit],
            [.advance(milliseconds: 6000)], [.look, .crash],
        ])
    }

    private mutating func lines(_ log: Int, _ count: ClosedRange<Int>) -> [Step] {
        (0..<Int.random(in: count, using: &random)).map { _ in .write(log: log, line()) }
    }

    private mutating func line() -> Line { temper.lines[Int.random(in: 0..<temper.lines.count, using: &random)] }
    private mutating func which() -> Int { Int.random(in: 0..<4, using: &random) }
    private mutating func chance(_ rarity: Int) -> Bool { Int.random(in: 0..<rarity, using: &random) == 0 }
    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}

extension Step {
    /// Whether somebody else than the agent does it, so that it can happen between two operations of the agent.
    var isOfTheWorld: Bool {
        switch self {
        case .write, .writePart, .sync, .reopen, .closeOld, .writeOld, .rotate, .rotateDated, .keepOldHandle, .copyLive,
            .truncate, .copyAside, .deleteLive, .deleteRotated, .gzipHalf, .gzipWhole, .gzipRemove, .hideWriters,
            .moveForeign, .copyForeign, .linkForeign:
            true
        default: false
        }
    }
}
