import Logging
import NIOCore
import NIOHTTP1

/// What all connections of a server have in common.
struct HTTPServices: Sendable {
    let settings: HTTPSettings
    let routes: RouteTable
    let metrics: HTTPMetrics
    let logger: Logger
    let gate = LoopGate()

    /// How long a finished connection waits for its client to close, so that unread input does not make the kernel send a
    /// reset that destroys the answer before it is read (RFC 9112 9.6).
    var lingerTime: Duration { min(settings.requestTimeout, .seconds(2)) }
}

/// A request that was read whole.
struct IncomingRequest {
    let head: HTTPRequestHead
    /// What was posted; empty where nothing may be.
    var form: [UInt8] = []
}

/// One connection: reads requests, answers them in their order, and ends when the client takes too long.
///
/// Runs on the server's event loop only. Sits behind the HTTP decoder and encoder; `ByteWatch` before them tells it when
/// bytes arrive.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Legal order: reading → finishing → lingering → closed; any may go to closed.
    enum Phase {
        /// Requests are taken.
        case reading
        /// No more are taken; those that wait are answered, the last with `Connection: close`.
        case finishing
        /// The output is closed; input is dropped until the client closes too.
        case lingering
        case closed
    }

    /// What is to be answered.
    enum Waiting {
        case request(IncomingRequest)
        case refusal(HTTPRefusal)
    }

    /// More waiting requests than any honest client sends ahead.
    static let maximumPipelineDepth = 32

    let services: HTTPServices
    private let isSurplus: Bool
    private let onClose: (HTTPConnection) -> Void

    var context: ChannelHandlerContext?
    var phase = Phase.reading
    var queue: [Waiting] = []
    var isAnswering = false
    /// Counts answers, so that a late one is known as such.
    var serial = 0
    /// The route that makes an answer.
    var work: Task<Void, Never>?
    /// Runs while a route makes its answer, and then while the client reads it.
    var answerDeadline: Scheduled<Void>?
    /// Whether the route that makes an answer gives up when the client closes its side.
    var endsWithClient = false
    private var incoming: IncomingRequest?
    private var maximumFormSize = 0
    private var isReceiving = false
    private(set) var hasInputEnded = false
    private var isReadHeld = false
    /// Runs while the connection is idle, while a request arrives, and while it lingers.
    private var inputDeadline: Scheduled<Void>?

    /// A connection; one that is `isSurplus` is answered with 503 at once.
    init(services: HTTPServices, isSurplus: Bool, onClose: @escaping (HTTPConnection) -> Void) {
        self.services = services
        self.isSurplus = isSurplus
        self.onClose = onClose
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        if isSurplus { refuse(.tooManyConnections) } else { waitForRequest() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        serial += 1
        work?.cancel()
        inputDeadline?.cancel()
        answerDeadline?.cancel()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        onClose(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            services.logger.debug("connection failed", metadata: ["http.error": "\(error)"])
            close()
            return
        }
        if phase == .reading { refuse(error == .headerOverflow ? .headerTooLarge : .malformed) }
    }

    // MARK: Input

    /// Whether bytes are still decoded.
    var takesInput: Bool { phase == .reading }

    /// Bytes arrived and will be decoded now.
    func bytesArrived() {
        guard !isReceiving else { return }
        isReceiving = true
        setInputDeadline(services.settings.requestTimeout) { $0.refuse(.requestTimeout) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .reading else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard isWellFormed(head) else { return refuse(.malformed) }
            take(head)
        case .body(let buffer): takeForm(buffer)
        case .end: takeRequest(isLast: false)
        }
    }

    private func take(_ head: HTTPRequestHead) {
        incoming = IncomingRequest(head: head)
        maximumFormSize = hasBody(head) ? services.routes.maximumFormSize(of: head) : 0
        let isPlain = !head.headers.contains(name: "upgrade") && head.method != .CONNECT
        guard isPlain, maximumFormSize > 0 else {
            // What follows would have to be read past; the answer says that the connection closes.
            if hasBody(head) || !isPlain { takeRequest(isLast: true) }
            return
        }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if length > maximumFormSize { return refuse(.bodyTooLarge) }
        // A client that waits for this sends its form after a while without it, too: when an answer is still being made.
        if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }), !isAnswering,
            head.version.minor > 0
        {
            let goOn = HTTPResponseHead(version: head.version, status: .continue)
            context?.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
    }

    private func takeForm(_ buffer: ByteBuffer) {
        guard let request = incoming else { return }
        if request.form.count + buffer.readableBytes > maximumFormSize { return refuse(.bodyTooLarge) }
        incoming?.form += buffer.readableBytesView
    }

    /// HTTP/1 only; HTTP/1.1 demands exactly one Host (RFC 9112 3.2).
    private func isWellFormed(_ head: HTTPRequestHead) -> Bool {
        let hostCount = head.headers["host"].count
        return head.version.major == 1 && (head.version.minor == 0 ? hostCount <= 1 : hostCount == 1)
    }

    private func takeRequest(isLast: Bool) {
        guard let request = incoming else { return }
        incoming = nil
        isReceiving = false
        inputDeadline?.cancel()
        if isLast { phase = .finishing }
        if queue.count >= Self.maximumPipelineDepth {
            services.metrics.rejected(.pipelineTooDeep)
            phase = .finishing
        } else {
            queue.append(.request(request))
        }
        answerNext()
    }

    /// Answers what waits, then says why no more is taken, and closes.
    func refuse(_ refusal: HTTPRefusal) {
        guard phase == .reading else { return }
        services.metrics.rejected(refusal.reason)
        inputDeadline?.cancel()
        phase = .finishing
        incoming = nil
        queue.append(.refusal(refusal))
        answerNext()
    }

    /// Holds back reading while a request waits behind another, so that a client cannot fill the queue.
    func read(context: ChannelHandlerContext) {
        if phase == .reading, isAnswering, !queue.isEmpty {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
        hasInputEnded = true
        inputDeadline?.cancel()
        if isAnswering, endsWithClient { work?.cancel() }
        if phase == .lingering || !isAnswering && queue.isEmpty {
            close()
        } else {
            phase = .finishing
        }
    }

    // MARK: Going on and ending

    /// The answer was written: on with the next request, or the end.
    func answerWritten(isLast: Bool) {
        answerDeadline?.cancel()
        isAnswering = false
        if isLast || phase == .finishing && queue.isEmpty { return finishOutput() }
        answerNext()
        guard !isAnswering else { return }
        if !isReceiving { waitForRequest() }
        releaseRead()
    }

    /// Stops taking requests; ends at once when nothing is being answered.
    func drain() {
        if !isAnswering, queue.isEmpty { return close() }
        if phase == .reading { phase = .finishing }
    }

    func close() { context?.close(promise: nil) }

    private func waitForRequest() {
        setInputDeadline(services.settings.requestTimeout) { $0.close() }
    }

    private func finishOutput() {
        phase = .lingering
        guard !hasInputEnded else { return close() }
        context?.close(mode: .output, promise: nil)
        setInputDeadline(services.lingerTime) { $0.close() }
        releaseRead()
    }

    private func releaseRead() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }

    private func setInputDeadline(_ time: Duration, _ action: @escaping (HTTPConnection) -> Void) {
        inputDeadline?.cancel()
        inputDeadline = schedule(time, action)
    }

    func schedule(_ time: Duration, _ action: @escaping (HTTPConnection) -> Void) -> Scheduled<Void>? {
        context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { action(self) }
    }
}

/// Tells a connection when bytes arrive, before they are decoded, and drops them when it wants no more.
final class ByteWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection

    init(connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard connection.takesInput else { return }
        connection.bytesArrived()
        context.fireChannelRead(data)
    }
}
