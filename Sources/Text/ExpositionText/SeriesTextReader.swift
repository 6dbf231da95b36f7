import QueryModel

/// Reads what names a series: `name{label="value"}`, or `{"name",label="value"}`.
struct SeriesTextReader {
    /// The line of the page. Not the page itself: its tables would be copied when they grow while this holds them, too.
    private let text: [UInt8]
    private let dialect: ExpositionDialect
    private let lineEnd: Int
    private let failure: (line: Int, start: Int)
    var position: Int

    init(_ page: ExpositionReader) {
        text = page.text
        dialect = page.dialect
        lineEnd = page.lineEnd
        failure = (page.lineNumber, page.lineStart)
        position = page.position
    }

    /// Where the text of a series ends that begins at the page's position, without a look at what it says: behind the closing
    /// brace, or at the first blank where there are no braces.
    static func end(of page: ExpositionReader) throws(ExpositionError) -> Int {
        var offset = page.position
        var isInBraces = false
        var isInQuotes = false
        while offset < page.lineEnd {
            let byte = page.text[offset]
            switch byte {
            case UInt8(ascii: "\\") where isInQuotes: offset += 1
            case UInt8(ascii: "\""): isInQuotes.toggle()
            case UInt8(ascii: "{") where !isInQuotes: isInBraces = true
            case UInt8(ascii: "}") where !isInQuotes && isInBraces: return offset + 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                if isInBraces || isInQuotes { break }
                // The text format lets blanks stand before the brace.
                let end = offset
                while offset < page.lineEnd, ExpositionReader.isBlank(page.text[offset]) { offset += 1 }
                let goesOn = offset < page.lineEnd && page.text[offset] == UInt8(ascii: "{")
                guard goesOn, page.dialect == .prometheus else { return end }
                continue
            default: break
            }
            offset += 1
        }
        return page.lineEnd
    }

    private var next: UInt8? { position < lineEnd ? text[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        guard dialect == .prometheus else { return }
        while let byte = next, ExpositionReader.isBlank(byte) { position += 1 }
    }

    private func fail(_ reason: String) -> ExpositionError { fail(reason, at: position) }

    private func fail(_ reason: String, at offset: Int) -> ExpositionError {
        ExpositionError(line: failure.line, column: offset - failure.start + 1, reason: reason)
    }

    /// The labels of a series, its name among them.
    mutating func series() throws(ExpositionError) -> LabelSet {
        var labels: [Label] = []
        if next != UInt8(ascii: "{") {
            labels.append(Label(name: .metricName, value: try metricName()))
            // Only the text format lets blanks stand before a brace.
            let end = position
            skipBlanks()
            guard next == UInt8(ascii: "{") else {
                position = end
                return LabelSet(labels)
            }
        }
        let start = position
        labels += try self.labels()
        let names = labels.map(\.name).sorted()
        for (name, following) in zip(names, names.dropFirst()) where name == following {
            throw fail(
                name == .metricName ? "the series has two names" : "the label `\(name)` is there twice", at: start)
        }
        guard labels.contains(where: { $0.name == .metricName && !$0.value.isEmpty }) else {
            throw fail("the series has no name", at: start)
        }
        return LabelSet(labels)
    }

    /// A name, in quotes or without.
    mutating func metricName() throws(ExpositionError) -> ByteString {
        if next == UInt8(ascii: "\"") {
            let start = position
            let name = try quoted()
            guard !name.isEmpty else { throw fail("a name is empty", at: start) }
            return name
        }
        return try name(allowingColons: true, "the name of a metric")
    }

    /// Labels in braces; a name alone in quotes is that of the metric.
    mutating func labels() throws(ExpositionError) -> [Label] {
        guard take("{") else { throw fail("expected `{`") }
        var labels: [Label] = []
        skipBlanks()
        while !take("}") {
            let start = position
            let isQuoted = next == UInt8(ascii: "\"")
            let name = isQuoted ? try quoted() : try self.name(allowingColons: false, "the name of a label or `}`")
            guard !name.isEmpty else { throw fail("a name is empty", at: start) }
            skipBlanks()
            if isQuoted, next != UInt8(ascii: "=") {
                labels.append(Label(name: .metricName, value: name))
            } else {
                guard take("=") else { throw fail("expected `=`") }
                skipBlanks()
                labels.append(Label(name: name, value: try quoted()))
            }
            skipBlanks()
            if take(",") {
                skipBlanks()
            } else if next != UInt8(ascii: "}") {
                throw fail("expected `,` or `}`")
            }
        }
        return labels
    }

    private mutating func name(allowingColons: Bool, _ wanted: String) throws(ExpositionError) -> ByteString {
        let start = position
        while let byte = next, Self.isNameByte(byte, isFirst: position == start, allowingColons: allowingColons) {
            position += 1
        }
        guard position > start else { throw fail("expected \(wanted)") }
        return ByteString(text[start..<position])
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool, allowingColons: Bool) -> Bool {
        switch byte {
        case 97...122, 65...90, UInt8(ascii: "_"): true
        case 48...57: !isFirst
        case UInt8(ascii: ":"): allowingColons
        default: false
        }
    }

    /// A text in quotes. A backslash before anything but a quote, a backslash and an `n` means itself.
    private mutating func quoted() throws(ExpositionError) -> ByteString {
        let start = position
        guard take("\"") else { throw fail("expected a text in double quotes") }
        var result: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                let value = ByteString(result)
                guard value.isValidUTF8 else { throw fail("the text is no UTF-8", at: start) }
                return value
            case UInt8(ascii: "\\"):
                guard let escaped = next else { break }
                position += 1
                switch escaped {
                case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(escaped)
                default: result += [byte, escaped]
                }
            default: result.append(byte)
            }
        }
        throw fail("the text does not end on its line", at: start)
    }
}
