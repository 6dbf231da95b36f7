import CivilTime
import Extraction
import LineFormats
import LogModel
import TestSupport
import Testing

@testable import Extraction

/// When lines were written.
///
/// SAFETY: batches are lent within the closures that own their bytes.
@Suite struct LineTimeTests {
    private static let noon = WallTime(nanoseconds: 1_763_899_200_000_000_000)  // 2025-11-23 12:00:00 UTC

    private func withBatch<Result>(_ lines: [String], _ body: (LineBatch) throws -> Result) rethrows -> Result {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for line in lines {
            bytes += Array("\(line)\n".utf8)
            ends.append(UInt32(bytes.count))
        }
        return try bytes.withUnsafeBytes { bytes in
            try ends.withUnsafeBufferPointer { ends in
                try body(LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 1000))
            }
        }
    }

    private func read(
        _ line: String, _ settings: TimestampSettings = TimestampSettings(), fields: FieldFormat = .none
    ) throws -> (seconds: Double, digits: Int)? {
        var reader = try TimestampReader(settings, fields: fields)
        let found = withBatch([line]) { reader.timestamp(of: 0, in: $0, reference: Self.noon) }
        return found.map { ($0.instant.seconds - Self.noon.seconds, $0.fractionDigits) }
    }

    private static let berlin = TimeZoneRules(fixed: "+01:00") ?? .utc

    @Test(
        arguments: [
            ("2025-11-23 12:00:01,250 - INFO - x", 1.25, 3), ("a line", nil, 0), ("", nil, 0),
            ("10.0.0.1 - - [23/Nov/2025:12:00:02 +0000] \"GET /2025-01-01T00:00:00Z\"", 2, 0),
        ] as [(String, Double?, Int)])
    func theFirstTimeOfALineIsFound(line: String, seconds: Double?, digits: Int) throws {
        let found = try read(line)
        #expect(found?.seconds == seconds)
        #expect(found?.digits ?? 0 == digits)
    }

    @Test func aTimeWithoutAZoneIsOfTheSettingsZone() throws {
        #expect(try read("2025-11-23 13:00:00 x", TimestampSettings(zone: Self.berlin))?.seconds == 0)
        #expect(try read("2025-11-23T12:00:00Z x", TimestampSettings(zone: Self.berlin))?.seconds == 0)
    }

    @Test(
        arguments: [
            ("12:00:03 x", 3), ("[12:00:03] x", 3), ("worker 7 12:00:03", 3), ("712:00:03", nil), ("12:00", nil),
            ("2025-11-23 12:00:03 x", 3),
            (String(repeating: "x", count: 63) + "12:00:03", 3), (String(repeating: "x", count: 64) + "12:00:03", nil),
        ] as [(String, Double?)])
    func aLayoutIsLookedForNearTheFrontAndNotWithinNumbers(line: String, seconds: Double?) throws {
        let settings = TimestampSettings(layout: try TimestampLayout("%H:%M:%S"))
        #expect(try read(line, settings)?.seconds == seconds)
    }

    @Test(
        arguments: [
            (#"{"msg":"at 2020-01-01 00:00:00","meta":{"ts":"2025-11-23T12:00:04Z"}}"#, 4),
            (#"{"meta":{"ts":1763899205.5}}"#, 5.5), (#"{"meta":{"ts":1763899206000}}"#, 6),
            (#"{"meta":{"ts":"2025-11-23 12:00:04 or so"}}"#, nil), (#"{"meta":{"ts":null}}"#, nil),
            (#"{"ts":"2025-11-23T12:00:04Z"}"#, nil), ("2025-11-23T12:00:04Z", nil),
        ] as [(String, Double?)])
    func aFieldHoldsTheTimeAlone(line: String, seconds: Double?) throws {
        let settings = TimestampSettings(field: "meta.ts")
        #expect(try read(line, settings, fields: .json)?.seconds == seconds)
    }

    @Test func aFieldCanBeReadByALayout() throws {
        let settings = TimestampSettings(layout: try TimestampLayout("%d.%m.%Y %H:%M:%S"), field: "at")
        #expect(try read("level=info at=\"23.11.2025 12:00:07\"", settings, fields: .logfmt)?.seconds == 7)
    }

    @Test(
        arguments: [
            (ContainerFormat.cri, "2025-11-23T12:00:08.5Z stdout F text", 8_500_000_000, 1), (.cri, "text", nil, 0),
            (.docker, #"{"log":"text\n","stream":"stdout","time":"2025-11-23T12:00:09.000000001Z"}"#, 9_000_000_001, 9),
            (.auto, "2025-11-23T13:00:08+01:00 stderr F text", 8_000_000_000, 0), (.auto, "text", nil, 0),
            (.none, #"{"log":"text","stream":"stdout","time":"2025-11-23T12:00:09Z"}"#, nil, 0),
        ] as [(ContainerFormat, String, Int64?, Int)])
    func theRuntimesTimeCountsWhereTheTextSaysNone(
        format: ContainerFormat, raw: String, nanoseconds: Int64?, digits: Int
    ) throws {
        var reader = try TimestampReader(TimestampSettings(zone: Self.berlin, container: format))
        func timestamp(_ text: String) -> Timestamp? {
            let before = "2025-11-23T11:11:11Z stdout F other\n"
            let (bytes, line) = (Array("\(before)\(raw)\r\n".utf8), Array("\(text)\n".utf8))
            return bytes.withUnsafeBytes { bytes in
                line.withUnsafeBytes { line in
                    [UInt32(line.count)].withUnsafeBufferPointer { ends in
                        [UInt32(before.utf8.count)].withUnsafeBufferPointer { origins in
                            let batch = LineBatch(
                                bytes: line, lineEnds: ends, stream: StreamID(1), source: 0, offset: 77, raw: bytes,
                                origins: origins, rawLineCount: 2)
                            return reader.timestamp(of: 0, in: batch, reference: Self.noon)
                        }
                    }
                }
            }
        }
        let found = timestamp("text")
        #expect((found?.instant.nanoseconds).map { $0 - Self.noon.nanoseconds } == nanoseconds)
        #expect(found?.fractionDigits ?? 0 == digits)
        // What the service itself wrote is nearer to the truth.
        #expect(timestamp("2025-11-23T12:00:01Z text")?.instant.seconds == Self.noon.seconds + 1)
    }

    // MARK: - Lines that say none

    /// What `LineClock` promises, in the simplest way.
    private func expected(_ lines: [Int?], _ index: Int) -> Int? {
        lines[max(0, index - LineClock.reach)...index].last { $0 != nil } ?? nil
    }

    @Test(arguments: 0..<40)
    func timesDoNotDependOnWhereBatchesEnd(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let rarity = [1, 3, 40, 150].randomElement(using: &random) ?? 1
        let lines = (0..<400).map { $0 % 400 < 20 || Int.random(in: 0..<rarity, using: &random) > 0 ? nil : $0 }
        let asked = Set((0..<400).filter { _ in Int.random(in: 0..<(1 + rarity / 4), using: &random) == 0 })
        var clock = LineClock(try TimestampReader(TimestampSettings()))
        var preceding: PrecedingTime?
        var (start, unreadable) = (0, 0)
        while start < lines.count {
            let end = min(lines.count, start + Int.random(in: 1...120, using: &random))
            let texts = lines[start..<end].map { line in
                line.map { "\(Self.noon.nanoseconds / 1_000_000_000 + Int64($0)) x" } ?? "x"
            }
            withBatch(texts) { batch in
                clock.begin(after: preceding, arrival: .unixEpoch)
                for line in start..<end where asked.contains(line) {
                    let time = clock.time(of: line - start, in: batch)
                    let due = expected(lines, line).map { Self.noon.seconds + Double($0) } ?? 0
                    #expect(time.seconds == due, "line \(line)")
                    #expect(clock.time(of: line - start, in: batch) == time)
                }
                preceding = clock.end(batch)
                unreadable += clock.unreadable.count
            }
            start = end
        }
        #expect(unreadable == asked.count { lines[$0] == nil })
    }
}
