public import LogModel

/// What a route sees of a request.
public struct HTTPQuery: Sendable {
    /// The path, without what follows a `?`.
    public let path: String
    /// What follows the `?`, as it was sent; empty when there is none.
    public let query: String
    /// The values of all `Accept` headers, joined by commas.
    public let accept: String
    /// The value of `Host`, with the port if there is one; empty when there is none.
    public var host = ""
    /// Whether the client takes a body that is gzip.
    public var admitsGzip = false
    /// The fields of a form that was posted, as they were sent; empty where there is none.
    public var form: [UInt8] = []
}

/// An answer before it is put into HTTP: the server adds lengths, compression and the connection's headers.
public struct HTTPAnswer: Sendable {
    /// The content type of text for people.
    public static let plainText = "text/plain; charset=utf-8"

    /// The status code.
    public var status: Int
    /// The value of `Content-Type`.
    public var contentType: String
    /// The content.
    public var body: [UInt8]
    /// Whether the route has compressed the content already, for a client that takes it.
    public var isGzip: Bool

    /// An answer with any content.
    public init(status: Int, contentType: String, body: [UInt8], isGzip: Bool = false) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.isGzip = isGzip
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
    /// The exact path, where `*` stands for one segment of any text; also the value of the label `path` in the server's
    /// metrics.
    public let path: String
    /// How long a form may be that is posted there; 0: nothing may be.
    public var maximumFormSize = 0
    /// How long making an answer may take; nil: as the server's settings say.
    public var answerTimeout: Duration?
    /// Whether the answer is given up when the client closes its side of the connection.
    public var endsWithClient = false
    let answer: @Sendable (HTTPQuery) async throws -> HTTPAnswer

    /// A route. When `answer` throws, the client gets 500 and the log the error.
    public init(_ path: String, answer: @escaping @Sendable (HTTPQuery) async throws -> HTTPAnswer) {
        self.path = path
        self.answer = answer
    }

    var methods: [String] { maximumFormSize > 0 ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"] }

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
