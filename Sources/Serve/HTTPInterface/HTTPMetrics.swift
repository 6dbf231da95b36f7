public import SeriesModel
import Synchronization

/// Why a client was turned away.
enum HTTPRejection: String, Hashable, CaseIterable {
    case headerTooLarge = "header_too_large"
    case malformed = "malformed"
    case bodyNotAllowed = "body_not_allowed"
    case bodyTooLarge = "body_too_large"
    case requestTimeout = "request_timeout"
    case answerTimeout = "answer_timeout"
    case writeTimeout = "write_timeout"
    case tooManyConnections = "too_many_connections"
    case pipelineTooDeep = "pipeline_too_deep"
}

/// What the HTTP server counts about itself. Safe to use from any thread.
public final class HTTPMetrics: Sendable {
    private struct Request: Hashable {
        let path: String
        let code: Int
    }

    private struct Counts {
        var requests: [Request: UInt64] = [:]
        var rejected = Dictionary(uniqueKeysWithValues: HTTPRejection.allCases.map { ($0, UInt64(0)) })
        var responseBytes: UInt64 = 0
    }

    private let counts = Mutex(Counts())
    private let connections = Atomic<Int>(0)

    /// Counters that begin at zero.
    public init() {}

    /// The open connections, those that are being turned away included.
    public var openConnections: Int { connections.load(ordering: .relaxed) }

    func connectionOpened() { connections.add(1, ordering: .relaxed) }
    func connectionClosed() { connections.subtract(1, ordering: .relaxed) }

    /// Notes an answer that the client took whole, or that was cut off while it did.
    func answered(path: String, code: Int, bytes: Int) {
        counts.withLock { counts in
            counts.requests[Request(path: path, code: code), default: 0] += 1
            counts.responseBytes += UInt64(bytes)
        }
    }

    func rejected(_ reason: HTTPRejection) { counts.withLock { $0.rejected[reason, default: 0] += 1 } }

    /// The counters as they are now: requests by path and code, rejections by reason, bytes, open connections.
    public func families() -> [SampleFamily] {
        let (requests, rejected, bytes) = counts.withLock { ($0.requests, $0.rejected, $0.responseBytes) }
        let requestSamples = requests.sorted { ($0.key.path, $0.key.code) < ($1.key.path, $1.key.code) }.map {
            SampleFamily.Sample(labels: [("path", $0.key.path), ("code", "\($0.key.code)")], value: Double($0.value))
        }
        let rejectedSamples = rejected.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            SampleFamily.Sample(labels: [("reason", $0.key.rawValue)], value: Double($0.value))
        }
        return [
            SampleFamily(
                name: "outrider_http_requests_total", kind: .counter,
                help: "Requests answered, by path and status code.",
                samples: requestSamples),
            SampleFamily(
                name: "outrider_http_rejected_total", kind: .counter,
                help: "Requests and connections turned away to protect the agent, by reason.", samples: rejectedSamples),
            .counter("outrider_http_response_bytes_total", "Bytes of answers' bodies, as sent.", bytes),
            .gauge("outrider_http_connections", "Open connections.", Double(openConnections)),
        ]
    }
}
