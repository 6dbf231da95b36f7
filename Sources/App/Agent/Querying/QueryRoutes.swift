public import HTTPInterface
public import QueryInterface

extension QueryAPI {
    /// The API as routes of a server that listens at `host`.
    ///
    /// Everybody who reaches the API may ask for everything in it. So it is served on loopback only, where nobody but this
    /// machine's users come, and not to web pages in their browsers: no answer allows another origin to read it, and what is
    /// asked for under a name that anybody could have led here (a name that is no address and not `localhost`) is refused.
    public func routes(listeningAt host: String) -> [HTTPRoute] {
        return Self.paths.map { (path, takesForm) in
            var route = HTTPRoute(path) { [self] request in
                if let reason = Self.refusal(listeningAt: host, asked: request.host) {
                    return HTTPAnswer(QueryAnswer(refusal: .forbidden, reason))
                }
                return await answer(request)
            }
            route.maximumFormSize = takesForm ? Self.maximumFormSize : 0
            route.answerTimeout = longestAnswer
            route.endsWithClient = true
            return route
        }
    }

    private static let elsewhere =
        "the query API is served on loopback only, because there is no authentication; let the server listen at "
        + "127.0.0.1, and come through an SSH tunnel (ssh -L) or a proxy that asks for a password"
    private static let named =
        "the query API is served at IP addresses and localhost only, so that no web page can have it under a name of its own"

    /// Why a server that listens at one address does not answer what is asked under a name; nil when it does.
    static func refusal(listeningAt address: String, asked host: String) -> String? {
        guard LocalAddress.isLoopback(address) else { return elsewhere }
        return LocalAddress.isAddress(hostOf: host) ? nil : named
    }

    private func answer(_ request: HTTPQuery) async -> HTTPAnswer {
        HTTPAnswer(
            await answer(
                QueryRequest(
                    path: request.path, query: request.query, form: request.form, admitsGzip: request.admitsGzip)))
    }
}

extension HTTPAnswer {
    fileprivate init(_ answer: QueryAnswer) {
        self.init(
            status: answer.status, contentType: QueryAnswer.contentType, body: answer.body, isGzip: answer.isGzip)
    }
}

/// Who can reach an address.
public enum LocalAddress {
    /// Whether only this machine can reach a server that listens there; the host is an IP address.
    public static func isLoopback(_ host: String) -> Bool {
        isIPv4(host[...]) ? host.hasPrefix("127.") : host == "::1"
    }

    /// Whether a `Host` names an IP address or `localhost`, with or without a port; an empty one does.
    static func isAddress(hostOf header: String) -> Bool {
        let host = header.lowercased()
        if host.isEmpty { return true }
        if host.hasPrefix("[") {
            return host.dropFirst().prefix { $0 != "]" }.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let name = host.prefix { $0 != ":" }
        return name == "localhost" || name.hasSuffix(".localhost") || isIPv4(name)
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
