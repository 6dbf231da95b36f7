import Extraction
public import JSONText
public import LogModel

/// What a status says of the state at one epoch.
struct StatusReport {
    let members: [JSONValue.Member]

    init(_ state: AgentState, configured: Set<ConsumerName>) {
        members = [
            .init("streams", .integer(Int64(state.streams.count))),
            .init("consumers", ConsumersReport(state, configured: configured).json),
            .init("problems", .array(state.problems.map(JSONValue.string))),
            .init("rejected_values", Self.rejections(state)),
            .init("decoding", DecodingReport(state.metrics).json),
            .init("unbalanced_accounts", JSONValue(state.unbalancedAccounts)),
        ]
    }

    /// Newest first.
    private static func rejections(_ state: AgentState) -> JSONValue {
        let paths = Dictionary(state.streams.map { ($0.id, $0.path) }) { first, _ in first }
        return .array(
            state.rejections.sorted { $0.time > $1.time }.map { rejection in
                .object([
                    .init("metric", .string(rejection.metric)), .init("pattern", .string(rejection.pattern)),
                    .init("reason", .string(rejection.reason.label)),
                    .init("value", rejection.number.map { .number($0) } ?? .null),
                    .init("read_at", .number(rejection.time.seconds)),
                    .init("path", .string(paths[rejection.position.stream] ?? "")),
                    .init("offset", JSONValue(rejection.position.offset)),
                    .init("line", .string(String(decoding: rejection.line, as: UTF8.self))),
                ])
            })
    }
}

/// Where every consumer stands, summed up by source.
public struct ConsumersReport {
    private struct Key: Hashable, Comparable {
        var consumer: ConsumerName
        var source: String
        static func < (left: Key, right: Key) -> Bool { (left.consumer, left.source) < (right.consumer, right.source) }
    }

    private struct Sum {
        var streams: Int64 = 0
        var account = StreamAccount()
        var pending: UInt64 = 0
    }

    /// An array with an object for each pair of consumer and source.
    public let json: JSONValue

    init(_ state: AgentState, configured: Set<ConsumerName>?) {
        self.init(streams: state.streams, cursors: state.cursors, configured: configured)
    }

    /// Sums up cursors as a snapshot or a ledger holds them. `configured` names those that are not retired,
    /// where that is known.
    public init(streams: [StreamRecord], cursors: [ConsumerState], configured: Set<ConsumerName>?) {
        let byID = Dictionary(streams.map { ($0.id, $0) }) { first, _ in first }
        var sums: [Key: Sum] = [:]
        for cursor in cursors {
            let stream = byID[cursor.stream]
            let key = Key(consumer: cursor.consumer, source: stream?.source.rawValue ?? "")
            sums[key, default: Sum()].streams += 1
            sums[key, default: Sum()].account.add(cursor.account)
            let end = stream?.segments.last?.end ?? cursor.offset
            sums[key, default: Sum()].pending += end > cursor.offset ? end - cursor.offset : 0
        }
        json = .array(
            sums.sorted { $0.key < $1.key }.map { key, sum in
                .object(
                    [
                        .init("consumer", .string(key.consumer.rawValue)), .init("source", .string(key.source)),
                        .init("configured", configured.map { .bool($0.contains(key.consumer)) } ?? .null),
                        .init("streams", .integer(sum.streams)),
                    ] + sum.account.members + [.init("pending", JSONValue(sum.pending))])
            })
    }
}

extension StreamAccount {
    /// The terms of the account; bytes but for the lines.
    var members: [JSONValue.Member] {
        [
            .init("lines", JSONValue(lines)), .init("lines_cut", JSONValue(linesCut)),
            .init("consumed", JSONValue(consumed)), .init("skipped", Self.byReason(skipped)),
            .init("lost", Self.byReason(lost)), .init("open_ended_losses", JSONValue(openEndedLosses)),
        ]
    }

    private static func byReason<Reason: RawRepresentable<String> & Hashable>(_ terms: [Reason: UInt64]) -> JSONValue {
        .object(
            terms.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                .init($0.key.rawValue, JSONValue($0.value))
            })
    }
}
