import PromQL
import QueryModel

/// Writes JSON as Prometheus does: numbers of samples as strings, times as seconds with milliseconds.
struct AnswerText {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// `limit`: how many bytes may be written before `check` fails.
    init(limit: Int = .max) { self.limit = limit }

    /// Fails when the answer has become too large; to be asked after every series.
    func check() throws(QueryFailure) {
        guard bytes.count > limit else { return }
        throw QueryFailure(
            .execution, "the answer would be larger than \(limit >> 20) MiB; ask for fewer series or a longer step")
    }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func integer(_ number: Int64) { bytes.append(contentsOf: "\(number)".utf8) }

    /// Seconds with a fraction.
    mutating func raw(seconds: Duration) { bytes.append(contentsOf: "\(seconds / .seconds(1))".utf8) }

    mutating func bool(_ value: Bool) { if value { raw("true") } else { raw("false") } }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            raw("\"")
            for byte in utf8 { escaped(byte) }
            raw("\"")
        }
    }

    /// What is no UTF-8 becomes U+FFFD.
    mutating func string(_ text: ByteString) {
        if !text.bytes.allSatisfy({ $0 < 0x80 }), !text.isValidUTF8 { return string(text.string) }
        raw("\"")
        for byte in text.bytes { escaped(byte) }
        raw("\"")
    }

    @inline(__always)
    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        case 0..<0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            // The last three so that no browser can take an answer for a page.
            let digits = Array("0123456789abcdef".utf8)
            raw("\\u00")
            bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }

    /// Elements with commas between them, in brackets.
    mutating func list<Element>(
        _ elements: some Sequence<Element>, _ write: (Element, inout AnswerText) throws(QueryFailure) -> Void
    ) throws(QueryFailure) {
        raw("[")
        var isFirst = true
        for element in elements {
            if !isFirst { raw(",") }
            isFirst = false
            try write(element, &self)
        }
        raw("]")
    }

    mutating func strings(_ texts: [String]) {
        raw("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { raw(",") }
            string(text)
        }
        raw("]")
    }

    /// `{"__name__":"up"}`.
    mutating func labels(_ labels: LabelSet) {
        raw("{")
        for (index, label) in labels.labels.enumerated() {
            if index > 0 { raw(",") }
            string(label.name)
            raw(":")
            string(label.value)
        }
        raw("}")
    }

    /// Milliseconds as seconds.
    mutating func time(_ milliseconds: Int64) {
        if milliseconds < 0 { raw("-") }
        let magnitude = milliseconds.magnitude
        bytes.append(contentsOf: "\(magnitude / 1000)".utf8)
        let fraction = magnitude % 1000
        guard fraction > 0 else { return }
        raw(".")
        if fraction < 100 { raw("0") }
        if fraction < 10 { raw("0") }
        bytes.append(contentsOf: "\(fraction)".utf8)
    }

    /// A value in quotes: with an exponent below 1e-6 and from 1e21 on (util/jsonutil), which is where Swift writes one, too.
    mutating func value(_ value: Double) {
        raw("\"")
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 {
            bytes.append(contentsOf: "\(whole)".utf8)
        } else if value.isFinite, value != 0, value.magnitude < 1e-6 || value.magnitude >= 1e21 {
            bytes.append(contentsOf: "\(value)".utf8)
        } else {
            bytes.append(contentsOf: NumberText.plain(value).utf8)
        }
        raw("\"")
    }

    /// `[1435781430.781,"1"]`.
    mutating func point(_ time: Int64, _ value: Double) {
        raw("[")
        self.time(time)
        raw(",")
        self.value(value)
        raw("]")
    }
}
