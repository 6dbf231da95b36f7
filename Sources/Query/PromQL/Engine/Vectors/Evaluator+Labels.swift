import QueryModel

extension Evaluator {
    /// `label_replace(v, target, replacement, source, expression)`.
    func labelReplace(_ arguments: [Expression], _ steps: Steps) throws(QueryError) -> Grid {
        let target = try string(arguments[1])
        let replacement = try string(arguments[2])
        let source = try string(arguments[3])
        let expression = try string(arguments[4])
        let pattern: RegularExpression
        do { pattern = try RegularExpression(expression) } catch {
            throw .execution("invalid regular expression in label_replace(): \(expression.string)")
        }
        guard isLabelName(target) else {
            throw .execution("invalid destination label name in label_replace(): \(target.string)")
        }
        let template = ReplacementTemplate(replacement)
        return try relabeled(vector(arguments[0], steps)) { labels throws(QueryError) in
            guard let captures = pattern.captures(in: labels[source]) else {
                if let reason = pattern.takeFailure() { throw .execution(reason) }
                return labels
            }
            return labels.setting(target, to: try template.filled(captures, pattern))
        }
    }

    /// `label_join(v, target, separator, source…)`.
    func labelJoin(_ arguments: [Expression], _ steps: Steps) throws(QueryError) -> Grid {
        let target = try string(arguments[1])
        let separator = try string(arguments[2])
        var sources: [ByteString] = []
        for argument in arguments.dropFirst(3) {
            let source = try string(argument)
            guard isLabelName(source) else {
                throw .execution("invalid source label name in label_join(): \(source.string)")
            }
            sources.append(source)
        }
        guard isLabelName(target) else {
            throw .execution("invalid destination label name in label_join(): \(target.string)")
        }
        return try relabeled(vector(arguments[0], steps)) { labels throws(QueryError) in
            var joined: [UInt8] = []
            for (place, source) in sources.enumerated() {
                if place > 0 { joined += separator.bytes }
                joined += labels[source].bytes
                try Self.checkLength(joined.count)
            }
            return labels.setting(target, to: ByteString(joined))
        }
    }

    /// Under other names, whose bytes count against the limit of samples: calls inside of each other can double a text each time.
    private func relabeled(
        _ grid: Grid, _ change: (LabelSet) throws(QueryError) -> LabelSet
    ) throws(QueryError) -> Grid {
        var result = grid
        var grown = 0
        for (row, labels) in grid.labels.enumerated() {
            if row % 256 == 255 { try checkTime() }
            result.labels[row] = try change(labels)
            grown += max(0, result.labels[row].encoded.count - labels.encoded.count)
            let samples = grown / MemoryLayout<Double>.size
            try hold(samples)
            grown -= samples * MemoryLayout<Double>.size
        }
        return try result.merged()
    }

    /// Refuses texts that no label has, before they are put together.
    fileprivate static func checkLength(_ count: Int) throws(QueryError) {
        if count > longestLabel { throw .execution("a label would be longer than \(longestLabel) bytes") }
    }

    private static let longestLabel = 1 << 20

    /// Whether a text can name a label: since Prometheus 3 any UTF-8.
    func isLabelName(_ text: ByteString) -> Bool { !text.isEmpty && text.isValidUTF8 }
}

/// A replacement with references to groups: `$1`, `${1}`, `$name`, `${name}`, and `$$` for a dollar sign. What refers to no
/// group is replaced by nothing (Go: regexp.Expand).
struct ReplacementTemplate {
    private enum Piece {
        case text([UInt8])
        case reference(String)
    }

    private var pieces: [Piece] = []

    init(_ template: ByteString) {
        var rest = template.bytes[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            pieces.append(.text(Array(rest[..<dollar])))
            rest = rest[(dollar + 1)...]
            if rest.first == UInt8(ascii: "$") {
                pieces.append(.text([UInt8(ascii: "$")]))
                rest = rest.dropFirst()
            } else if let (name, length) = Self.reference(rest) {
                pieces.append(.reference(name))
                rest = rest.dropFirst(length)
            } else {
                // Go leaves a dollar sign that begins no reference.
                pieces.append(.text([UInt8(ascii: "$")]))
            }
        }
        pieces.append(.text(Array(rest)))
    }

    private static func reference(_ text: ArraySlice<UInt8>) -> (name: String, length: Int)? {
        let isInBraces = text.first == UInt8(ascii: "{")
        let inside = isInBraces ? text.dropFirst() : text
        let name = inside.prefix { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        }
        guard !name.isEmpty else { return nil }
        if isInBraces, inside.dropFirst(name.count).first != UInt8(ascii: "}") { return nil }
        return (String(decoding: name, as: UTF8.self), name.count + (isInBraces ? 2 : 0))
    }

    func filled(_ captures: [ByteString], _ pattern: RegularExpression) throws(QueryError) -> ByteString {
        var result: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .reference(let name):
                if let number = pattern.captureNumber(named: name), number < captures.count {
                    result += captures[number].bytes
                }
            }
            try Evaluator.checkLength(result.count)
        }
        return ByteString(result)
    }
}
