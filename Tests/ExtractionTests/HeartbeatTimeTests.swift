import CivilTime
import Extraction
import LineFormats
import LogModel
import SeriesModel
import Testing

@Suite struct HeartbeatTimeTests {
    private let now = WallTime(nanoseconds: 1_763_899_200_000_000_000)  // 2025-11-23 12:00:00 UTC
    private let beat = PatternSettings(name: "beat", match: "HEARTBEAT", heartbeat: HeartbeatSettings(name: "bot"))
    private let other = PatternSettings(name: "other", match: "other", event: EventSettings(name: "o", outcome: "o"))

    private func updates(_ extractor: Extractor, _ text: String, source: Int = 0) -> [String] {
        extract(extractor, text, source: source, now: now).filter {
            $0.hasPrefix("outrider_heartbeat_last") || $0.hasPrefix("outrider_timestamp_errors")
        }
    }

    private func last(_ operation: String, _ time: String, line: Int) -> String {
        #"outrider_heartbeat_last_timestamp_seconds{heartbeat="bot"} \#(operation) \#(time) @\#(line)"#
    }

    @Test func theNewestTimeOfABatchIsKeptAndNeverLaterThanNow() throws {
        let extractor = try Extractor(patterns: [beat, other], sources: [SourceName("app")])
        let text = """
            2025-11-23T10:00:00Z HEARTBEAT
            2025-11-23T10:30:00Z HEARTBEAT
            2025-11-23T10:20:00Z HEARTBEAT
            2025-11-23T11:20:00Z other
            """
        let expected = [last("maximum", "1763893800.0", line: 2), last("minimum", "1763899200.0", line: 2)]
        #expect(updates(extractor, text) == expected)
        #expect(updates(extractor, "2025-11-23T11:20:00Z other") == [])
    }

    @Test func aBeatWithoutATimeHasThatOfTheLineBeforeItAlsoAcrossBatches() throws {
        let extractor = try Extractor(patterns: [beat, other], sources: [SourceName("app")])
        #expect(updates(extractor, "2025-11-23T11:00:00Z other\nnothing\n") == [])
        let errors = #"outrider_timestamp_errors_total{source="app"} add 2.0 @1"#
        #expect(
            updates(extractor, "HEARTBEAT\nHEARTBEAT\n") == [
                last("maximum", "1763895600.0", line: 1), last("minimum", "1763899200.0", line: 1), errors,
            ])
    }

    @Test func nothingBeforeItMeansItsArrival() throws {
        let extractor = try Extractor(patterns: [beat], sources: [SourceName("app")])
        #expect(updates(extractor, "HEARTBEAT").first == last("maximum", "1763899200.0", line: 0))
        // A source that is not configured has no series of errors.
        #expect(updates(extractor, "HEARTBEAT", source: 7).count == 2)
    }

    @Test func errorsAreDeclaredForSourcesWhoseTimesMatter() throws {
        var limited = beat
        limited.sources = [SourceName("b")]
        let extractor = try Extractor(patterns: [limited, other], sources: [SourceName("a"), SourceName("b")])
        let declared = extractor.declaredSeries.filter {
            extractor.instruments[Int($0.instrument)].schema.name == "outrider_timestamp_errors_total"
        }
        #expect(declared.map(\.labelValues) == [[Array("b".utf8)]])
        #expect(
            try !Extractor(patterns: [other], sources: [SourceName("a")]).instruments.contains {
                $0.schema.name == "outrider_timestamp_errors_total"
            })
    }

    @Test func timesAreReadAsTheSourceSays() throws {
        let (a, b) = (SourceName("a"), SourceName("b"))
        let zone = try #require(TimeZoneRules(fixed: "+01:00"))
        var conditioned = beat
        conditioned.conditions = FieldConditions(required: [.init(path: "kind", texts: ["beat"])])
        conditioned.match = nil
        let extractor = try Extractor(
            patterns: [conditioned], sources: [a, b], fields: [a: .json, b: .logfmt],
            timestamps: [a: TimestampSettings(field: "ts"), b: TimestampSettings(zone: zone)])
        #expect(
            updates(extractor, #"{"kind":"beat","ts":1763893800}"#).first == last("maximum", "1763893800.0", line: 0))
        #expect(
            updates(extractor, "2025-11-23 11:30:00 kind=beat", source: 1).first
                == last("maximum", "1763893800.0", line: 0))
    }
}
