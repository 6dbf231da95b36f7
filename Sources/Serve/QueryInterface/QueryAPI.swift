import Compression
import FileAccess
import LogModel
import PromQL
import Synchronization

/// Prometheus's HTTP API for queries, over any backend; knows nothing of connections.
///
/// Clients are not trusted: what a request may cost is bounded by the settings, and evaluation happens on the API's own
/// threads, at most a few at once. A request whose task is cancelled ends soon.
public final class QueryAPI: Sendable {
    /// The paths that are answered, where `*` stands for one segment, and whether a form may be posted there.
    public static let paths: [(path: String, takesForm: Bool)] =
        Endpoint.allCases.map { ("\(root)\($0.rawValue)", $0.takesForm) } + [("\(root)label/*/values", false)]
    /// The longest form that should be read for a request.
    public static let maximumFormSize = 256 << 10
    static let root = "/api/v1/"

    enum Endpoint: String, CaseIterable {
        case query
        case queryRange = "query_range"
        case queryExemplars = "query_exemplars"
        case formatQuery = "format_query"
        case parseQuery = "parse_query"
        case series
        case labels
        case metadata
        case buildInformation = "status/buildinfo"
        case runtimeInformation = "status/runtimeinfo"
        case storageStatus = "status/tsdb"
        case configuration = "status/config"
        case flags = "status/flags"

        var takesForm: Bool {
            switch self {
            case .query, .queryRange, .queryExemplars, .formatQuery, .parseQuery, .series, .labels: true
            default: false
            }
        }
    }

    let backend: QueryBackend
    let settings: QuerySettings
    private let threads: QueryThreads

    /// An API that answers from a backend.
    public init(_ backend: QueryBackend, settings: QuerySettings = QuerySettings()) {
        self.backend = backend
        self.settings = settings
        threads = QueryThreads(concurrency: settings.maximumConcurrency, maximumWaiting: settings.maximumWaiting)
    }

    /// How long an answer may take at most: what encloses a request should wait longer.
    public var longestAnswer: Duration { settings.timeout + .seconds(10) }

    /// A time as parameters have it (RFC 3339, or seconds since 1970), in milliseconds since 1970; nil when it is none.
    public static func time(_ text: String) -> Int64? { try? ParameterText.time(text, name: "") }

    /// Answers a request.
    public func answer(_ request: QueryRequest) async -> QueryAnswer {
        let patience = Patience(settings.timeout)
        return await withTaskCancellationHandler {
            let answer = await threads.run { [self] in respond(to: request, patience) }
            return answer ?? QueryAnswer(QueryFailure(.unavailable, "too many queries wait already; try again later"))
        } onCancel: {
            patience.cancel()
        }
    }

    private func respond(to request: QueryRequest, _ patience: Patience) -> QueryAnswer {
        do throws(QueryFailure) {
            let parameters = try FormParameters(request)
            if let text = parameters["timeout"] {
                patience.shorten(to: try ParameterText.duration(text, name: "timeout"))
            }
            try patience.checkQueue()
            var text = AnswerText(limit: settings.maximumAnswerSize)
            text.raw(#"{"status":"success""#)
            let start = text.bytes.count
            try data(request.path, Call(parameters: parameters, patience: patience), into: &text)
            guard text.bytes.count > start else { return QueryAnswer(status: 204, body: []) }
            text.raw("}")
            return Self.compressed(QueryAnswer(status: 200, body: text.bytes), request)
        } catch {
            return QueryAnswer(error)
        }
    }

    private func data(_ path: String, _ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        guard path.hasPrefix(Self.root) else { throw QueryFailure(.notFound, "there is nothing at \(path)") }
        let rest = String(path.dropFirst(Self.root.count))
        let segments = rest.split(separator: "/", omittingEmptySubsequences: false)
        if segments.count == 3, segments[0] == "label", segments[2] == "values" {
            return try labelValues(of: String(segments[1]), call, into: &text)
        }
        guard let endpoint = Endpoint(rawValue: rest) else {
            throw QueryFailure(.notFound, "there is nothing at \(path)")
        }
        switch endpoint {
        case .query: try query(call, into: &text)
        case .queryRange: try queryRange(call, into: &text)
        case .queryExemplars: try queryExemplars(call, into: &text)
        case .formatQuery: try formatQuery(call, into: &text)
        case .parseQuery: try parseQuery(call, into: &text)
        case .series: try series(call, into: &text)
        case .labels: try labels(call, into: &text)
        case .metadata: try metadata(call, into: &text)
        case .buildInformation: buildInformation(into: &text)
        case .runtimeInformation: runtimeInformation(into: &text)
        case .storageStatus: try storageStatus(call, into: &text)
        case .configuration: configuration(into: &text)
        case .flags: text.raw(#","data":{}"#)
        }
    }

    /// What an answer shrinks by is worth its time on a thread of its own.
    private static func compressed(_ answer: QueryAnswer, _ request: QueryRequest) -> QueryAnswer {
        guard request.admitsGzip, answer.body.count > 1024, let body = try? GzipWriter.gzip(answer.body, level: 1)
        else { return answer }
        var answer = answer
        answer.body = body
        answer.isGzip = true
        return answer
    }
}

/// A request that is being answered.
struct Call {
    let parameters: FormParameters
    let patience: Patience
}

/// How long a request may take, and whether somebody still waits for it.
final class Patience: Sendable {
    private let isCanceledFlag = Atomic<Bool>(false)
    private let deadline: Mutex<MonotonicTime>
    private let start: MonotonicTime
    private let time = LinuxTime()

    init(_ length: Duration) {
        start = LinuxTime().monotonicNow()
        deadline = Mutex(start.advanced(by: length))
    }

    func shorten(to length: Duration) {
        let wanted = start.advanced(by: length)
        deadline.withLock { $0 = min($0, wanted) }
    }

    func cancel() { isCanceledFlag.store(true, ordering: .relaxed) }

    /// The time since the request came.
    var elapsed: Duration { time.monotonicNow().since(start) }
    var isCanceled: Bool { isCanceledFlag.load(ordering: .relaxed) }
    var isOver: Bool { isCanceled || time.monotonicNow() >= deadline.withLock { $0 } }

    /// Fails when the time went by before the work began.
    func checkQueue() throws(QueryFailure) {
        if isCanceled { throw QueryFailure(.canceled, "query was canceled in query queue") }
        if isOver { throw QueryFailure(.timeout, "query timed out in query queue") }
    }
}
