/// A request as HTTP brings it.
public struct QueryRequest: Sendable {
    /// The path, such as `/api/v1/query`, still percent-encoded.
    public var path: String
    /// What follows the `?`, as it was sent.
    public var query: String
    /// A form that was posted, as it was sent; its fields come before those of `query`.
    public var form: [UInt8]
    /// Whether the answer may be compressed.
    public var admitsGzip: Bool

    /// A request for a path with parameters.
    public init(path: String, query: String = "", form: [UInt8] = [], admitsGzip: Bool = false) {
        self.path = path
        self.query = query
        self.form = form
        self.admitsGzip = admitsGzip
    }
}

/// An answer, which always is JSON.
public struct QueryAnswer: Sendable {
    /// The status of HTTP.
    public var status: Int
    /// The document; compressed where `isGzip` says so.
    public var body: [UInt8]
    /// Whether `body` is gzip.
    public var isGzip = false
    /// The value of `Content-Type`.
    public static let contentType = "application/json"

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// An answer that says why there is none.
    public init(refusal kind: QueryFailure.Kind, _ message: String) {
        self.init(QueryFailure(kind, message))
    }

    init(_ failure: QueryFailure) {
        var text = AnswerText()
        text.raw(#"{"status":"error","errorType":"#)
        text.string(failure.kind.rawValue)
        text.raw(#","error":"#)
        text.string(failure.message)
        text.raw("}")
        self.init(status: failure.kind.status, body: text.bytes)
    }
}
