import NIOHTTP1

/// Finds the route of a request, or the answer to one that has none.
struct RouteTable: Sendable {
    /// The label `path` of requests that have no route, so that clients cannot make series.
    static let otherPath = "other"

    enum Match {
        case route(HTTPRoute, HTTPQuery)
        /// An answer that needs no route; `allow` is the value of `Allow`.
        case answer(HTTPAnswer, path: String, allow: String?)
    }

    private let routes: [String: HTTPRoute]
    private let list: String

    init(_ routes: [HTTPRoute]) {
        self.routes = Dictionary(routes.map { ($0.path, $0) }, uniquingKeysWith: { _, last in last })
        list = self.routes.keys.sorted().map { "  \($0)" }.joined(separator: "\n")
    }

    func match(_ head: HTTPRequestHead) -> Match {
        let (path, query) = split(head.uri)
        guard let route = routes[path] else {
            let text = "There is nothing at this path. Outrider answers at\n\(list)"
            return .answer(HTTPAnswer(status: 404, text: text), path: Self.otherPath, allow: nil)
        }
        guard head.method == .GET || head.method == .HEAD else {
            let text = "Only GET and HEAD are answered at \(route.path)."
            return .answer(HTTPAnswer(status: 405, text: text), path: route.path, allow: "GET, HEAD")
        }
        guard !hasBody(head) else {
            let answer = HTTPAnswer(status: 413, text: "A request for \(route.path) has no body.")
            return .answer(answer, path: route.path, allow: nil)
        }
        let accept = head.headers["accept"].joined(separator: ",")
        return .route(route, HTTPQuery(path: path, query: query, accept: accept))
    }

    /// Splits a target in origin form (`/metrics?x`) or absolute form (`http://host/metrics?x`, RFC 9112 3.2.2).
    private func split(_ uri: String) -> (path: String, query: String) {
        var target = Substring(uri)
        if target.lowercased().hasPrefix("http://") {
            target = target.dropFirst("http://".count)
            target = target.firstIndex { $0 == "/" || $0 == "?" }.map { target[$0...] } ?? "/"
        }
        guard let mark = target.firstIndex(of: "?") else { return (String(target), "") }
        return (String(target[..<mark]), String(target[target.index(after: mark)...]))
    }
}

/// Whether bytes follow the request's head.
func hasBody(_ head: HTTPRequestHead) -> Bool {
    head.headers.contains(name: "transfer-encoding") || head.headers["content-length"].contains { $0 != "0" }
}
