import PromQL

/// Why a request has no data, in the terms of Prometheus's API.
public struct QueryFailure: Error, Sendable {
    /// The type of an error, as clients know it.
    public enum Kind: String, Sendable {
        case badData = "bad_data"
        case execution
        case timeout
        case canceled
        case `internal`
        case notFound = "not_found"
        case unavailable
        /// Not known to Prometheus: the API is not served where everybody could reach it.
        case forbidden

        /// The status of HTTP.
        public var status: Int {
            switch self {
            case .badData: 400
            case .execution: 422
            case .timeout, .canceled, .unavailable: 503
            case .internal: 500
            case .notFound: 404
            case .forbidden: 403
            }
        }
    }

    let kind: Kind
    let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    static func parameter(_ name: String, _ reason: String) -> QueryFailure {
        QueryFailure(.badData, #"invalid parameter "\#(name)": \#(reason)"#)
    }

    /// What stopped an evaluation.
    init(_ error: QueryError, isCanceled: Bool) {
        switch error {
        case .timeout where isCanceled: self.init(.canceled, "query was canceled in expression evaluation")
        case .timeout: self.init(.timeout, error.description)
        case .storage: self.init(.internal, error.description)
        case .execution, .tooManySamples: self.init(.execution, error.description)
        }
    }
}
