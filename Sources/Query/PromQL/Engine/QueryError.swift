/// Why a query has no answer.
public enum QueryError: Error, Sendable, CustomStringConvertible {
    /// The expression cannot be evaluated over these samples, or not in this way.
    case execution(String)
    /// More samples would be held at once than `QueryOptions.maximumSamples`.
    case tooManySamples
    /// `QueryOptions.isExpired` said so.
    case timeout
    /// The series could not be read.
    case storage(any Error)

    /// The message, in Prometheus's words where it has some.
    public var description: String {
        switch self {
        case .execution(let reason): reason
        case .tooManySamples: "query processing would load too many samples into memory in query execution"
        case .timeout: "query timed out in expression evaluation"
        case .storage(let error): "\(error)"
        }
    }

    static let sameLabels = QueryError.execution("vector cannot contain metrics with the same labelset")
}
