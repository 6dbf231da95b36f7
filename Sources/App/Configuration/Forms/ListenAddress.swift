/// An address and a port to listen at: `127.0.0.1:9817`, `[::1]:9817`, `localhost:9817`, `:9817` for every IPv4 address.
struct ListenAddress: Hashable, Sendable {
    var host: String
    /// 0: any free port.
    var port: Int

    static func parse(_ text: String) throws(FormProblem) -> ListenAddress {
        guard !text.hasPrefix("unix:") else {
            throw FormProblem(
                "Unix sockets are not supported here", hint: "write an address and a port, such as `\(example)`")
        }
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
            throw FormProblem("the port is missing", hint: "write an address and a port, such as `\(example)`")
        }
        let port = try parsePort(text[text.index(after: colon)...])
        return ListenAddress(host: try parseHost(text[..<colon], of: text), port: port)
    }

    private static let example = "127.0.0.1:9817"

    private static func parsePort(_ text: Substring) throws(FormProblem) -> Int {
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let port = Int(text), (0...65535).contains(port) else {
            throw FormProblem(
                "`\(text)` is not a port",
                hint: "write a number from 1 to 65535 behind the last colon, as in `\(example)`")
        }
        return port
    }

    private static func parseHost(_ text: Substring, of whole: String) throws(FormProblem) -> String {
        if text.isEmpty { return "0.0.0.0" }
        if text == "localhost" { return "127.0.0.1" }
        if text.hasPrefix("["), text.hasSuffix("]") {
            let address = text.dropFirst().dropLast()
            if isIPv6(address) { return String(address) }
        } else if isIPv4(text) {
            return String(text)
        } else if isIPv6(text) || isIPv6(Substring(whole)) {
            throw FormProblem(hint: "put an IPv6 address into brackets, as in `[::1]:9817`")
        }
        throw FormProblem(
            "`\(text)` is not an IP address",
            hint:
                "write an IP address such as `127.0.0.1` or `[::1]`, or nothing before the colon for every IPv4 address"
        )
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let octets = text.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4
            && octets.allSatisfy { octet in
                (1...3).contains(octet.utf8.count) && octet.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (Int(octet) ?? 256) <= 255
            }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        guard text.utf8.count(where: { $0 == 0x3A }) >= 2 else { return false }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        let groups = halves.map { half in
            half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
        }
        let count = groups.reduce(0) { $0 + $1.count }
        guard halves.count == 1 ? count == 8 : halves.count == 2 && count < 8 else { return false }
        return groups.joined().allSatisfy { (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy(isHexadecimal) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { "0123456789abcdefABCDEF".utf8.contains(byte) }
}
