import LogModel

/// Holds what one consumer has committed against what the reference model demands of it.
struct Verdict {
    let model: ReferenceModel
    let world: World
    let consumer: Int
    let name: ConsumerName
    let state: ModelState

    /// How often a line must and may be counted.
    private struct Demand {
        var key: Int
        var line: ReferenceModel.Line
        var forms: Set<[UInt8]>
        var lowest: Int
        var highest: Int
    }

    func check() throws {
        var counts: [[UInt8]: Int] = [:]
        for delivery in state.values[name] ?? [] { counts[delivery.content, default: 0] += 1 }
        let demands = demands()
        try checkCounts(counts, demands)
        try checkOrder(demands)
        try checkLosses(counts, demands)
    }

    private func demands() -> [Demand] {
        var ends: [Int: (isLive: Bool, hasWriter: Bool)] = [:]
        for log in 0..<world.setting.logs {
            for (path, file) in world.family(log) where file.isWhole {
                guard let last = model.sights(file).last, !last.isComplete else { continue }
                // A name of its own is that of a live file, unless the file is known from before.
                let isLive = file === world.live(log) || world.isForeign(path)
                ends[last.key] = (isLive || ends[last.key]?.isLive == true, world.hasWriter(file))
            }
        }
        var openLong: [Int: Bool] = [:]
        for log in 0..<world.setting.logs {
            guard let last = world.live(log).flatMap({ model.sights($0).last }), !last.isComplete else { continue }
            openLong[log] = last.length > world.setting.maximumLine
        }
        let indistinct = Set(model.lines.values.filter(\.isIndistinct).map(\.log))
        return model.lines.sorted { $0.key < $1.key }.map { key, line in
            let forms = model.forms(line)
            var (lowest, highest) = (1, 1)
            if line.atRisk.contains(consumer) { lowest = 0 }
            if line.isIndistinct, world.generations[line.log] > 0 { lowest = 0 }
            if line.isIndistinct { highest = max(highest, 2) }
            // After a power cut a file that begins like another may be taken for that.
            if world.hadPowerCut, indistinct.contains(line.log) { lowest = 0 }
            // Late lines wait until a long line that is being passed over is finished.
            if line.isLate, let open = openLong[line.log], open { lowest = 0 }
            // A late line in a file that was taken for a copy.
            if line.isLate, indistinct.contains(line.log) { lowest = 0 }
            let isCut = model.bytes(line.pieces).count > world.setting.maximumLine + 2
            if !line.isComplete, !isCut {
                let end = ends[key]
                if end == nil || end?.isLive == true || end?.hasWriter == true { lowest = 0 }
                if end?.isLive == true, !line.isTorn { highest = 0 }
            }
            // Torn, each of its pieces may count.
            let isOutside = world.writes[key].isOld && (!world.setting.wideGlob || world.setting.startAtEnd)
            if isOutside, !world.hadPowerCut { (lowest, highest) = (0, 0) }
            if line.mayRepeat { highest *= 3 }
            if line.isTorn { highest = max(highest, line.pieces.count + line.seam.count) }
            return Demand(key: key, line: line, forms: forms, lowest: lowest, highest: highest)
        }
    }

    private func checkCounts(_ counts: [[UInt8]: Int], _ demands: [Demand]) throws {
        var highest: [[UInt8]: Int] = [:]
        var lowest: [[UInt8]: Int] = [:]
        for demand in demands {
            for form in demand.forms { highest[form, default: 0] += demand.highest }
            if demand.lowest > 0, demand.forms.count == 1, let only = demand.forms.first {
                lowest[only, default: 0] += 1
            }
        }
        for (content, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard count <= highest[content] ?? 0 else {
                throw ModelFailure(
                    "\(name) counted \(text(content)) \(count) times, at most \(highest[content] ?? 0) are right")
            }
        }
        for (content, wanted) in lowest.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard counts[content] ?? 0 >= wanted else {
                throw ModelFailure(
                    "\(name) counted \(text(content)) \(counts[content] ?? 0) times, \(wanted) are right")
            }
        }
        for demand in demands where demand.lowest > 0 && demand.forms.count > 1 {
            guard demand.forms.contains(where: { counts[$0] ?? 0 > 0 }) else {
                throw ModelFailure(
                    "\(name) never counted \(text(model.content(model.bytes(demand.line.pieces)))) in any form")
            }
        }
    }

    /// Lines that nothing happened to come in the order in which they were written.
    private func checkOrder(_ demands: [Demand]) throws {
        if model.mayMixOrder { return }
        // What goes on from a banner may be taken for another file's rest.
        let indistinct = Set(
            demands.filter { $0.line.isIndistinct && world.generations[$0.line.log] > 0 }.map(\.line.log))
        let mixed = indistinct.union(world.hasTruncated).union(demands.filter(\.line.isLate).map(\.line.log))
        var keys: [[UInt8]: Int] = [:]
        var ambiguous: Set<[UInt8]> = []
        for demand in demands {
            for form in demand.forms where keys.updateValue(demand.key, forKey: form) != nil { ambiguous.insert(form) }
            if mixed.contains(demand.line.log) || demand.line.isLate || !demand.line.atRisk.isEmpty
                || demand.line.isTorn || demand.line.mayRepeat
            {
                ambiguous.formUnion(demand.forms)
            }
        }
        var last: [StreamID: Int] = [:]
        for delivery in state.values[name] ?? [] {
            guard !ambiguous.contains(delivery.content), let key = keys[delivery.content] else { continue }
            guard last[delivery.stream] ?? -1 < key else {
                throw ModelFailure("\(name) got \(text(delivery.content)) after a later line")
            }
            last[delivery.stream] = key
        }
    }

    private func checkLosses(_ counts: [[UInt8]: Int], _ demands: [Demand]) throws {
        let states = state.consumers.filter { $0.consumer == name }
        let hasLoss = states.contains { !$0.account.lost.isEmpty || $0.account.openEndedLosses > 0 }
        // Where inodes have no generation, a rotated file of nothing but lines that the live file has too may be itself or a copy
        // that took over its inode: nobody can know which. Its lines are not asked for, and their loss may be told.
        let isAnyAtRisk = demands.contains {
            !$0.line.atRisk.isEmpty
                || $0.line.isIndistinct && world.generations[$0.line.log] > 0 && !world.setting.keepsGenerations
        }
        if hasLoss, !world.mayTellLoss, !isAnyAtRisk {
            throw ModelFailure("\(name) reports a loss that nobody caused")
        }
        for demand in demands
        where demand.line.atRisk.contains(consumer) && demand.line.isSeen && !demand.line.isIndistinct
            && demand.line.isComplete && demand.forms.count == 1
        {
            guard let form = demand.forms.first, !form.isEmpty, counts[form] == nil else { continue }
            guard !states.isEmpty, !model.unasked.contains(demand.key) else { continue }
            let isTold = states.map(\.account).contains { account in
                !account.lost.isEmpty || account.openEndedLosses > 0 || account.skipped[.startAt] != nil
            }
            guard isTold || world.writes[demand.key].isLate else {
                throw ModelFailure("\(name) lost \(text(form)) and its account does not say so")
            }
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
