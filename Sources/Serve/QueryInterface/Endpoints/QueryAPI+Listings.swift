import PromQL
import QueryModel

extension QueryAPI {
    /// `/series`: the labels of the series that fulfil one of the selectors.
    func series(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        guard !call.parameters.all("match[]").isEmpty else {
            throw QueryFailure(.badData, "no match[] parameter provided")
        }
        let (start, end) = try ParameterText.range(of: call)
        let matchers = try ParameterText.matchers(of: call, isNamed: true)
        let limit = try ParameterText.limit(of: call)
        let series = try listed(matchers) { try $0.series(matching: matchers, from: start, through: end) }
        try write(series, limit: limit, into: &text) { (labels, text) in text.labels(labels) }
    }

    /// `/labels`: the names of labels.
    func labels(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let (start, end) = try ParameterText.range(of: call)
        let matchers = try ParameterText.matchers(of: call)
        let limit = try ParameterText.limit(of: call)
        let names = try listed(matchers) { try $0.labelNames(matching: matchers, from: start, through: end) }
        try write(names, limit: limit, into: &text) { (name, text) in text.string(name) }
    }

    /// `/label/NAME/values`; the name may be percent-encoded, or begin with `U__` and have other characters escaped.
    func labelValues(of segment: String, _ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        guard let decoded = PercentText.decode(Array(segment.utf8)[...], plusIsSpace: false),
            let name = LabelNameText.name(of: ByteString(decoded))
        else { throw QueryFailure(.badData, "invalid label name: \(quoted(segment))") }
        let (start, end) = try ParameterText.range(of: call)
        let matchers = try ParameterText.matchers(of: call)
        let limit = try ParameterText.limit(of: call)
        let values = try listed(matchers) {
            try $0.labelValues(of: name, matching: matchers, from: start, through: end)
        }
        try write(values, limit: limit, into: &text) { (value, text) in text.string(value) }
    }

    /// `/query_exemplars`: the exemplars of the series that an expression selects.
    func queryExemplars(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let (start, end) = try ParameterText.range(of: call)
        guard end >= start else {
            throw QueryFailure(.badData, "end timestamp must not be before start timestamp")
        }
        let expression: Expression
        do throws(ParseError) { expression = try Expression.parse(call.parameters["query"] ?? "") } catch {
            throw QueryFailure(.badData, error.description)
        }
        let selectors = expression.selectors
        guard !selectors.isEmpty else { return }
        text.raw(#","data":"#)
        try text.list(backend.exemplars(selectors, start, end)) { (series, text) throws(QueryFailure) in
            text.raw(#"{"seriesLabels":"#)
            text.labels(series.labels)
            text.raw(#","exemplars":"#)
            try text.list(series.exemplars) { (exemplar, text) throws(QueryFailure) in
                text.raw(#"{"labels":"#)
                text.labels(exemplar.labels)
                text.raw(#","value":"#)
                text.value(exemplar.value)
                text.raw(#","timestamp":"#)
                text.time(exemplar.timestamp)
                text.raw("}")
            }
            text.raw("}")
            try text.check()
        }
    }

    /// `/metadata`: what is said about metrics, by their names.
    func metadata(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let limit = try count("limit", call)
        let limitPerMetric = try count("limit_per_metric", call)
        let wanted = call.parameters["metric"].map { ByteString($0) }
        var families: [ByteString: [MetricMetadata]] = [:]
        for metadata in backend.metadata() where wanted == nil || metadata.name == wanted {
            if families[metadata.name]?.contains(metadata) ?? false { continue }
            families[metadata.name, default: []].append(metadata)
        }
        text.raw(#","data":{"#)
        for (index, family) in families.sorted(by: { $0.key < $1.key }).prefix(limit).enumerated() {
            if index > 0 { text.raw(",") }
            text.string(family.key)
            text.raw(":")
            try text.list(family.value.prefix(limitPerMetric)) { (metadata, text) in
                text.raw(#"{"type":"#)
                text.string(metadata.type)
                text.raw(#","help":"#)
                text.string(metadata.help)
                text.raw(#","unit":"#)
                text.string(metadata.unit)
                text.raw("}")
            }
        }
        text.raw("}")
        try text.check()
    }

    /// Negative numbers mean no limit.
    private func count(_ name: String, _ call: Call) throws(QueryFailure) -> Int {
        guard let text = call.parameters[name] else { return .max }
        guard let number = Int(text) else { throw QueryFailure(.badData, "\(name) must be a number") }
        return number < 0 || name == "limit_per_metric" && number == 0 ? .max : number
    }

    private func listed<Result>(
        _ matching: [[LabelMatcher]], _ list: (SeriesView) throws -> Result
    ) throws(QueryFailure) -> Result {
        let result: Result
        do { result = try list(try backend.view()) } catch { throw QueryFailure(.internal, "\(error)") }
        for matcher in matching.joined() {
            if let reason = matcher.takeFailure() { throw QueryFailure(.execution, reason) }
        }
        return result
    }

    private func write<Element>(
        _ elements: [Element], limit: Int?, into text: inout AnswerText,
        _ write: (Element, inout AnswerText) throws(QueryFailure) -> Void
    ) throws(QueryFailure) {
        text.raw(#","data":"#)
        try text.list(elements.prefix(limit ?? .max), write)
        try text.check()
        guard elements.count > limit ?? .max else { return }
        text.raw(#","warnings":"#)
        text.strings([Self.truncated])
    }
}

/// Names of labels in paths.
enum LabelNameText {
    /// The name that a segment of a path means: with `U__` in front each `_xx_` stands for the character of that number, and
    /// two underscores stand for one. Nil when it is no name.
    static func name(of segment: ByteString) -> ByteString? {
        guard !segment.isEmpty, segment.isValidUTF8 else { return nil }
        guard segment.bytes.starts(with: "U__".utf8) else { return segment }
        var rest = segment.bytes.dropFirst(3)
        var name = ""
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "_") else {
                name.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            let digits = rest.prefix { $0 != UInt8(ascii: "_") }
            guard digits.count < rest.count else { return segment }
            rest = rest.dropFirst(digits.count + 1)
            if digits.isEmpty {
                name += "_"
            } else if let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            {
                name.unicodeScalars.append(scalar)
            } else {
                return segment
            }
        }
        return name.isEmpty ? nil : ByteString(name)
    }
}
