import LogModel
import SeriesModel

/// The loss accounts, summed over the files of a source, as metrics.
struct AccountReport {
    private struct Key: Hashable, Comparable {
        var consumer: String
        var source: String
        static func < (left: Key, right: Key) -> Bool { (left.consumer, left.source) < (right.consumer, right.source) }
    }

    private struct Sum {
        var account = StreamAccount()
        var pending: UInt64 = 0
    }

    private var sums: [Key: Sum] = [:]
    private let unbalanced: UInt64
    private let streamCount: Int
    private let problemCount: Int

    init(_ state: AgentState) {
        unbalanced = state.unbalancedAccounts
        streamCount = state.streams.count
        problemCount = state.problems.count
        let streams = Dictionary(state.streams.map { ($0.id, $0) }) { first, _ in first }
        for cursor in state.cursors {
            guard let stream = streams[cursor.stream] else { continue }
            let key = Key(consumer: cursor.consumer.rawValue, source: stream.source.rawValue)
            let end = stream.segments.last?.end ?? cursor.offset
            sums[key, default: Sum()].account.add(cursor.account)
            sums[key, default: Sum()].pending += end > cursor.offset ? end - cursor.offset : 0
        }
    }

    var families: [SampleFamily] {
        [
            counter("outrider_consumer_lines_total", "Lines handed to a consumer.") { $0.lines },
            counter(
                "outrider_consumer_cut_lines_total",
                "Lines longer than max_line, of which only the beginning was handed over."
            ) { $0.linesCut },
            counter("outrider_consumer_consumed_bytes_total", "Bytes handed to a consumer as lines.") { $0.consumed },
            byReason(
                "outrider_consumer_skipped_bytes_total", "Bytes passed over on purpose, by reason.", SkipReason.allCases
            ) {
                $0.skipped[$1] ?? 0
            },
            byReason(
                "outrider_consumer_lost_bytes_total", "Bytes that could not be read any more, by reason.",
                LossReason.allCases
            ) {
                $0.lost[$1] ?? 0
            },
            counter(
                "outrider_consumer_open_ended_losses_total",
                "Gaps of unknown length: a file was cut or deleted while its writer may have gone on."
            ) { $0.openEndedLosses },
            SampleFamily(
                name: "outrider_consumer_pending_bytes", kind: .gauge,
                help: "Bytes that were seen and are not read yet.",
                samples: ordered.map { .init(labels: labels($0.key), value: Double($0.value.pending)) }),
            .gauge("outrider_streams", "Streams that are followed.", Double(streamCount)),
            .gauge("outrider_read_problems", "Files or directories that cannot be read now.", Double(problemCount)),
            .counter(
                "outrider_account_imbalances_total", "Cursors whose account did not balance: more than 0 is a bug.",
                unbalanced),
        ]
    }

    private var ordered: [(key: Key, value: Sum)] { sums.sorted { $0.key < $1.key } }

    private func labels(_ key: Key) -> [(name: String, value: String)] {
        [("consumer", key.consumer), ("source", key.source)]
    }

    private func counter(_ name: String, _ help: String, _ value: (StreamAccount) -> UInt64) -> SampleFamily {
        SampleFamily(
            name: name, kind: .counter, help: help,
            samples: ordered.map { .init(labels: labels($0.key), value: Double(value($0.value.account))) })
    }

    private func byReason<Reason: RawRepresentable<String>>(
        _ name: String, _ help: String, _ reasons: [Reason], _ value: (StreamAccount, Reason) -> UInt64
    ) -> SampleFamily {
        let samples = ordered.flatMap { entry in
            reasons.map { reason in
                SampleFamily.Sample(
                    labels: labels(entry.key) + [("reason", reason.rawValue)],
                    value: Double(value(entry.value.account, reason)))
            }
        }
        return SampleFamily(name: name, kind: .counter, help: help, samples: samples)
    }
}

extension StreamAccount {
    /// Adds the terms of another account.
    mutating func add(_ other: StreamAccount) {
        consumed += other.consumed
        lines += other.lines
        linesCut += other.linesCut
        openEndedLosses += other.openEndedLosses
        skipped.merge(other.skipped) { $0 + $1 }
        lost.merge(other.lost) { $0 + $1 }
    }
}
