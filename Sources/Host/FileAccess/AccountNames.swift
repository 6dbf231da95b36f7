import Glibc

/// The names of users and groups, for messages.
///
/// Read from /etc/passwd and /etc/group and not from the C library, which may ask a directory service and wait for it; who is
/// not there is shown by number.
enum AccountNames {
    static func user(_ number: UInt32) -> String { name(of: number, in: "/etc/passwd") ?? String(number) }

    static func group(_ number: UInt32) -> String { name(of: number, in: "/etc/group") ?? String(number) }

    /// Both files hold lines of `name:password:number:…`.
    private static func name(of number: UInt32, in path: String) -> String? {
        guard let bytes = try? SystemCalls.wholeFile(path, limit: 1 << 20) else { return nil }
        let wanted = Array(String(number).utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            if fields.count > 2, fields[2].elementsEqual(wanted) { return String(decoding: fields[0], as: UTF8.self) }
        }
        return nil
    }
}
