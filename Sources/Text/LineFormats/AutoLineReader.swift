/// What a line turned out to be.
public enum AutoLine: Hashable, Sendable {
    /// A line of Docker's log driver; what the container wrote is in its text, and may be of any form again.
    case docker(ContainerLine)
    /// A line of a runtime of Kubernetes; likewise.
    case cri(ContainerLine)
    /// A JSON object; its fields are in the table.
    case json
    /// Pairs of logfmt; its fields are in the table.
    case logfmt
    /// Text of no form that is known; the table is empty.
    case plain
}

/// Finds out for each line by itself what form it has, and reads it.
///
/// The first that holds:
/// 1. `docker`: an object with `log`, `stream` and `time` as Docker writes them, perhaps `attrs`, and no other key.
/// 2. `json`: any other JSON object, and nothing before or behind it.
/// 3. `cri`: an RFC 3339 time, `stdout` or `stderr`, and a tag `F` or `P`, with one blank behind each.
/// 4. `logfmt`: the whole line can be read, it begins with `key=value`, has at least two of these and more of them than words
///    without a value, and their keys are names: letters, digits and `_ - . / @`, with a letter, `_` or `@` first.
/// 5. `plain`: everything else. Prose with a few `key=value` in it is plain.
///
/// One byte tells that most lines are neither of the first three.
public struct AutoLineReader: Sendable {
    private let docker = DockerLineReader()
    private let cri = CRILineReader()
    private let json: JSONFieldReader
    private let logfmt: LogfmtFieldReader

    /// Prepares to look for `paths`, as `JSONFieldReader` has them; in logfmt they are keys.
    public init(paths: [String]) throws(FieldPathError) {
        json = try JSONFieldReader(paths: paths)
        logfmt = try LogfmtFieldReader(keys: paths)
    }

    /// A table for this reader, with a field for each path in their order.
    public func makeTable() -> FieldTable { json.makeTable() }

    /// Reads a line, which is without its line end, in the form it has. Of containers' lines the table stays empty.
    public func read(_ line: UnsafeRawBufferPointer, into table: FieldTable) -> AutoLine {
        guard let first = line.first(where: { $0 > 0x20 }) else { return plain(table) }
        if first == UInt8(ascii: "{") {
            if let container = try? docker.read(line) {
                table.removeAll()
                return .docker(container)
            }
            return (try? json.read(line, into: table)) == nil ? plain(table) : .json
        }
        if first &- UInt8(ascii: "0") < 10 {
            guard let container = try? cri.read(line) else { return plain(table) }
            table.removeAll()
            return .cri(container)
        }
        return logfmt.readWhatIsMeant(line, into: table) ? .logfmt : .plain
    }

    private func plain(_ table: FieldTable) -> AutoLine {
        table.removeAll()
        return .plain
    }
}
