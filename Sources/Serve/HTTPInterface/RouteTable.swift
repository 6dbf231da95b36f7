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
    /// Routes with a `*` in their path, by the segments of it.
    private let patterns: [(segments: [Substring], route: HTTPRoute)]
    private let list: String

    init(_ routes: [HTTPRoute]) {
        self.routes = Dictionary(routes.map { ($0.path, $0) }, uniquingKeysWith: { _, last in last })
        patterns = routes.filter { $0.path.contains("*") }.map { (Self.segments($0.path), $0) }
        list = self.routes.keys.sorted().map { "  \($0)" }.joined(separator: "\n")
    }

    func match(_ request: IncomingRequest) -> Match {
        let head = request.head
        let (path, query) = split(head.uri)
        guard let route = route(path) else {
            let text = "There is nothing at this path. Outrider answers at\n\(list)"
            return .answer(HTTPAnswer(status: 404, text: text), path: Self.otherPath, allow: nil)
        }
        let isPost = head.method == .POST && route.maximumFormSize > 0
        guard isPost || head.method == .GET || head.method == .HEAD else {
            let methods = route.methods
            let list = "\(methods.dropLast().joined(separator: ", ")) and \(methods.last ?? "")"
            let text = "Only \(list) are answered at \(route.path)."
            let allow = methods.joined(separator: ", ")
            return .answer(HTTPAnswer(status: 405, text: text), path: route.path, allow: allow)
        }
        guard isPost || !hasBody(head) else {
            let answer = HTTPAnswer(status: 413, text: "A \(head.method) request for \(route.path) has no body.")
            return .answer(answer, path: route.path, allow: nil)
        }
        var asked = HTTPQuery(path: path, query: query, accept: head.headers["accept"].joined(separator: ","))
        asked.host = head.headers.first(name: "host") ?? ""
        asked.admitsGzip = ContentCoding.admitsGzip(head.headers["accept-encoding"].joined(separator: ","))
        asked.form = request.form
        return .route(route, asked)
    }

    /// How long the form of a request may be; 0 where none is taken.
    func maximumFormSize(of head: HTTPRequestHead) -> Int {
        head.method == .POST ? route(split(head.uri).path)?.maximumFormSize ?? 0 : 0
    }

    private func route(_ path: String) -> HTTPRoute? {
        if let route = routes[path] { return route }
        guard !patterns.isEmpty else { return nil }
        let segments = Self.segments(path)
        return patterns.first { pattern in
            pattern.segments.count == segments.count
                && zip(pattern.segments, segments).allSatisfy { $0 == $1 || ($0 == "*" && !$1.isEmpty) }
        }?.route
    }

    private static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
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
