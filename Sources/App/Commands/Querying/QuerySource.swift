import Agent
import JSONText
import LogModel
import QueryInterface

/// Whoever answers queries: a running agent, or a dump.
protocol QuerySource {
    /// The API's document for an endpoint such as `query`.
    func document(_ endpoint: String, _ parameters: [(name: String, value: String)]) async throws -> JSONValue
}

/// The agent of a state directory, asked at its control socket.
struct AgentQueries: QuerySource {
    let agent: AgentOptions

    func document(_ endpoint: String, _ parameters: [(name: String, value: String)]) async throws -> JSONValue {
        try agent.ask(.query(target: QueryTarget.text(endpoint, parameters)))
    }
}

/// An API in this process.
struct LocalQueries: QuerySource {
    let api: QueryAPI

    func document(_ endpoint: String, _ parameters: [(name: String, value: String)]) async throws -> JSONValue {
        let query = QueryTarget.query(parameters)
        return try JSONValue(parsing: await api.answer(QueryRequest(path: "/api/v1/\(endpoint)", query: query)).body)
    }
}

/// Requests as they stand in a URL.
enum QueryTarget {
    static func text(_ endpoint: String, _ parameters: [(name: String, value: String)]) -> String {
        "/api/v1/\(endpoint)?\(query(parameters))"
    }

    static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }

    /// Percent-encoded but for the characters that mean themselves everywhere (RFC 3986 2.3).
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}
