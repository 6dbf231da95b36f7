import JSONText
import LogModel

/// The answer to a query as it is shown.
struct QueryOutcome {
    /// A value with its time, in seconds since 1970.
    struct Point: Equatable {
        var time: Double
        /// As the API writes it, with all digits.
        var text: String
        var value: Double { Self.value(text) }

        static func value(_ text: String) -> Double {
            switch text {
            case "NaN": .nan
            case "+Inf": .infinity
            case "-Inf": -.infinity
            default: Double(text) ?? .nan
            }
        }
    }

    /// A series with its values; an instant has one.
    struct Series {
        /// In the order of their names.
        var labels: [(name: String, value: String)]
        var points: [Point]
    }

    enum Form: String {
        case scalar, string, vector, matrix
    }

    var form: Form
    var series: [Series]
    var warnings: [String]
    var infos: [String]

    /// Reads a document of the API.
    ///
    /// - Throws: `QueryRefusal` when it says why there is no answer.
    init(_ document: JSONValue) throws {
        guard document["status"]?.string == "success" else { throw QueryRefusal(document) }
        guard let data = document["data"], let form = data["resultType"]?.string.flatMap(Form.init(rawValue:)),
            let result = data["result"]
        else { throw QueryRefusal.unreadable }
        self.form = form
        warnings = (document["warnings"]?.array ?? []).compactMap(\.string)
        infos = (document["infos"]?.array ?? []).compactMap(\.string)
        switch form {
        case .scalar, .string: series = [Series(labels: [], points: [try Self.point(result)])]
        case .vector: series = try (result.array ?? []).map { try Self.series($0, points: [$0["value"]]) }
        case .matrix: series = try (result.array ?? []).map { try Self.series($0, points: $0["values"]?.array ?? []) }
        }
    }

    private static func series(_ entry: JSONValue, points: [JSONValue?]) throws -> Series {
        Series(
            labels: (entry["metric"]?.members ?? []).map { ($0.name, $0.value.string ?? "") },
            points: try points.map { try point($0) })
    }

    private static func point(_ pair: JSONValue?) throws -> Point {
        guard let items = pair?.array, items.count == 2, let time = items[0].double, let text = items[1].string else {
            throw QueryRefusal.unreadable
        }
        return Point(time: time, text: text)
    }
}

/// Why a query has no answer, in the words of the API.
struct QueryRefusal: DescribedError {
    let code: String
    let message: String
    let hint: String?
    let healing = Healing.byOperator

    init(_ document: JSONValue) {
        code = document["errorType"]?.string ?? "query_failed"
        message = document["error"]?.string ?? Self.unreadable.message
        hint = nil
    }

    private init(code: String, message: String) {
        self.code = code
        self.message = message
        hint = nil
    }

    static let unreadable = QueryRefusal(
        code: "answer_malformed", message: "the answer is not one of the query API, or of a version that is not known")
}
