import Configuration
public import HTTPInterface
import LogModel
import MetricRegistry
import SeriesModel

extension AgentRuntime {
    /// What is answered over HTTP.
    public var routes: [HTTPRoute] {
        [
            .metrics { [self] query in
                guard let snapshot = await freshSnapshot() else { return nil }
                let format = ExpositionFormat.negotiated(accept: query.accept)
                return MetricsPage(of: snapshot, contentType: format.contentType) { page($0, format) }
            },
            .healthy { HealthAnswer(isGood: true, text: "Outrider is alive.") },
            .ready { [self] in
                latest == nil
                    ? HealthAnswer(isGood: false, text: "Outrider has not looked at its files yet.")
                    : HealthAnswer(isGood: true, text: "Outrider is ready.")
            },
        ] + queryRoutes
    }

    /// The page of a snapshot.
    func page(_ snapshot: PublishedSnapshot<AgentState>, _ format: ExpositionFormat) -> [UInt8] {
        var text: [UInt8] = []
        TextExposition.write(
            snapshot.content.metrics, as: format, selfFamilies: selfFamilies(snapshot),
            extras: extras(snapshot.content, format), into: &text)
        return text
    }

    private func extras(_ state: AgentState, _ format: ExpositionFormat) -> PageExtras {
        guard format == .openMetrics else { return PageExtras() }
        let page = configuration.page
        var extras = PageExtras(showsCreated: page.showsCreated)
        if page.showsExemplars {
            let files = StreamFiles(state.streams)
            extras.locate = { files.place($0) }
        }
        return extras
    }

    /// Where the ledger and the control socket lie.
    var stateDirectory: String { configuration.stateDirectory }

    /// Where the configuration wants the server.
    public var httpSettings: HTTPSettings { configuration.metricsServer }
}
