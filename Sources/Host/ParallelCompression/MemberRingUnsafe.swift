import Compression
import FileAccess

/// What goes around between the thread that reads and writes and the threads that compress: as many buffers as there are slots, in
/// the order of the content. A worker gives its slot the buffer in which it made the member and keeps the one that held the content.
///
/// SAFETY: a slot's buffer is touched by its owner only: the outer thread while it is `empty` or `finished`, the worker that took it
/// while it is `compressing`. Phases change under the lock. Buffers are freed when the last thread has let go of the ring.
final class MemberRing: Sendable {
    /// Legal order: empty → filled → compressing → finished → empty.
    private enum Phase {
        case empty
        case filled
        case compressing
        case finished
    }

    private struct Slot {
        var buffer: UnsafeMutableRawBufferPointer
        var phase = Phase.empty
        /// Bytes of content, or of the member once that is made.
        var count = 0
        var sum = ContentSum()
    }

    private struct State {
        var slots: [Slot]
        /// The number of the next member to be compressed, counted from the first of the content.
        var next = 0
        var isStopped = false
        var failure: (any Error)?
    }

    private let state: ConditionLock<State>
    private let bufferLength: Int
    private let slotCount: Int

    init(slots: Int, contentLength: Int) {
        bufferLength = GzipMemberCompressor.room(for: contentLength)
        slotCount = slots
        let length = bufferLength
        state = ConditionLock(
            State(slots: (0..<slots).map { _ in Slot(buffer: .allocate(byteCount: length, alignment: 64)) }))
    }

    deinit { state.read { for slot in $0.slots { slot.buffer.deallocate() } } }

    // MARK: The outer thread

    /// The buffer for the content of a member, whose slot is empty.
    func buffer(for member: Int) -> UnsafeMutableRawBufferPointer { state.read { $0.slots[member % slotCount].buffer } }

    /// Hands the content of a member over, in order.
    func submit(_ member: Int, count: Int) {
        state.change { state in
            state.slots[member % slotCount].count = count
            state.slots[member % slotCount].phase = .filled
        }
    }

    /// Waits until a member is made, and lends it until `release`.
    func finished(_ member: Int) throws -> (bytes: UnsafeRawBufferPointer, sum: ContentSum) {
        typealias Found = Result<(UnsafeRawBufferPointer, ContentSum), any Error>
        let found = state.wait { state -> ConditionLock<State>.Turn<Found> in
            if let failure = state.failure { return .done(.failure(failure)) }
            let slot = state.slots[member % slotCount]
            guard slot.phase == .finished else { return .wait(nil) }
            let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[..<slot.count])
            return .done(.success((bytes, slot.sum)))
        }
        return try found.get()
    }

    /// Makes the slot of a member free for the next one.
    func release(_ member: Int) { state.change { $0.slots[member % slotCount].phase = .empty } }

    /// Ends the workers: those that compress finish their member, which is not used.
    func stop() { state.change { $0.isStopped = true } }

    // MARK: Workers

    /// Makes members until there are no more.
    func work(level: Int, modified: UInt32) {
        do throws(GzipError) {
            let compressor = try GzipMemberCompressor(level: level)
            var spare = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferLength, alignment: 64)
            while let (index, content) = take() {
                let (length, sum) = compressor.compress(content, into: spare, modified: modified)
                spare = finish(index, spare, length, sum)
            }
            spare.deallocate()
        } catch {
            state.change { $0.failure = $0.failure ?? error }
        }
    }

    /// The next content in order; waits for it. Nil when there is nothing more to do.
    private func take() -> (index: Int, content: UnsafeRawBufferPointer)? {
        state.wait { state -> ConditionLock<State>.Turn<(Int, UnsafeRawBufferPointer)?> in
            if state.isStopped { return .done(nil) }
            let index = state.next % slotCount
            guard state.slots[index].phase == .filled else { return .wait(nil) }
            state.next += 1
            state.slots[index].phase = .compressing
            let slot = state.slots[index]
            return .done((index, UnsafeRawBufferPointer(rebasing: slot.buffer[..<slot.count])))
        }
    }

    /// Leaves a member in its slot, and takes the buffer of its content in exchange.
    private func finish(
        _ index: Int, _ member: UnsafeMutableRawBufferPointer, _ length: Int, _ sum: ContentSum
    ) -> UnsafeMutableRawBufferPointer {
        state.change { state in
            let spare = state.slots[index].buffer
            state.slots[index] = Slot(buffer: member, phase: .finished, count: length, sum: sum)
            return spare
        }
    }
}
