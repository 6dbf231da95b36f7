public import FileTail
public import LogModel
public import LogPipeline

/// Gives the lines of all streams to all consumers, each from its own cursor.
///
/// Consumers that stand at the same place read each block once, together. One that has no room stays behind and reads by
/// itself until it has caught up. Not thread-safe: the pipeline's thread owns it.
public final class Consumption {
    /// The most that one stream gets in a turn before the others have theirs, unless told otherwise.
    public static let blockSize = 256 * 1024
    /// How many times the usual room a record gets that does not fit into it.
    static let roomFactor = 4

    /// The bytes of `\r\n` in the widest encoding.
    private static let longestLineEnd = 4

    let tail: FileTail
    private let time: any TimeSource
    var consumers: [any LineConsumer]
    var cursors: [StreamID: [ConsumerCursor]] = [:]
    /// The streams that have cursors, oldest first.
    private var streams: [StreamID] = []
    /// Cursors in the ledger of consumers and sources that are not configured now; they are kept.
    var dormant: [ConsumerState]
    private var losses: [LossRecord] = []
    private var buffer: ReadBuffer
    /// The buffer's room for whatever fits into it.
    private var usualRoom: Int
    /// The record that did not fit into the buffer when it was read.
    private var crowdedPlace: Place?
    private let splitter = LineSplitter()
    /// By source: what makes records of its lines, where these are not the lines themselves.
    private var assemblers: [SourceName: RecordAssembler] = [:]
    /// Records that may go on, by the place where they begin.
    private var waiting: [Place: Wait] = [:]
    /// Bytes handed to consumers or passed over since the start, for deciding when to commit.
    public private(set) var bytesRead: UInt64 = 0
    /// Cursors whose account did not balance: always 0, or there is a bug.
    public private(set) var unbalancedAccounts: UInt64 = 0
    /// Consumers whose output could not be made durable by the last `takeChanges()`, and why.
    public private(set) var failures: [ConsumerName: String] = [:]

    private struct Place: Hashable {
        var stream: StreamID
        var offset: UInt64
    }

    /// How long a record is waited for, counted from when it last got something.
    private struct Wait {
        /// What was seen of the stream.
        var end: UInt64
        /// Where the record's last line ends.
        var recordEnd: UInt64
        var until: MonotonicTime
    }

    /// - Parameters:
    ///   - tail: where lines come from.
    ///   - consumers: who gets them.
    ///   - assemblers: by source, what makes records of its lines, where these are not the lines themselves.
    ///   - restoring: all cursors in the ledger.
    ///   - time: of losses, and for how long records are waited.
    ///   - blockSize: bytes that one stream gets in a turn; at least one whole line.
    public init(
        tail: FileTail, consumers: [any LineConsumer], assemblers: [SourceName: RecordAssembler] = [:],
        restoring: [ConsumerState] = [], time: any TimeSource, blockSize: Int = Consumption.blockSize
    ) {
        self.assemblers = assemblers
        self.tail = tail
        self.time = time
        self.consumers = consumers
        self.dormant = []
        usualRoom = max(blockSize, tail.longestLine + Self.longestLineEnd)
        buffer = ReadBuffer(capacity: usualRoom)
        attachAll(restoring)
    }

    /// Gives every consumer its cursor in every stream; the states of others are kept as they are.
    private func attachAll(_ states: [ConsumerState]) {
        let names = Set(consumers.map(\.name))
        let active = Set(tail.streamIDs)
        dormant = states.filter { !names.contains($0.consumer) || !active.contains($0.stream) }
        let restored = Dictionary(grouping: states, by: \.stream)
        cursors = [:]
        streams = []
        for stream in tail.streamIDs { attach(stream, restored: restored[stream] ?? [], fromBeginning: nil) }
    }

    /// Goes on with other consumers, or after the tailer was given other sources. Consumers of the same name go on where
    /// they stand.
    public func reconfigure(consumers: [any LineConsumer], assemblers: [SourceName: RecordAssembler] = [:]) {
        self.assemblers = assemblers
        waiting = [:]
        let uncommitted = cursors.mapValues {
            Dictionary($0.map { ($0.state.consumer, $0.settled) }) { first, _ in first }
        }
        let dirty = cursors.mapValues { Set($0.filter(\.isDirty).map(\.state.consumer)) }
        self.consumers = consumers
        attachAll(states)
        for (stream, group) in cursors {
            for index in group.indices {
                let name = group[index].state.consumer
                if let settled = uncommitted[stream]?[name] { cursors[stream]?[index].settled = settled }
                if dirty[stream]?.contains(name) == true { cursors[stream]?[index].isDirty = true }
            }
        }
        usualRoom = max(usualRoom, tail.longestLine + Self.longestLineEnd)
        makeRoom(usualRoom)
    }

    /// Forgets the cursors of a consumer that is not configured; false when it is, or when there are none.
    public func drop(_ consumer: ConsumerName) -> Bool {
        guard !consumers.contains(where: { $0.name == consumer }), dormant.contains(where: { $0.consumer == consumer })
        else { return false }
        dormant.removeAll { $0.consumer == consumer }
        return true
    }

    /// Moves a consumer's cursors to the end of what was seen, accounted as skipped; false when there are none.
    public func reset(_ consumer: ConsumerName) -> Bool {
        var found = false
        for (stream, group) in cursors {
            for index in group.indices where group[index].state.consumer == consumer {
                found = true
                let end = tail.startOfLastLine(of: stream)
                guard end.offset > group[index].state.offset else { continue }
                cursors[stream]?[index].state.carry = Carry()
                cursors[stream]?[index].skip(end.offset - group[index].state.offset, .reset, anchor: end.anchor)
                group[index].consumer.didPass(stream)
            }
        }
        return found
    }

    /// Matches the sources' globs anew and takes up what is found.
    public func scan() {
        for (stream, fromBeginning) in tail.scan() { attach(stream, restored: [], fromBeginning: fromBeginning) }
    }

    /// Gives every consumer that wants the stream a cursor: its own from the ledger, or a new one.
    private func attach(_ stream: StreamID, restored: [ConsumerState], fromBeginning: Bool?) {
        guard let source = tail.source(of: stream) else { return }
        var attached: [ConsumerCursor] = []
        for consumer in consumers where consumer.wants(source) {
            if let state = restored.first(where: { $0.consumer == consumer.name }) {
                attached.append(ConsumerCursor(consumer: consumer, state: state, isDirty: false))
            } else {
                let beginning = fromBeginning ?? (tail.settings(of: source)?.startAt == .beginning)
                attached.append(newCursor(consumer, stream, fromBeginning: beginning))
            }
        }
        if cursors.updateValue(attached, forKey: stream) == nil { streams.append(stream) }
        let sleeping = dormant.filter { $0.stream == stream }.map {
            CursorView(offset: $0.offset, anchor: $0.anchor, isDormant: true)
        }
        tail.setCursors(of: stream) { [weak self] in (self?.cursors[stream]?.map(\.view) ?? []) + sleeping }
    }

    private func newCursor(_ consumer: any LineConsumer, _ stream: StreamID, fromBeginning: Bool) -> ConsumerCursor {
        let start =
            fromBeginning
            ? CursorView(offset: tail.start(of: stream), anchor: .none) : tail.startOfLastLine(of: stream)
        var state = ConsumerState(consumer: consumer.name, stream: stream, offset: start.offset, anchor: start.anchor)
        if start.offset > 0 { state.account.skipped[.startAt] = start.offset }
        return ConsumerCursor(consumer: consumer, state: state, isDirty: true)
    }

    /// Reads one block of every stream that has more for somebody; true when there may be yet more.
    public func turn() -> Bool {
        var hasMore = false
        for stream in streams { hasMore = turn(stream) || hasMore }
        return hasMore
    }

    /// One block of one stream for each group of consumers that stand together.
    private func turn(_ stream: StreamID) -> Bool {
        takeEvents(of: stream)
        guard let standing = cursors[stream], !standing.isEmpty else { return false }
        let end = tail.end(of: stream)
        guard standing.contains(where: { $0.state.offset < end }) else { return false }
        var hasMore = false
        for offset in Set(standing.map(\.state.offset)).sorted(by: >) where offset < end {
            hasMore = readGroup(stream, at: offset) || hasMore
        }
        for index in standing.indices { cursors[stream]?[index].isDetached = false }
        return hasMore
    }

    /// Reads a block; one that is filled by a single record is read again with more room.
    private func readGroup(_ stream: StreamID, at offset: UInt64) -> Bool {
        var hasMoved = readBlock(stream, at: offset)
        while let place = crowdedPlace {
            crowdedPlace = nil
            makeRoom(2 * buffer.capacity)
            hasMoved = readBlock(stream, at: place.offset) || hasMoved
        }
        makeRoom(usualRoom)
        return hasMoved
    }

    private func makeRoom(_ capacity: Int) {
        if buffer.capacity != capacity { buffer = ReadBuffer(capacity: capacity) }
    }

    private func readBlock(_ stream: StreamID, at offset: UInt64) -> Bool {
        guard var group = cursors[stream] else { return false }
        let members = group.indices.filter { group[$0].state.offset == offset && !group[$0].isDetached }
        guard let first = members.first else { return false }
        // Consumers at one place stand there with one anchor, unless one of them came there over a gap.
        let view = group[first].view
        if let wait = waiting[Place(stream: stream, offset: offset)], wait.end == tail.end(of: stream),
            time.monotonicNow() < wait.until
        {
            return false
        }
        let same = members.filter {
            group[$0].view.anchor == view.anchor && group[$0].state.carry == group[first].state.carry
        }
        var anchorLength = 0
        // A file that is changed again and again under the reader gets its next chance with the next look.
        var outcome = ReadOutcome.changed
        for _ in 0..<3 where outcome == .changed {
            guard let next = try? tail.read(stream, at: view, into: buffer, anchorLength: &anchorLength) else {
                return false
            }
            outcome = next
        }
        takeEvents(of: stream)
        group = cursors[stream] ?? group
        switch outcome {
        case .caughtUp, .changed: return false
        case .hole(let upper):
            for index in same { group[index].skip(upper - offset, .hole, anchor: .none) }
            cursors[stream] = group
            return true
        case .lost(let upper, let reason, let isOpenEnded, let path):
            for index in same {
                let lower = group[index].lose(to: upper, reason)
                guard upper > lower || isOpenEnded else { continue }
                if isOpenEnded { group[index].state.account.openEndedLosses += 1 }
                losses.append(
                    LossRecord(
                        stream: stream, consumer: group[index].state.consumer, reason: reason, lowerOffset: lower,
                        upperOffset: upper, isOpenEnded: isOpenEnded, path: path, time: time.wallNow()))
            }
            cursors[stream] = group
            return true
        case .bytes(let count, let startsFile, let endsSegment):
            // A line that was being passed over ended with its file.
            if startsFile { for index in same { group[index].state.carry.isInsideCutLine = false } }
            let moved = deliver(
                Block(
                    stream: stream, offset: offset, count: count, anchorLength: anchorLength, endsSegment: endsSegment,
                    startsFile: startsFile),
                to: same, of: &group)
            cursors[stream] = group
            return moved
        }
    }

    /// A block of bytes that lies in the buffer.
    private struct Block {
        var stream: StreamID
        var offset: UInt64
        var count: Int
        var anchorLength: Int
        var endsSegment: Bool
        var startsFile: Bool
    }

    /// Hands a block over as lines; false when it held no whole line yet.
    private func deliver(_ block: Block, to members: [Int], of group: inout [ConsumerCursor]) -> Bool {
        guard let source = tail.source(of: block.stream), let index = tail.index(of: source),
            let limit = tail.settings(of: source)?.maximumLineLength, let first = members.first
        else { return false }
        let payload = UnsafeRawBufferPointer(rebasing: buffer.payload[..<block.count])
        var used = block.startsFile ? skipByteOrderMark(payload, block, source, members, &group) : 0
        if used > 0, used == block.count { return true }
        if group[first].state.carry.isInsideCutLine {
            used = skipCutLine(payload, block, members, &group)
            if used == block.count { return true }
        }
        let rest = UnsafeRawBufferPointer(rebasing: payload[used...])
        let encoding = assemblers[source]?.settings.encoding ?? .utf8
        var ends = splitter.split(rest, encoding)
        if block.endsSegment, Int(ends.last ?? 0) < rest.count { ends = splitter.appending(ends, end: rest.count) }
        let fitting = fittingLines(ends, of: rest, limit: limit, encoding)
        if fitting > 0 {
            let table = UnsafeBufferPointer(rebasing: ends[..<fitting])
            let batch = LineBatch(
                bytes: UnsafeRawBufferPointer(rebasing: rest[..<Int(table[fitting - 1])]), lineEnds: table,
                stream: block.stream, source: index, offset: block.offset + UInt64(used))
            guard let assembler = assemblers[source] else {
                let anchor = buffer.anchor(at: used + batch.raw.count, anchorLength: block.anchorLength)
                return !hand(batch, anchor: anchor, to: members, of: &group).isEmpty
            }
            // What is too long for a line ends what stands before it.
            let isOver = block.endsSegment || fitting < ends.count
            return assemble(batch, assembler, block, isOver: isOver, before: used, members, &group)
        }
        // A line that fits exactly may still lack its `\r\n`.
        guard ends.count > 0 || rest.count >= limit + 2 * encoding.unitLength else { return used > 0 }
        // The first line is longer than `max_line`: its beginning is handed over, the rest skipped.
        let length = limit - limit % encoding.unitLength
        let batch = LineBatch(
            bytes: UnsafeRawBufferPointer(rebasing: rest[..<length]), lineEnds: splitter.single(length),
            stream: block.stream, source: index, offset: block.offset + UInt64(used))
        let anchor = buffer.anchor(at: used + length, anchorLength: block.anchorLength)
        let taken =
            assemblers[source]?.assemble(batch, isOver: true) {
                hand($0.batch, anchor: anchor, to: members, of: &group)
            }
            ?? hand(batch, anchor: anchor, to: members, of: &group)
        for member in taken {
            group[member].state.account.linesCut += 1
            group[member].state.carry.isInsideCutLine = true
        }
        return !taken.isEmpty
    }

    /// Hands lines over as records; false when they are the beginning of one that may go on.
    private func assemble(
        _ batch: LineBatch, _ assembler: RecordAssembler, _ block: Block, isOver: Bool, before used: Int,
        _ members: [Int], _ group: inout [ConsumerCursor]
    ) -> Bool {
        let place = Place(stream: batch.stream, offset: batch.offset)
        let end = tail.end(of: batch.stream)
        let now = time.monotonicNow()
        let wait = waiting.removeValue(forKey: place)
        let overdue = wait.map { now >= $0.until && $0.recordEnd > batch.offset ? Int($0.recordEnd - batch.offset) : 0 }
        var hasTaken = false
        func take(_ records: AssembledRecords) -> Bool {
            hasTaken = records.batch.rawLineCount > 0
            // It is waited for only when there is no more to read.
            if let openEnd = records.openEnd, block.offset + UInt64(block.count) == end {
                let open = Place(stream: batch.stream, offset: batch.offset + UInt64(records.batch.raw.count))
                let recordEnd = batch.offset + UInt64(openEnd)
                let isSame = open == place && wait?.recordEnd == recordEnd
                let until = isSame ? wait?.until : nil
                waiting[open] = Wait(
                    end: end, recordEnd: recordEnd, until: until ?? now.advanced(by: assembler.patience))
            }
            guard hasTaken else { return used > 0 }
            let anchor = buffer.anchor(at: used + records.batch.raw.count, anchorLength: block.anchorLength)
            return !hand(records.batch, anchor: anchor, to: members, of: &group).isEmpty
        }
        let hasMoved = assembler.assemble(batch, isOver: isOver, overdue: overdue ?? 0, take)
        guard !hasTaken, block.count == buffer.capacity else { return hasMoved }
        guard buffer.capacity >= Self.roomFactor * usualRoom else {
            crowdedPlace = place
            return used > 0
        }
        waiting[place] = nil
        return assembler.assemble(batch, isOver: true, isFull: true, take)
    }

    /// From now on unfinished lines and records are whole: nothing more will come.
    public func finish() {
        waiting = [:]
        tail.finish()
    }

    /// The number of lines in front that are no longer than `limit`, line end not counted.
    private func fittingLines(
        _ ends: UnsafeBufferPointer<UInt32>, of bytes: UnsafeRawBufferPointer, limit: Int, _ encoding: TextEncoding
    ) -> Int {
        var lower = 0
        for (index, end) in ends.enumerated() {
            let upper = Int(end)
            if upper - lower > limit, textLength(bytes[lower..<upper], encoding) > limit { return index }
            lower = upper
        }
        return ends.count
    }

    /// The bytes of a line without its line end, `\n` or `\r\n`.
    private func textLength(_ line: Slice<UnsafeRawBufferPointer>, _ encoding: TextEncoding) -> Int {
        let newline = encoding.lineEnd
        guard line.suffix(newline.count).elementsEqual(newline) else { return line.count }
        let text = line.dropLast(newline.count)
        let carriageReturn = newline.map { $0 == 0x0A ? 0x0D : $0 }
        return text.suffix(newline.count).elementsEqual(carriageReturn) ? text.count - newline.count : text.count
    }

    private func hand(_ batch: LineBatch, anchor: Anchor, to members: [Int], of group: inout [ConsumerCursor]) -> [Int]
    {
        var taken: [Int] = []
        for member in members where group[member].state.offset == batch.offset {
            switch group[member].consumer.consume(batch) {
            case .taken:
                group[member].consume(bytes: batch.raw.count, lines: batch.rawLineCount, anchor: anchor)
                taken.append(member)
            case .noRoom: group[member].isDetached = true
            }
        }
        bytesRead += UInt64(batch.raw.count)
        return taken
    }

    private func lineEnd(of stream: StreamID) -> LineEnd {
        tail.source(of: stream).flatMap { tail.settings(of: $0)?.lineEnd } ?? .newline
    }

    /// Passes over the mark with which a file may begin; returns its length.
    private func skipByteOrderMark(
        _ payload: UnsafeRawBufferPointer, _ block: Block, _ source: SourceName, _ members: [Int],
        _ group: inout [ConsumerCursor]
    ) -> Int {
        let encoding = assemblers[source]?.settings.encoding ?? .utf8
        guard case .found(encoding, let length) = ByteOrderMark(inHead: payload.prefix(3), of: encoding) else {
            return 0
        }
        let anchor = buffer.anchor(at: length, anchorLength: block.anchorLength)
        for member in members { group[member].skip(UInt64(length), .byteOrderMark, anchor: anchor) }
        return length
    }

    /// Passes over what is left of a line whose beginning was handed over; returns the bytes passed.
    private func skipCutLine(
        _ payload: UnsafeRawBufferPointer, _ block: Block, _ members: [Int], _ group: inout [ConsumerCursor]
    ) -> Int {
        let behind = lineEnd(of: block.stream).first(in: payload)
        let passed = behind ?? payload.count
        let anchor = buffer.anchor(at: passed, anchorLength: block.anchorLength)
        let isOver = behind != nil || block.endsSegment
        for member in members {
            group[member].skip(UInt64(passed), .lineTooLong, anchor: anchor)
            if isOver { group[member].state.carry.isInsideCutLine = false }
        }
        bytesRead += UInt64(passed)
        return passed
    }

    private func takeEvents(of stream: StreamID) {
        for event in tail.takeEvents(of: stream) {
            for index in (cursors[stream] ?? []).indices { note(event, stream, index) }
        }
    }

    private func note(_ event: StreamEvent, _ stream: StreamID, _ index: Int) {
        guard let consumer = cursors[stream]?[index].state.consumer else { return }
        switch event {
        case .openEnd(let offset, let reason, let path):
            cursors[stream]?[index].state.account.openEndedLosses += 1
            cursors[stream]?[index].isDirty = true
            losses.append(
                LossRecord(
                    stream: stream, consumer: consumer, reason: reason, lowerOffset: offset, upperOffset: offset,
                    isOpenEnded: true, path: path, time: time.wallNow()))
        case .regressed(let range, let path):
            cursors[stream]?[index].state.account.openEndedLosses += 1
            cursors[stream]?[index].isDirty = true
            losses.append(
                LossRecord(
                    stream: stream, consumer: consumer, reason: .regressed, lowerOffset: range.lowerBound,
                    upperOffset: range.upperBound, isOpenEnded: true, path: path, time: time.wallNow()))
        }
    }

    /// Lets every consumer make its output durable, then takes the cursors that moved and the losses since the last call. The
    /// tailer's changes are to be taken right after it, and committed with it.
    ///
    /// The cursors of a consumer that fails stay behind, to be taken with the next call; the others are not held up.
    public func takeChanges() -> (consumers: [ConsumerState], losses: [LossRecord]) {
        tail.prepareCommit()
        for stream in streams { takeEvents(of: stream) }
        waiting = waiting.filter { place, _ in
            cursors[place.stream]?.contains { $0.state.offset == place.offset } ?? false
        }
        var held: Set<ConsumerName> = []
        failures = [:]
        for consumer in consumers {
            do { try consumer.prepareCommit() } catch {
                held.insert(consumer.name)
                failures[consumer.name] = "\(error)"
            }
        }
        var changed: [ConsumerState] = []
        for stream in streams {
            for index in (cursors[stream] ?? []).indices {
                if let state = settle(stream, index, held: held) { changed.append(state) }
            }
        }
        let taken = losses
        losses = []
        return (changed, taken)
    }

    /// Tells the consumers that everything taken by the last `takeChanges()` is committed.
    public func didCommit() { for consumer in consumers { consumer.didCommit() } }

    /// Whether a consumer stands still until the next commit.
    public var awaitsCommit: Bool { consumers.contains(where: \.awaitsCommit) }

    private func settle(_ stream: StreamID, _ index: Int, held: Set<ConsumerName>) -> ConsumerState? {
        guard let cursor = cursors[stream]?[index], cursor.isDirty else { return nil }
        cursors[stream]?[index].isUnrecorded = false
        if held.contains(cursor.state.consumer) { return cursor.isUnrecorded ? cursor.settled : nil }
        assert(cursor.isBalanced, "BUG: the account of \(cursor.state) does not balance")
        if !cursor.isBalanced { unbalancedAccounts += 1 }
        cursors[stream]?[index].isDirty = false
        cursors[stream]?[index].settled = cursor.state
        return cursor.state
    }

    /// All cursors as they stand, those of consumers and sources that are not configured included.
    public var states: [ConsumerState] { dormant + streams.flatMap { cursors[$0, default: []].map(\.state) } }

    /// All cursors as they were last taken by `takeChanges()`: what a ledger that is written anew has to hold. Those of a
    /// consumer that could not make its output durable are behind `states`.
    public var settledStates: [ConsumerState] {
        dormant + streams.flatMap { cursors[$0, default: []].map(\.settled) }
    }

    /// Whether everything that was seen of every stream has been read by everybody; an unfinished last line may remain.
    public func hasUnread(of stream: StreamID) -> Bool {
        let end = tail.end(of: stream)
        return cursors[stream, default: []].contains { $0.state.offset < end }
    }

    /// Lists whose changes are ahead of the ledger.
    public var hasChanges: Bool { !losses.isEmpty || cursors.values.contains { $0.contains(where: \.isDirty) } }
}
