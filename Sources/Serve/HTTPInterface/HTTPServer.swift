public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Makes NIO close a connection that was just accepted.
private struct TooManyConnections: Error {}

/// The agent's HTTP server: one event loop on one thread, GET and HEAD on a table of routes.
///
/// Nothing that a client does costs more than its connection: requests, headers, waiting requests, connections and every wait
/// are bounded, and each bound that is hit is counted in `metrics`. Clients are not trusted, routes are.
public final class HTTPServer: Sendable {
    /// Legal order: idle → starting → running → stopped; starting → idle when it cannot listen.
    private enum State {
        case idle
        case starting
        case running(MultiThreadedEventLoopGroup, any Channel, NIOLoopBoundBox<ConnectionSet>)
        case stopped
    }

    private let services: HTTPServices
    private let state = Mutex(State.idle)

    /// What the server counts about itself.
    public var metrics: HTTPMetrics { services.metrics }

    /// A server that does not listen yet.
    public init(settings: HTTPSettings, routes: [HTTPRoute], logger: Logger, metrics: HTTPMetrics = HTTPMetrics()) {
        services = HTTPServices(settings: settings, routes: RouteTable(routes), metrics: metrics, logger: logger)
    }

    /// Begins to listen, and returns the port.
    ///
    /// - Returns: the port of the settings, or the one that the kernel chose for port 0.
    /// - Throws: `HTTPServerError` when the address cannot be had; the server may then be started again.
    public func start() async throws -> Int {
        state.withLock { state in
            guard case .idle = state else { preconditionFailure("BUG: an HTTP server is started twice") }
            state = .starting
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = NIOLoopBoundBox.makeBoxSendingValue(ConnectionSet(), eventLoop: group.next())
        services.gate.open(group.next())
        do {
            let settings = services.settings
            let channel = try await bootstrap(group, connections).bind(host: settings.host, port: settings.port).get()
            state.withLock { $0 = .running(group, channel, connections) }
            let port = channel.localAddress?.port ?? settings.port
            services.logger.debug(
                "HTTP server started", metadata: ["http.host": "\(settings.host)", "http.port": "\(port)"])
            return port
        } catch {
            services.gate.close()
            try? await group.shutdownGracefully()
            state.withLock { $0 = .idle }
            throw HTTPServerError.listening(on: services.settings, error)
        }
    }

    /// Stops listening, lets answers that are being made go out within the answer time-out, and ends the thread.
    ///
    /// Returns at once when the server does not run.
    public func shutdown() async {
        let before = state.withLock { state in
            let before = state
            if case .running = state { state = .stopped }
            return before
        }
        guard case .running(let group, let channel, let connections) = before else { return }
        try? await channel.close()
        let loop = channel.eventLoop
        let limit = TimeAmount(services.settings.answerTimeout)
        let closing = loop.scheduleTask(in: limit) { connections.value.closeAll() }
        try? await loop.flatSubmit { connections.value.drain(on: loop) }.get()
        closing.cancel()
        services.gate.close()
        try? await group.shutdownGracefully()
        services.logger.debug("HTTP server stopped")
    }

    private func bootstrap(
        _ group: MultiThreadedEventLoopGroup, _ connections: NIOLoopBoundBox<ConnectionSet>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [services] channel in
                channel.eventLoop.makeCompletedFuture { try Self.initialize(channel, services, connections.value) }
            }
    }

    /// Makes a channel a connection: its handlers, and its place among the others.
    static func initialize(
        _ channel: any Channel, _ services: HTTPServices, _ connections: ConnectionSet
    ) throws {
        let limit = services.settings.maximumConnections
        let isSurplus = connections.count >= limit
        // Even being told to go away needs a connection for a while: those are bounded too.
        guard connections.count < limit * 2 else {
            services.metrics.rejected(.tooManyConnections)
            throw TooManyConnections()
        }
        let connection = HTTPConnection(services: services, isSurplus: isSurplus) { connection in
            services.metrics.connectionClosed()
            connections.remove(connection)
        }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = services.settings.maximumHeaderSize
        limits.maxHeaderListSize = services.settings.maximumHeaderSize
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteWatch(connection: connection))
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(connection)
        services.metrics.connectionOpened()
        connections.insert(connection)
    }
}
