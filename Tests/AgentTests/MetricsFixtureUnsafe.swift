import Extraction
import LogModel
import MetricRegistry
import SeriesModel
import TestSupport

@testable import Agent

/// The metrics consumer with what a ledger would hold, so that tests can crash between any two lines.
///
/// SAFETY: the bytes of lines are lent within the closures that own them.
final class MetricsFixture {
    let time = ManualTime()
    private let patterns: [PatternSettings]
    private var committed = MetricChanges()
    private(set) var consumer: MetricsConsumer

    init(_ patterns: [PatternSettings]) throws {
        self.patterns = patterns
        consumer = try Self.consumer(patterns, MetricChanges(), time)
    }

    private static func consumer(
        _ patterns: [PatternSettings], _ contents: MetricChanges, _ time: ManualTime
    ) throws -> MetricsConsumer {
        try MetricsConsumer(
            extractor: Extractor(patterns: patterns, sources: []), registry: SeriesRegistry(restoring: contents),
            time: time)
    }

    func read(_ lines: String...) {
        for line in lines {
            let bytes = Array("\(line)\n".utf8)
            bytes.withUnsafeBytes { bytes in
                [UInt32(bytes.count)].withUnsafeBufferPointer { ends in
                    _ = consumer.consume(
                        LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 0))
                }
            }
        }
    }

    /// Makes all of it durable; gives what is shown then.
    @discardableResult
    func commit() -> MetricSnapshot {
        let sealed = consumer.registry.seal()
        consumer.registry.confirm(sealed.generation)
        committed = consumer.registry.contents
        return sealed.snapshot
    }

    /// Forgets what was not committed, and begins anew, with other patterns if they are given.
    func crash(then patterns: [PatternSettings]? = nil) throws {
        consumer = try Self.consumer(patterns ?? self.patterns, committed, time)
    }
}
