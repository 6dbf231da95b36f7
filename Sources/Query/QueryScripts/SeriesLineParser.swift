import PromQL
import QueryModel

/// Reads a series with its values: `up{job="api"} 1+2x3 _ stale NaN`.
struct SeriesLineParser {
    private let text: [UInt8]
    private var offset: Int
    private let line: Int

    /// Reads the text of a line whose number is `line`.
    static func parse(_ text: String, line: Int) throws(ScriptError) -> SeriesLine {
        let bytes = Array(text.utf8)
        let name: (labels: LabelSet, end: Int)
        do { name = try LabelSet.parse(prefixOf: bytes) } catch { throw ScriptError(line: line, reason: error.reason) }
        var parser = SeriesLineParser(text: bytes, offset: name.end, line: line)
        var series = SeriesLine(labels: name.labels, values: [], hasHistograms: false)
        while try parser.item(into: &series) {}
        return series
    }

    private func fail(_ reason: String) -> ScriptError {
        let rest = String(decoding: text[offset...].prefix { $0 != 32 && $0 != 9 }, as: UTF8.self)
        return ScriptError(line: line, reason: "\(reason) at \"\(rest)\"")
    }

    /// One item; false behind the last one.
    private mutating func item(into series: inout SeriesLine) throws(ScriptError) -> Bool {
        while let byte = peek(), byte == 32 || byte == 9 { offset += 1 }
        guard peek() != nil else { return false }
        if take("stale") {
            series.values.append(SampleValue.stale)
        } else if take("_") {
            let count = try repetitions() ?? 1
            series.values += [Double?](repeating: nil, count: count)
        } else if text[offset...].starts(with: "{{".utf8) {
            try skipHistogram()
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") {
                offset += 1
                try skipHistogram()
            }
            let count = try repetitions() ?? 0
            series.values += [Double?](repeating: SampleValue.histogram, count: count + 1)
            series.hasHistograms = true
        } else {
            try number(into: &series)
        }
        guard peek().map({ $0 == 32 || $0 == 9 }) ?? true else { throw fail("unexpected text") }
        return true
    }

    /// `a`, `axn`, `a+bxn` or `a-bxn`.
    private mutating func number(into series: inout SeriesLine) throws(ScriptError) {
        guard var value = number() else { throw fail("expected a value") }
        var change = 0.0
        if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") {
            guard let number = number() else { throw fail("expected a value") }
            change = number
        }
        for _ in 0...(try repetitions() ?? 0) {
            series.values.append(value)
            // By addition, as Prometheus does, so that rounding is the same.
            value += change
        }
    }

    private mutating func skipHistogram() throws(ScriptError) {
        guard take("{{") else { throw fail("expected a histogram") }
        while offset < text.count, !take("}}") { offset += 1 }
    }

    /// The `n` of `xn`; nil when there is none.
    private mutating func repetitions() throws(ScriptError) -> Int? {
        guard take("x") else { return nil }
        let digits = text[offset...].prefix { (48...57).contains($0) }
        guard let count = Int(String(decoding: digits, as: UTF8.self)), count <= 10_000_000 else {
            throw fail("expected a number of repetitions")
        }
        offset += digits.count
        return count
    }

    private mutating func number() -> Double? {
        var end = offset
        if end < text.count, text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-") { end += 1 }
        let word = text[end...].prefix { (97...122).contains($0 | 0x20) && $0 | 0x20 != UInt8(ascii: "x") }
        if ["inf", "nan"].contains(String(decoding: word, as: UTF8.self).lowercased()) {
            end += word.count
        } else {
            while end < text.count {
                let byte = text[end]
                let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                let isInExponent = isSign && text[end - 1] | 0x20 == UInt8(ascii: "e")
                guard (48...57).contains(byte) || ".eE".utf8.contains(byte) || isInExponent else { break }
                end += 1
            }
        }
        guard let value = ScriptNumber.value(text[offset..<end]) else { return nil }
        offset = end
        return value
    }

    private func peek() -> UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func take(_ word: String) -> Bool {
        guard text[offset...].starts(with: word.utf8) else { return false }
        offset += word.utf8.count
        return true
    }
}

/// Numbers with sign, as they stand in scripts.
enum ScriptNumber {
    static func value(_ text: some Collection<UInt8>) -> Double? {
        guard let first = text.first else { return nil }
        let isSigned = first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
        let digits = String(decoding: isSigned ? text.dropFirst() : text[...], as: UTF8.self)
        // A number of the language, and nothing around it.
        guard let expression = try? Expression.parse(digits), case .number(let value) = expression.form,
            !digits.contains(where: { $0 == " " || $0 == "_" || $0 == "-" && digits.first == "-" })
        else { return nil }
        return first == UInt8(ascii: "-") ? -value : value
    }
}
