public import FileAccess
import JSONText
import LogModel
public import Logging
import Synchronization

/// Answers operators at the control socket of a running agent, one after the other, on a thread of its own.
///
/// Nobody can hold it up for longer than `patience` on either side of the work itself.
public final class ControlServer: Sendable {
    /// How long a client may take to send its request, and again to take the answer.
    static let patience = Duration.seconds(5)
    /// How long the agent may take to do what is asked.
    static let workTime = Duration.seconds(60)
    private static let listenerToken: UInt32 = 1
    /// How often the socket's name is looked at; longer than a ledger that was deleted takes to be written anew.
    static let placeCheckInterval = Duration.seconds(5)

    private let directory: String
    private let listener: Mutex<LocalListener>
    private let connections: HandedOver<PollSet>
    private let answers: HandedOver<PollSet>
    private let executor: ThreadExecutor
    private let wakers: [Waker]
    private let answer: @Sendable (ControlRequest) async -> ControlAnswer
    private let logger: Logger
    private let time = LinuxTime()
    private let isStopping = Atomic<Bool>(false)
    private let thread: Mutex<DedicatedThread?> = Mutex(nil)

    /// Listens in the state directory, which the agent has locked, and answers for `runtime` until `stop()`.
    public static func start(
        directory: String, runtime: AgentRuntime, logger: Logger
    ) throws(FileAccessError) -> ControlServer {
        try start(directory: directory, logger: logger) { await runtime.answer($0) }
    }

    /// As above, for any way to answer.
    static func start(
        directory: String, logger: Logger, answer: @escaping @Sendable (ControlRequest) async -> ControlAnswer
    ) throws(FileAccessError) -> ControlServer {
        let server = try ControlServer(directory: directory, logger: logger, answer: answer)
        let thread = try DedicatedThread(name: "outrider-ctl", stackSize: 512 << 10) { server.run() }
        server.thread.withLock { $0 = thread }
        return server
    }

    private init(
        directory: String, logger: Logger, answer: @escaping @Sendable (ControlRequest) async -> ControlAnswer
    ) throws(FileAccessError) {
        self.directory = directory
        let listener = try LocalListener(directory: directory, name: ControlRequest.socketName)
        self.listener = Mutex(listener)
        let connections = try PollSet()
        try connections.add(listener.descriptor, token: Self.listenerToken)
        let answers = try PollSet()
        wakers = [connections.waker, answers.waker]
        self.connections = HandedOver(connections)
        self.answers = HandedOver(answers)
        let waker = answers.waker
        executor = ThreadExecutor { waker.wake() }
        self.answer = answer
        self.logger = logger
    }

    /// Ends the thread and takes the socket away. Who still waits for an answer is told that the agent stops. To be called
    /// before the agent itself is stopped, and once.
    public func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        for waker in wakers { waker.wake() }
        thread.withLock { $0 }?.join()
        listener.withLock { $0.removeName() }
    }

    private func run() {
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            do throws(FileAccessError) {
                _ = try connections.value.wait(atMost: Self.placeCheckInterval)
                let current = try listenerInPlace()
                while !isStopping.load(ordering: .sequentiallyConsistent), let connection = try current.accept() {
                    serve(connection)
                }
            } catch {
                logger.warning("the control socket does not work", metadata: ["error": "\(error)"])
                pauseAfterFailure()
            }
        }
    }

    /// The listener, or a new one when the state directory was removed or replaced under it.
    private func listenerInPlace() throws(FileAccessError) -> LocalListener {
        let current = listener.withLock { $0 }
        if current.isInPlace || isStopping.load(ordering: .sequentiallyConsistent) { return current }
        guard let next = try? LocalListener(directory: directory, name: ControlRequest.socketName) else {
            return current
        }
        try connections.value.add(next.descriptor, token: Self.listenerToken)
        try connections.value.remove(current.descriptor)
        listener.withLock { $0 = next }
        logger.info("the control socket was gone and is back", metadata: ["control.path": "\(next.path)"])
        return next
    }

    /// Such as when there are no descriptors left: the listener stays ready, and must not be asked in a loop.
    private func pauseAfterFailure() { _ = try? answers.value.wait(atMost: .seconds(1)) }

    private func serve(_ connection: LocalConnection) {
        let document = reply(to: connection).document
        do throws(FileAccessError) {
            try connection.write(
                Array((document.compactText + "\n").utf8), deadline: time.monotonicNow().advanced(by: Self.patience))
        } catch {
            logger.debug("an answer was not taken", metadata: ["error": "\(error)"])
        }
    }

    private func reply(to connection: LocalConnection) -> ControlAnswer {
        do throws(FileAccessError) {
            guard try connection.isTrusted() else {
                return .refusal(
                    ControlRefusal(
                        code: "not_permitted", message: "only root and the agent's own user may talk to it",
                        hint: "use sudo, or become that user"))
            }
            let bytes = try connection.read(
                limit: ControlRequest.maximumLength, deadline: time.monotonicNow().advanced(by: Self.patience),
                until: { $0.last == UInt8(ascii: "\n") })
            guard bytes.last == UInt8(ascii: "\n"), let line = String(validating: bytes.dropLast(), as: UTF8.self),
                let request = ControlRequest(line: line)
            else {
                return .refusal(
                    ControlRefusal(
                        code: "request_malformed", message: "the agent does not know that request",
                        hint: "use an outrider of the same version as the agent"))
            }
            logger.debug("asked by an operator", metadata: ["control.request": "\(request.line)"])
            return wait(for: request)
        } catch {
            return .refusal(ControlRefusal(error))
        }
    }

    /// Does the work on this thread, and blocks it where the work waits for others.
    private func wait(for request: ControlRequest) -> ControlAnswer {
        let result = AwaitedAnswer()
        let answer = answer
        // Nobody can take the work back once it has begun, so nobody keeps the task.
        Task(executorPreference: executor) { result.set(await answer(request)) }
        let deadline = time.monotonicNow().advanced(by: Self.workTime)
        while true {
            executor.runPending()
            if let answer = result.value { return answer }
            if isStopping.load(ordering: .sequentiallyConsistent) {
                return .refusal(ControlRefusal(code: "stopping", message: "the agent is stopping"))
            }
            let rest = deadline.since(time.monotonicNow())
            if rest == .zero {
                return .refusal(
                    ControlRefusal(
                        code: "timed_out", message: "the agent did not get it done within \(Self.workTime)",
                        hint: "look at its log; what was asked for may still be done"))
            }
            _ = try? answers.value.wait(atMost: rest)
        }
    }
}

/// An answer that comes later.
private final class AwaitedAnswer: Sendable {
    private let storage = Mutex<ControlAnswer?>(nil)
    var value: ControlAnswer? { storage.withLock { $0 } }
    func set(_ answer: ControlAnswer) { storage.withLock { $0 = answer } }
}
