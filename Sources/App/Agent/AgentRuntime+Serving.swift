import Configuration
public import HTTPInterface
import LogModel
import MetricRegistry

extension AgentRuntime {
    /// What is answered over HTTP.
    public var routes: [HTTPRoute] {
        [
            .metrics { [self] _ in
                guard let snapshot = await freshSnapshot() else { return nil }
                return MetricsPage(of: snapshot, contentType: TextExposition.contentType) { page($0) }
            },
            .healthy { HealthAnswer(isGood: true, text: "Outrider is alive.") },
            .ready { [self] in
                latest == nil
                    ? HealthAnswer(isGood: false, text: "Outrider has not looked at its files yet.")
                    : HealthAnswer(isGood: true, text: "Outrider is ready.")
            },
        ]
    }

    private func page(_ snapshot: PublishedSnapshot<AgentState>) -> [UInt8] {
        var text: [UInt8] = []
        TextExposition.write(snapshot.content.metrics, selfFamilies: selfFamilies(snapshot), into: &text)
        return text
    }

    /// Where the ledger and the control socket lie.
    var stateDirectory: String { configuration.stateDirectory }

    /// Where the configuration wants the server.
    public var httpSettings: HTTPSettings { configuration.metricsServer }
}
