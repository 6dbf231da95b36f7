public import HTTPInterface
public import Logging
public import QueryInterface
import ServiceLifecycle
import UnixSignals

/// The query API on a server of its own, without an agent.
public enum QueryServer {
    /// Serves until SIGINT or SIGTERM; `whenListening` is told the port.
    public static func run(
        _ api: QueryAPI, settings: HTTPSettings, logger: Logger, whenListening: (_ port: Int) -> Void
    ) async throws {
        let health: [HTTPRoute] = [
            .healthy { HealthAnswer(isGood: true, text: "Outrider is alive.") },
            .ready { HealthAnswer(isGood: true, text: "Outrider is ready.") },
        ]
        let server = HTTPServer(
            settings: settings, routes: health + api.routes(listeningAt: settings.host), logger: logger)
        // Before anybody is told: who then ends the process at once must find it listening to signals.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        whenListening(try await server.start())
        for await _ in signals { break }
        await server.shutdown()
    }
}
