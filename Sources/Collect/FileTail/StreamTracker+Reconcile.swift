import FileAccess
import LogModel

/// Bringing segments and files into agreement.
extension StreamTracker {
    /// Brings segments and files into agreement after anything may have happened: at the start, after a rotation, a
    /// truncation, a reboot, or a change in the directory.
    ///
    /// `isFresh`: by a listing of the directory that is made for it, because one that was made before lacks something.
    func reconcile(now: MonotonicTime, isFresh: Bool = false) throws(FileAccessError) {
        needsReconcile = false
        let isFirst = isRestored
        isRestored = false
        let before = segments.last.map {
            (generation: $0.generation, sight: LastSight($0, modified: $0.generation.modified))
        }
        var view: FamilyView
        do throws(FileAccessError) {
            try openMoved()
            if isFirst, try !isInPlace() { seekMoved() }
            view = try familyView(isFresh: isFresh)
        } catch {
            // What is open can be read on.
            try growDetached(now: now)
            throw error
        }
        let relation = try relate(view, now: now)
        switch relation {
        case .fresh, .same, .moved: break
        case .absent, .replaced: try retireLast(now: now)
        case .truncated:
            if let last = segments.last { displace(last.generation, reason: .truncated) }
            // A copy may have been made since the family was looked at.
            return try reconcile(now: now, isFresh: true)
        case .regressed: break
        }
        let unseen = try classify(&view)
        if !view.isFresh, segments.contains(where: { $0.generation.file == nil && $0.state != .gone }) {
            return try reconcile(now: now, isFresh: true)
        }
        if segments.contains(where: { $0.generation.file == nil && $0.state != .gone }) { seekMoved() }
        if bootChanged { try settlePowerCut() }
        guard settleMissing(view, unseen: unseen, relation: relation, now: now) else { return }
        switch relation {
        case .same: try insertUnseen(unseen, view.live, areNews: false, now: now)
        case .moved: try insertUnseen(unseen, view.live, areNews: true, now: now)
        // The live file has no unseen predecessor; what is unknown was put there by hand.
        case .regressed:
            for file in unseen where file.knownLength == 0 { try rememberUnread(file) }
            try insertUnseen(unseen.filter { $0.knownLength > 0 }, view.live, areNews: true, now: now)
        case .fresh, .absent, .replaced, .truncated:
            try appendUnseen(unseen, before: view.live, now: now)
        }
        try takeUp(view.live, now: now)
        try settleCopiesOfLive(now: now)
        bootChanged = false
        if let before, before.generation === segments.last?.generation {
            sight = before.sight
        } else {
            sight = LastSight(modified: view.isFresh ? view.modifiedBefore : nil)
        }
        try watchClosedSegments(now: now)
        prune(now: now)
    }

    /// Whether all files lie where they were when the stream was recorded.
    private func isInPlace() throws(FileAccessError) -> Bool {
        for generation in generations where lastSegment(of: generation) != nil {
            guard try files.status(generation.path)?.identity.inode == generation.identity.inode else { return false }
        }
        return true
    }

    /// Judges every file of the family: own files and copies are noted where they belong; what nobody knows is returned.
    private func classify(_ view: inout FamilyView) throws(FileAccessError) -> [FamilyFile] {
        var others: [FamilyFile] = []
        for candidate in view.files {
            guard let generation = try ownGeneration(of: candidate, beside: view.live?.file) else {
                others.append(candidate)
                continue
            }
            try place(candidate, generation)
        }
        var unseen: [FamilyFile] = []
        var replacements: [(generation: Generation, files: [FamilyFile])] = []
        for candidate in others {
            switch try match(candidate, beside: view.live?.file) {
            case .copy(let generation):
                if generation.file != nil {
                    // When the generation is forgotten, its copies, which may be shorter, still are not news.
                    try rememberUnread(candidate, copyOf: generation)
                } else if let index = replacements.firstIndex(where: { $0.generation === generation }) {
                    replacements[index].files.append(candidate)
                } else {
                    replacements.append((generation, [candidate]))
                }
            // It is remembered under its own inode, too.
            case .known: if !isJudged(candidate) { try rememberUnread(candidate) }
            case .undecided: view.hasUndecided = true
            case .unknown:
                if try isElsewhere(candidate) { try rememberUnread(candidate) } else { unseen.append(candidate) }
            }
        }
        for (generation, copies) in replacements { unseen += try replace(generation, by: copies) }
        let present = Set(view.files.map(\.status.identity))
        judged = judged.filter { present.contains($0.key) }
        forgetKnown(except: present)
        return unseen
    }

    /// A generation's own file was found, perhaps under a new name.
    private func place(_ candidate: FamilyFile, _ generation: Generation) throws(FileAccessError) {
        if generation.file == nil {
            generation.move(to: candidate.file, path: candidate.path)
            announce(generation)
            for tracked in segments where tracked.generation === generation && tracked.state == .open {
                tracked.state = .closed
            }
            isDirty = true
        } else if generation.path != candidate.path {
            generation.path = candidate.path
            isDirty = true
        }
        // It had no writer any more, and has got one again.
        if let last = lastSegment(of: generation), last.state == .complete, candidate.file.codec == .plain,
            candidate.status.size > last.fileEnd,
            !segments.contains(where: { $0.generation === generation && $0.state == .gone })
        {
            last.state = .closed
            isDirty = true
        }
    }

    /// Lets a copy of a generation that has lost its file take the file's place: the oldest of those that are not the
    /// beginning of another. Returns the others, which have only begun like it.
    private func replace(_ generation: Generation, by copies: [FamilyFile]) throws(FileAccessError) -> [FamilyFile] {
        var originals = try withoutCopies(oldestFirst(copies), nil)
        guard !originals.isEmpty else { return [] }
        let candidate = originals.removeFirst()
        try rememberUnread(candidate, copyOf: generation)
        let isGone = lastSegment(of: generation) == nil
        if isGone, !segments.contains(where: { $0.generation === generation && isNeeded($0) }) { return originals }
        // It may have other names.
        let seen = segments.filter { $0.generation === generation }.map(\.fileEnd).max() ?? 0
        remember(KnownFile(head: generation.head, length: seen, identity: generation.identity))
        generation.move(to: candidate.file, path: candidate.path)
        announce(generation)
        generation.tail = .none
        if try candidate.length() < UInt64(generation.head.length) { generation.head = try candidate.file.head() }
        for tracked in segments where tracked.generation === generation {
            if tracked.state == .open || tracked.state == .gone && isGone { tracked.state = .closed }
        }
        isDirty = true
        return originals
    }

    /// Decides about segments whose bytes were not found: wait while a file cannot be judged yet, else they are gone.
    private func settleMissing(
        _ view: FamilyView, unseen: [FamilyFile], relation: LiveRelation, now: MonotonicTime
    ) -> Bool {
        var mayGoOn = true
        for tracked in segments where tracked.generation.file == nil && tracked.state != .gone {
            let generation = tracked.generation
            let isNewest = tracked === segments.last
            if isNewest, [.fresh, .same, .moved].contains(relation) { continue }
            let wasWhole = tracked.state == .complete
            if view.hasUndecided || view.hasUnreadable, isNeeded(tracked) || isNewest {
                let since = generation.missingSince ?? now
                generation.missingSince = since
                needsReconcile = true
                if now.since(since) < Self.patience {
                    mayGoOn = false
                    continue
                }
            }
            tracked.state = .gone
            tracked.lossReason = generation.displacement ?? (view.hasUnreadable ? .unreadable : .deleted)
            isDirty = true
            if isNewest, !wasWhole, !mayBe(generation, oneOf: unseen) {
                events.append(
                    .openEnd(offset: tracked.end, reason: tracked.lossReason ?? .deleted, path: generation.path))
            }
        }
        return mayGoOn
    }

    /// Whether a generation of which nothing was seen, and which therefore nothing can tell from others, may have been compressed
    /// to a file that is news: that is taken to be it, so that nothing of it is missing.
    private func mayBe(_ generation: Generation, oneOf unseen: [FamilyFile]) -> Bool {
        end(of: generation) == 0 && unseen.contains { $0.file.codec == .gzip && $0.knownLength == 0 }
    }
}
