import FileAccess
import HTTPInterface
import LogModel
public import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The agent as services, in the order in which they start; they are stopped the other way round: first nothing more is asked
/// of it, then it reads to the end and commits, and only then does the page go away.
public struct AgentServices {
    /// Runs until a signal ends it.
    ///
    /// - Returns: whether everything that was read is committed.
    public static func run(_ runtime: AgentRuntime, logger: Logger) async throws -> Bool {
        let ending = RuntimeEnding()
        let server = HTTPServer(
            settings: runtime.httpSettings, routes: runtime.routes, logger: logger, metrics: runtime.serverMetrics)
        let port = try await server.start()
        runtime.didListen(port: port)
        logger.info("listening", metadata: ["http.address": "\(runtime.metricsAddress)"])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: ServerService(server: server)),
                    .init(service: RuntimeService(runtime: runtime, ending: ending)),
                    .init(service: ControlService(server: control(runtime, logger: logger))),
                    .init(service: ReloadService(runtime: runtime)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
        try await group.run()
        return ending.isClean
    }
}

/// How the runtime ended, for whoever started the services.
private final class RuntimeEnding: Sendable {
    private let storage = Mutex(false)
    var isClean: Bool { storage.withLock { $0 } }
    func note(isClean: Bool) { storage.withLock { $0 = isClean } }
}

/// Without a control socket the agent still does its work; only operators cannot speak to it.
private func control(_ runtime: AgentRuntime, logger: Logger) -> ControlServer? {
    do throws(FileAccessError) {
        let server = try ControlServer.start(directory: runtime.stateDirectory, runtime: runtime, logger: logger)
        runtime.health.note("control", .good)
        return server
    } catch {
        runtime.health.note("control", .failed, reason: error.message, hint: error.hint)
        logger.warning(
            "no control socket: status, reload and consumers will not reach this agent",
            metadata: ["error": "\(error)"])
        return nil
    }
}

private struct ControlService: Service {
    let server: ControlServer?
    func run() async throws {
        try? await gracefulShutdown()
        server?.stop()
    }
}

private struct ServerService: Service {
    let server: HTTPServer
    func run() async throws {
        try? await gracefulShutdown()
        await server.shutdown()
    }
}

private struct RuntimeService: Service {
    let runtime: AgentRuntime
    let ending: RuntimeEnding
    func run() async throws {
        try? await gracefulShutdown()
        ending.note(isClean: await runtime.stop())
    }
}

/// Applies the configuration anew on SIGHUP.
private struct ReloadService: Service {
    let runtime: AgentRuntime
    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // What is wrong was logged; the old configuration stays.
            _ = try? await runtime.reload()
        }
    }
}
