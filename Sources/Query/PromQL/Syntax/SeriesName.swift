public import QueryModel

extension LabelSet {
    /// Reads what names a series at the beginning of a text, as in `up{job="api"} 1`, and says where it ends.
    public static func parse(prefixOf text: [UInt8]) throws(ParseError) -> (labels: LabelSet, end: Int) {
        var lexer = Lexer(text)
        var labels: [Label] = []
        var token = try lexer.next()
        if isPlainMetricName(token.text) {
            labels.append(Label(name: .metricName, value: token.text))
            let end = lexer.offset
            // What follows a name need be no token at all, and two braces are a native histogram.
            let rest = text[end...].drop { $0 == 32 || $0 == 9 }
            guard rest.first == UInt8(ascii: "{"), !rest.starts(with: "{{".utf8) else { return (LabelSet(labels), end) }
            token = try lexer.next()
        }
        func unexpected(_ token: Token) -> ParseError {
            ParseError("unexpected \(token.description) in series description", at: token.range, in: text)
        }
        guard token.kind == .leftBrace else { throw unexpected(token) }
        while true {
            let name = try lexer.next()
            if name.kind == .rightBrace { break }
            guard name.kind == .identifier || name.kind == .string else { throw unexpected(name) }
            var next = try lexer.next()
            if next.kind == .assign {
                let value = try lexer.next()
                guard value.kind == .string else { throw unexpected(value) }
                labels.append(Label(name: name.kind == .string ? name.string : name.text, value: value.string))
                next = try lexer.next()
            } else if name.kind == .string {
                labels.append(Label(name: .metricName, value: name.string))
            } else {
                throw unexpected(next)
            }
            if next.kind == .rightBrace { break }
            guard next.kind == .comma else { throw unexpected(next) }
        }
        return (LabelSet(labels), lexer.offset)
    }
}
