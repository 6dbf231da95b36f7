import NIOCore

/// The open connections of a server; used on its event loop only.
final class ConnectionSet {
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var whenEmpty: EventLoopPromise<Void>?
    private var isDraining = false

    var count: Int { connections.count }

    func insert(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = connection
        if isDraining { connection.drain() }
    }

    func remove(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = nil
        guard connections.isEmpty else { return }
        whenEmpty?.succeed()
        whenEmpty = nil
    }

    /// Lets every connection finish what it is answering; the future completes when all are closed.
    func drain(on loop: any EventLoop) -> EventLoopFuture<Void> {
        isDraining = true
        guard !connections.isEmpty else { return loop.makeSucceededVoidFuture() }
        let promise = loop.makePromise(of: Void.self)
        whenEmpty = promise
        for connection in connections.values { connection.drain() }
        return promise.futureResult
    }

    func closeAll() {
        for connection in connections.values { connection.close() }
    }
}
