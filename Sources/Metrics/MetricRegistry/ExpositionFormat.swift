/// A text format for a page of metrics.
public enum ExpositionFormat: Sendable, CaseIterable {
    /// The Prometheus text format 0.0.4, which every scraper reads.
    case text
    /// OpenMetrics 1.0: units, and an end mark by which a page that was cut off is noticed.
    case openMetrics

    /// The value of `Content-Type`.
    public var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a client wants that sends these `Accept` headers, joined by commas (RFC 9110, section 12.5.1).
    ///
    /// OpenMetrics only when it is named and preferred, or named with the same weight as the text format; whoever asks for
    /// neither gets text.
    public static func negotiated(accept: String) -> ExpositionFormat {
        var weights: [ExpositionFormat: Double] = [:]
        for range in accept.utf8.split(separator: UInt8(ascii: ",")).map({ MediaRange(String($0) ?? "") }) {
            guard let format = range.format else { continue }
            weights[format] = max(weights[format] ?? 0, range.weight)
        }
        let openMetrics = weights[.openMetrics] ?? 0
        return openMetrics > 0 && openMetrics >= weights[.text] ?? 0 ? .openMetrics : .text
    }
}

/// One element of an `Accept` header.
private struct MediaRange {
    private let type: String
    private let parameters: [String: String]

    init(_ text: String) {
        let parts = text.lowercased().split(separator: ";").map(Self.trimmed)
        type = parts.first ?? ""
        let pairs = parts.dropFirst().map { $0.split(separator: "=", maxSplits: 1).map(Self.trimmed) }
        parameters = Dictionary(
            pairs.filter { $0.count == 2 }.map { ($0[0], $0[1].filter { $0 != "\"" }) },
            uniquingKeysWith: { first, _ in first })
    }

    /// From 0 to 1; what cannot be read weighs nothing.
    var weight: Double {
        guard let text = parameters["q"] else { return 1 }
        return Double(text).map { $0.isFinite ? min(max($0, 0), 1) : 0 } ?? 0
    }

    /// The format that answers this range, if there is one of the version that it wants.
    var format: ExpositionFormat? {
        switch (type, parameters["version"]) {
        // Version 0.0.1 is what scrapers called the draft that became 1.0.0.
        case ("application/openmetrics-text", nil), ("application/openmetrics-text", "1.0.0"),
            ("application/openmetrics-text", "0.0.1"):
            .openMetrics
        case ("text/plain", nil), ("text/plain", "0.0.4"), ("text/*", _), ("*/*", _): .text
        default: nil
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
