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

    /// An object with the file and its streams, which are none when no stream knows the file.
    public let json: JSONValue

    /// Finds the streams of a file.
    ///
    /// - Parameters:
    ///   - streams: of a snapshot, or of the ledger.
    ///   - cursors: of the same.
    ///   - losses: the newest gaps.
    ///   - path: absolute; a file that a stream is written to, or to which it was rotated.
    ///   - origin: who says so.
    public init(
        streams: [StreamRecord], cursors: [ConsumerState], losses: [LossRecord], path: String, from origin: Origin
    ) {
        let found = streams.filter { stream in
            stream.path == path || stream.segments.contains { $0.path == path && $0.state != .gone }
        }
        json = [
            "file": .string(path), "from": .string(origin.rawValue),
            "streams": .array(
                found.map { stream in
                    Self.json(
                        stream, cursors: cursors.filter { $0.stream == stream.id },
                        losses: losses.filter { $0.stream == stream.id })
                }),
        ]
    }

    private static func json(_ stream: StreamRecord, cursors: [ConsumerState], losses: [LossRecord]) -> JSONValue {
        let end = stream.segments.last?.end ?? 0
        return [
            "stream": .integer(Int64(stream.id.rawValue)), "source": .string(stream.source.rawValue),
            "path": .string(stream.path), "seen": JSONValue(end),
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
