public import JSONText
public import LogModel

/// The account of the streams that have their bytes in one file: where they lie, where every consumer stands, what was lost.
public struct StreamReport {
    /// Who knows the accounts.
    public enum Origin: String, Sendable {
        /// The running agent.
        case agent
        /// The ledger that an agent left.
        case ledger
    }

    /// An object with the file and its streams. A stream that is done with the file says so in `finished`; when no stream knows
    /// the file, `relatives` are those of which it could be a rotation by its name.
    public let json: JSONValue

    /// Finds the streams of a file.
    ///
    /// - Parameters:
    ///   - streams: of a snapshot, or of the ledger.
    ///   - cursors: of the same.
    ///   - losses: the newest gaps.
    ///   - path: absolute; a file that a stream is written to, or to which it was rotated.
    ///   - head: what the file begins with; asked for when no stream has bytes in it that are still followed.
    ///   - origin: who says so.
    public init(
        streams: [StreamRecord], cursors: [ConsumerState], losses: [LossRecord], path: String,
        head: () -> FileHead? = { nil }, from origin: Origin
    ) {
        let found = streams.filter { stream in
            stream.path == path || stream.segments.contains { $0.path == path && $0.state != .gone }
        }
        let finished = found.isEmpty ? Self.finished(streams, path, head()) : []
        let shown = found.map { (stream: $0, finished: KnownFile?.none) } + finished
        json = [
            "file": .string(path), "from": .string(origin.rawValue),
            "streams": .array(
                shown.map { stream, finished in
                    Self.json(
                        stream, finished: finished, cursors: cursors.filter { $0.stream == stream.id },
                        losses: losses.filter { $0.stream == stream.id })
                }),
            "relatives": .array(shown.isEmpty ? Self.relatives(of: path, among: streams) : []),
        ]
    }

    /// The streams that every consumer has read past the file of, known by its content; the longest such file of each.
    private static func finished(
        _ streams: [StreamRecord], _ path: String, _ head: FileHead?
    ) -> [(stream: StreamRecord, finished: KnownFile?)] {
        guard let head else { return [] }
        return streams.filter { directory(of: $0.path) == head.directory }.compactMap { stream in
            let known = stream.known.filter { head.begins(with: $0.head) }.max { $0.length < $1.length }
            return known.map { (stream, $0) }
        }
    }

    /// The files in the same directory that this one may be a rotation of, by its name.
    private static func relatives(of path: String, among streams: [StreamRecord]) -> [JSONValue] {
        let paths = Set(streams.map(\.path)).filter { live in
            let rest = path.dropFirst(live.count)
            return path.hasPrefix(live) && !rest.contains("/") && rest.first.map { ".-_~".contains($0) } ?? false
        }
        return paths.sorted { $0.count > $1.count }.map(JSONValue.string)
    }

    static func directory(of path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    private static func json(
        _ stream: StreamRecord, finished: KnownFile?, cursors: [ConsumerState], losses: [LossRecord]
    ) -> JSONValue {
        let end = stream.segments.last?.end ?? 0
        return [
            "stream": .integer(Int64(stream.id.rawValue)), "source": .string(stream.source.rawValue),
            "path": .string(stream.path), "seen": JSONValue(end),
            "finished": finished.map { ["bytes": JSONValue($0.length)] } ?? .null,
            "segments": .array(stream.segments.map(json)),
            "consumers": .array(cursors.sorted { $0.consumer < $1.consumer }.map { json($0, end: end) }),
            "losses": .array(losses.map(json)),
        ]
    }

    private static func json(_ segment: Segment) -> JSONValue {
        [
            "start": JSONValue(segment.start), "end": JSONValue(segment.end), "path": .string(segment.path),
            "offset_in_file": JSONValue(segment.base), "codec": .string("\(segment.codec)"),
            "state": .string("\(segment.state)"), "inode": JSONValue(segment.identity.inode),
        ]
    }

    private static func json(_ cursor: ConsumerState, end: UInt64) -> JSONValue {
        let account = cursor.account
        return .object(
            [
                .init("consumer", .string(cursor.consumer.rawValue)), .init("position", JSONValue(cursor.offset)),
                .init("seen", JSONValue(max(end, cursor.offset))),
            ] + account.members + [
                .init("pending", JSONValue(end > cursor.offset ? end - cursor.offset : 0)),
                .init("balanced", .bool(account.total == cursor.offset)),
            ])
    }

    private static func json(_ loss: LossRecord) -> JSONValue {
        [
            "consumer": .string(loss.consumer.rawValue), "reason": .string(loss.reason.rawValue),
            "from": JSONValue(loss.lowerOffset), "to": JSONValue(loss.upperOffset),
            "open_ended": .bool(loss.isOpenEnded), "path": .string(loss.path), "time": .number(loss.time.seconds),
        ]
    }
}
