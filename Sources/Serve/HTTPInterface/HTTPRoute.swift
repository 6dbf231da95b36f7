public import LogModel

/// What a route sees of a GET or HEAD request.
public struct HTTPQuery: Sendable {
    /// The path, without what follows a `?`.
    public let path: String
    /// What follows the `?`, as it was sent; empty when there is none.
    public let query: String
    /// The values of all `Accept` headers, joined by commas.
    public let accept: String
}

/// An answer before it is put into HTTP: the server adds lengths, compression and the connection's headers.
public struct HTTPAnswer: Sendable {
    /// The content type of text for people.
    public static let plainText = "text/plain; charset=utf-8"

    /// The status code.
    public var status: Int
    /// The value of `Content-Type`.
    public var contentType: String
    /// The content, uncompressed.
    public var body: [UInt8]

    /// An answer with any content.
    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// An answer for people; a line feed is added.
    public init(status: Int, text: String) {
        self.init(status: status, contentType: Self.plainText, body: Array("\(text)\n".utf8))
    }
}

/// A page of metrics. Only a published snapshot can make one, so that no scrape sees a value that a crash could take back.
public struct MetricsPage: Sendable {
    /// The value of `Content-Type`.
    public let contentType: String
    /// The page, uncompressed.
    public let body: [UInt8]

    /// Renders a page.
    ///
    /// - Parameters:
    ///   - snapshot: what the ledger published.
    ///   - contentType: the format's.
    ///   - render: writes the snapshot in that format.
    public init<Content>(
        of snapshot: PublishedSnapshot<Content>, contentType: String,
        render: (PublishedSnapshot<Content>) throws -> [UInt8]
    ) rethrows {
        self.contentType = contentType
        body = try render(snapshot)
    }
}

/// A path and what is answered there to GET and HEAD.
public struct HTTPRoute: Sendable {
    /// The exact path; also the value of the label `path` in the server's metrics.
    public let path: String
    let answer: @Sendable (HTTPQuery) async throws -> HTTPAnswer

    /// A route. When `answer` throws, the client gets 500 and the log the error.
    public init(_ path: String, answer: @escaping @Sendable (HTTPQuery) async throws -> HTTPAnswer) {
        self.path = path
        self.answer = answer
    }

    /// `/metrics`. Nil means that nothing was published yet, which is answered with 503.
    public static func metrics(_ page: @escaping @Sendable (HTTPQuery) async throws -> MetricsPage?) -> HTTPRoute {
        HTTPRoute("/metrics") { query in
            guard let page = try await page(query) else {
                return HTTPAnswer(status: 503, text: "No values are published yet; try again in a second.")
            }
            return HTTPAnswer(status: 200, contentType: page.contentType, body: page.body)
        }
    }

    /// `/-/healthy`: whether the process works at all.
    public static func healthy(_ check: @escaping @Sendable () async -> HealthAnswer) -> HTTPRoute {
        HTTPRoute("/-/healthy") { _ in await check().answer }
    }

    /// `/-/ready`: whether it is configured and serving.
    public static func ready(_ check: @escaping @Sendable () async -> HealthAnswer) -> HTTPRoute {
        HTTPRoute("/-/ready") { _ in await check().answer }
    }
}

/// The answer to a question about health: 200 or 503, and a sentence.
public struct HealthAnswer: Sendable {
    /// Whether all is well.
    public var isGood: Bool
    /// Why, or why not.
    public var text: String

    /// An answer.
    public init(isGood: Bool, text: String) {
        self.isGood = isGood
        self.text = text
    }

    var answer: HTTPAnswer { HTTPAnswer(status: isGood ? 200 : 503, text: text) }
}
