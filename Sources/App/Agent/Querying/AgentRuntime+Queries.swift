import HTTPInterface
import JSONText
import QueryInterface
import Synchronization

extension AgentRuntime {
    /// From now on queries are answered if a history is kept: over HTTP, where the server is started after this, and at the
    /// control socket.
    func answerQueries() {
        if let history { queries.withLock { $0 = QueryAPI(queryBackend(history)) } }
    }

    /// Answers a request of `outrider query`: a path with parameters.
    func answer(query target: String) async throws -> JSONValue {
        guard let api = queries.withLock({ $0 }) else {
            throw ControlRefusal(
                code: "history_off", message: "this agent keeps no history, so there is nothing to query",
                hint: "switch `history` on in its configuration, and start it anew")
        }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let answer = await api.answer(QueryRequest(path: parts[0], query: parts.count > 1 ? parts[1] : ""))
        // What has no data has no document either.
        return answer.body.isEmpty ? ["status": "success"] : try JSONValue(parsing: answer.body)
    }

    /// The routes of the query API; none where no queries are answered.
    var queryRoutes: [HTTPRoute] {
        queries.withLock { $0 }?.routes(listeningAt: httpSettings.host) ?? []
    }
}
