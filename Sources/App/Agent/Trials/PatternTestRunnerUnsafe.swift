public import Configuration
import Extraction
import FileTail
import LineFormats
import LogModel
import LogPipeline
import MetricRegistry
import SeriesModel

/// What a test of a pattern found wrong.
public enum PatternTestFailure: Hashable, Sendable {
    /// The pattern matched none of the lines, though it should.
    case noMatch
    /// The pattern matched so many of the lines, though it should match none.
    case unexpectedMatch(count: Int)
    /// A sample has another value: nil stands for none.
    case value(expectation: Int, found: Double?)
}

/// A test with what came of it.
public struct PatternTestResult: Sendable {
    /// What was tried.
    public let test: PatternTest
    /// Nothing when it passed.
    public let failures: [PatternTestFailure]
    /// Every sample that the page showed after the lines, without the agent's own.
    public let samples: [SeriesText: Double]
}

/// Tries the tests beside patterns, on what also runs in earnest: each begins with empty metrics, its lines pass all patterns
/// for their source, and what is compared is the page that a scraper would get.
///
/// SAFETY: the bytes of a test's lines and their ends are lent for one call, within the closures that own them.
public struct PatternTestRunner {
    private static let matches = "outrider_pattern_matches_total"
    private let extractor: Extractor
    private let sources: [SourceName]
    private let assemblers: [SourceName: RecordAssembler]
    private let limits: SeriesLimits

    /// A runner for all patterns of a configuration; sources that only patterns name exist too.
    ///
    /// - Throws: `ExtractionError` when a pattern is wrong.
    public init(_ configuration: AgentConfiguration) throws {
        var sources = configuration.sources.map(\.name)
        for name in configuration.patterns.flatMap(\.sources) where !sources.contains(name) { sources.append(name) }
        // Of a source that is not configured nobody knows what its lines are.
        var fields = configuration.fields
        let configured = Set(configuration.sources.map(\.name))
        for source in sources where !configured.contains(source) { fields[source] = .auto }
        if sources.isEmpty {
            sources = [SourceName("-")]
            fields[sources[0]] = .auto
        }
        self.sources = sources
        assemblers = try Pipeline.assemblers(configuration)
        limits = configuration.limits
        extractor = try Extractor(
            patterns: configuration.patterns, sources: sources, fields: fields,
            timestamps: configuration.timestamps, labelLength: limits.labelLength)
    }

    /// Tries one test.
    public func run(_ test: PatternTest) throws -> PatternTestResult {
        let consumer = try MetricsConsumer(
            extractor: extractor, registry: SeriesRegistry(), seriesLimit: limits.seriesPerMetric, time: TrialTime())
        // Without any source every pattern is for all of them.
        consume(test.lines, by: consumer, source: test.source.flatMap { sources.firstIndex(of: $0) } ?? 0)
        let samples = samples(on: consumer.registry.seal().snapshot)
        var failures: [PatternTestFailure] = []
        let matches = SeriesText(#"\#(Self.matches){pattern="\#(test.pattern)"}"#).flatMap { samples[$0] } ?? 0
        // Every value would be wrong then, and say nothing more.
        if test.isMatchExpected, matches == 0 {
            return PatternTestResult(test: test, failures: [.noMatch], samples: samples)
        }
        if !test.isMatchExpected, matches > 0 { failures.append(.unexpectedMatch(count: Int(matches))) }
        for (index, expectation) in test.expectations.enumerated() {
            let found = samples[expectation.series]
            if found != expectation.value { failures.append(.value(expectation: index, found: found)) }
        }
        return PatternTestResult(
            test: test, failures: failures, samples: samples.filter { !$0.key.name.hasPrefix("outrider_") })
    }

    private func consume(_ lines: [String], by consumer: MetricsConsumer, source: Int) {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for line in lines.flatMap({ $0.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) }) {
            bytes += line
            bytes.append(0x0A)
            ends.append(UInt32(bytes.count))
        }
        bytes.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { ends in
                let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: source, offset: 0)
                guard let assembler = assemblers[sources[source]] else {
                    _ = consumer.consume(batch)
                    return
                }
                assembler.assemble(batch, isOver: true) { _ = consumer.consume($0.batch) }
            }
        }
    }

    private func samples(on snapshot: MetricSnapshot) -> [SeriesText: Double] {
        var page: [UInt8] = []
        TextExposition.write(snapshot, into: &page)
        var samples: [SeriesText: Double] = [:]
        for line in page.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
            guard let space = line.lastIndex(of: 0x20),
                let series = SeriesText(String(decoding: line[..<space], as: UTF8.self)),
                let value = Double(String(decoding: line[(space + 1)...], as: UTF8.self))
            else { preconditionFailure("BUG: the page has a line that is no sample") }
            samples[series] = value
        }
        return samples
    }
}
