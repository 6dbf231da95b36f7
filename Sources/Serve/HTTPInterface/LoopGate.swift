import NIOCore
import Synchronization

/// The way back to the event loop for routes, which may end after the loop did: then their result goes nowhere.
final class LoopGate: Sendable {
    private let loop = Mutex<(any EventLoop)?>(nil)

    func open(_ loop: any EventLoop) { self.loop.withLock { $0 = loop } }

    /// Nothing reaches the loop any more when this returns.
    func close() { loop.withLock { $0 = nil } }

    func execute(_ task: @escaping @Sendable () -> Void) { loop.withLock { $0?.execute(task) } }
}
