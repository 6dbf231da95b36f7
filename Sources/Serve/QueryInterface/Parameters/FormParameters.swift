/// The parameters of a request: a query string, or a form (application/x-www-form-urlencoded).
struct FormParameters {
    private var values: [String: [String]] = [:]

    /// The fields of a form come before those of the query.
    init(_ request: QueryRequest) throws(QueryFailure) {
        try read(request.form)
        try read(Array(request.query.utf8))
    }

    /// The first value; nil where there is none, or an empty one.
    subscript(_ name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    /// All values of a parameter that may be given several times.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    private mutating func read(_ bytes: [UInt8]) throws(QueryFailure) {
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard !pair.contains(UInt8(ascii: ";")) else {
                throw QueryFailure(.badData, "error parsing form values: invalid semicolon separator in query")
            }
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let key = try Self.decode(name)
            values[key, default: []].append(try Self.decode(pair.dropFirst(name.count + 1)))
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(QueryFailure) -> String {
        guard let decoded = PercentText.decode(bytes, plusIsSpace: true) else {
            let text = String(decoding: PercentText.badEscape(bytes), as: UTF8.self)
            throw QueryFailure(.badData, #"error parsing form values: invalid URL escape "\#(text)""#)
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}

/// Percent-encoding (RFC 3986 2.1).
enum PercentText {
    /// The bytes that are meant; nil where a percent sign has no two digits behind it.
    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                result.append(high << 4 | low)
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return result
    }

    /// The first percent sign that means nothing, with what follows it.
    static func badEscape(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let start = rest.firstIndex(of: UInt8(ascii: "%")) {
            let escape = rest[start...].prefix(3)
            if escape.count < 3 || !escape.dropFirst().allSatisfy({ digit($0) != nil }) { return escape }
            rest = rest[(start + 3)...]
        }
        return []
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
