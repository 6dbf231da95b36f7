import Foundation
import PromQL
import QueryModel

/// What an expression came to, in a form in which answers of different engines can be laid side by side.
enum QueryAnswer {
    case failure(String)
    /// By labels and time; in `order` as a vector gave them.
    case values([Place: Double], order: [Place])

    struct Place: Hashable, CustomStringConvertible {
        var labels: LabelSet
        /// Milliseconds since 1970.
        var time: Int64
        var description: String {
            let pairs = labels.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            return "{\(pairs)}@\(Double(time) / 1000)"
        }
    }

    init(_ result: QueryResult) {
        var pairs: [(Place, Double)] = []
        switch result.data {
        case .scalar(let time, let value): pairs = [(Place(labels: .empty, time: time), value)]
        case .string: break
        case .vector(let samples): pairs = samples.map { (Place(labels: $0.labels, time: $0.time), $0.value) }
        case .matrix(let rows):
            for row in rows {
                pairs += zip(row.timestamps, row.values).map { (Place(labels: row.labels, time: $0), $1) }
            }
        }
        self = .values(Dictionary(pairs, uniquingKeysWith: { $1 }), order: pairs.map(\.0))
    }

    /// What the API of Prometheus answers.
    init(json: Data) throws {
        let reply = try JSONDecoder().decode(Reply.self, from: json)
        guard let data = reply.data else {
            self = .failure(reply.error ?? "")
            return
        }
        let pairs = data.rows.flatMap { row in
            let labels = LabelSet(row.metric.map { Label(name: ByteString($0.key), value: ByteString($0.value)) })
            return row.samples.map { (Place(labels: labels, time: $0.time), $0.value) }
        }
        self = .values(Dictionary(pairs, uniquingKeysWith: { $1 }), order: pairs.map(\.0))
    }

    var isFailure: Bool { if case .failure = self { true } else { false } }
    var isEmpty: Bool { if case .values(let values, _) = self { values.isEmpty } else { false } }
    func has(_ place: Place) -> Bool { if case .values(let values, _) = self { values[place] != nil } else { false } }

    /// The places at which two answers are not the same; nil when one is an error and the other is none.
    ///
    /// Sums are rounded otherwise: 3.x compensates where 2.42 adds up, and rows of `or` come in another order. All else is
    /// the same arithmetic, so that a part in 10^10 is left.
    func differences(from other: QueryAnswer) -> Set<Place>? {
        switch (self, other) {
        case (.failure, .failure): return []
        case (.values(let mine, _), .values(let others, _)):
            let places = Set(mine.keys).union(others.keys)
            return places.filter { place in
                guard let one = mine[place], let another = others[place] else { return true }
                return !Self.isSame(one, another)
            }
        default: return nil
        }
    }

    static func isSame(_ one: Double, _ other: Double) -> Bool {
        if one.isNaN || other.isNaN { return one.isNaN && other.isNaN }
        if one == other { return one != 0 || one.sign == other.sign }
        return abs(one - other) <= 1e-10 * max(abs(one), abs(other)) && one.isFinite && other.isFinite
    }

    /// What is there at these places, on a few lines.
    func excerpt(_ places: Set<Place>?) -> String {
        guard case .values(let values, _) = self else {
            if case .failure(let message) = self { return "an error: \(message)" }
            return ""
        }
        let shown = places.map(Array.init) ?? Array(values.keys)
        let lines = shown.sorted { $0.description < $1.description }.prefix(4)
            .map { "\($0) \(values[$0].map { "\($0)" } ?? "nothing")" }
        return lines.joined(separator: "; ") + (shown.count > 4 ? "; … (\(shown.count))" : "")
    }
}

/// An answer in JSON.
private struct Reply: Decodable {
    var data: Content?
    var error: String?

    struct Content: Decodable {
        var rows: [Row]

        private enum Key: String, CodingKey { case resultType, result }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            switch try container.decode(String.self, forKey: .resultType) {
            case "scalar": rows = [Row(metric: [:], samples: [try container.decode(Sample.self, forKey: .result)])]
            case "string": rows = []
            default: rows = try container.decode([Row].self, forKey: .result)
            }
        }
    }

    struct Row: Decodable {
        var metric: [String: String]
        var samples: [Sample]

        private enum Key: String, CodingKey { case metric, value, values }

        init(metric: [String: String], samples: [Sample]) {
            self.metric = metric
            self.samples = samples
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            metric = try container.decode([String: String].self, forKey: .metric)
            samples =
                try container.decodeIfPresent([Sample].self, forKey: .values)
                ?? [try container.decode(Sample.self, forKey: .value)]
        }
    }

    struct Sample: Decodable {
        var time: Int64
        var value: Double

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            time = Int64((try pair.decode(Double.self) * 1000).rounded())
            let text = try pair.decode(String.self)
            guard let number = Double(text) else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "no number: \(text)")
            }
            value = number
        }
    }
}
