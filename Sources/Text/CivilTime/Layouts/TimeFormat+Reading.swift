extension TimeFormat {
    /// What a text says of a time, which may contradict itself; nil when it is not as the format says.
    func fields(of text: String) -> [FormatDirective: Int]? {
        let bytes = Array(text.utf8)
        var reader = ByteReader()
        var fields: [FormatDirective: Int] = [:]
        for piece in pieces {
            switch piece {
            case .literal(let literal):
                for byte in literal.utf8 where !reader.take(bytes.span, byte: byte) { return nil }
            case .directive(let directive, _):
                guard let number = reader.number(bytes.span, of: directive) else { return nil }
                fields[directive] = number
            }
        }
        return reader.position == bytes.count ? fields : nil
    }
}

extension ByteReader {
    fileprivate mutating func number(_ bytes: Span<UInt8>, of directive: FormatDirective) -> Int? {
        switch directive {
        case .monthName: return shortMonth(bytes)
        case .halfDay: return isAfternoon(bytes).map { $0 ? 1 : 0 }
        case .offset: return zoneOffset(bytes)
        case .epoch:
            let isNegative = take(bytes, "-")
            return number(bytes, digits: 11).map { isNegative ? -$0 : $0 }
        default:
            let start = position
            guard let number = number(bytes, digits: directive.width) else { return nil }
            return position - start == directive.width ? number : nil
        }
    }
}
