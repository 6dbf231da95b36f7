import Extraction
import LogModel
import MetricRegistry
import SeriesModel
import TestSupport
import Testing

@testable import Agent

@Suite
struct HeartbeatReportTests {
    private let bot = PatternSettings(
        name: "beat", match: "HEARTBEAT", heartbeat: HeartbeatSettings(name: "bot", interval: .seconds(60)))

    private func age(_ fixture: MetricsFixture, _ snapshot: MetricSnapshot, _ name: String = "bot") -> Double? {
        let report = HeartbeatReport(
            heartbeats: fixture.consumer.extractor.patterns.heartbeats, metrics: snapshot,
            now: fixture.time.wallNow())
        return report.families[0].samples.first { $0.labels[0].value == name }?.value
    }

    @Test
    func ageIsTheTimeSinceTheLatestLine() throws {
        let fixture = try MetricsFixture([bot])
        fixture.read("HEARTBEAT", "something else", "HEARTBEAT")
        let read = fixture.time.wallNow().seconds
        let snapshot = fixture.commit()
        fixture.time.advance(by: .seconds(90))
        #expect(snapshot.value(HeartbeatMetrics.last, ["heartbeat": "bot"]) == read)
        #expect(snapshot.value(HeartbeatMetrics.count, ["heartbeat": "bot"]) == 2)
        #expect(age(fixture, snapshot) == 90)
    }

    @Test
    func oneThatNeverCameIsAsOldAsTheWaitingForItAlsoAfterARestart() throws {
        let fixture = try MetricsFixture([bot])
        fixture.time.advance(by: .seconds(50))
        #expect(age(fixture, fixture.commit()) == 50)
        try fixture.crash()
        fixture.time.advance(by: .seconds(50))
        let snapshot = fixture.commit()
        #expect(age(fixture, snapshot) == 100)
        #expect(snapshot.value(HeartbeatMetrics.last, ["heartbeat": "bot"]) == nil)
    }

    @Test
    func theLatestLineIsKnownAfterACrash() throws {
        let fixture = try MetricsFixture([bot])
        fixture.read("HEARTBEAT")
        fixture.commit()
        fixture.time.advance(by: .seconds(10))
        // Not committed: it will be read again.
        fixture.read("HEARTBEAT")
        try fixture.crash()
        let snapshot = fixture.commit()
        #expect(age(fixture, snapshot) == 10)
        #expect(snapshot.value(HeartbeatMetrics.count, ["heartbeat": "bot"]) == 1)
    }

    @Test
    func aClockThatWasSetBackMakesNoneYoungerThanNow() throws {
        let fixture = try MetricsFixture([bot])
        fixture.read("HEARTBEAT")
        let snapshot = fixture.commit()
        fixture.time.jumpWall(by: .seconds(-1000))
        #expect(age(fixture, snapshot) == 0)
        // The next line is not kept for the future, where the clock was wrong when the first one came.
        fixture.read("HEARTBEAT")
        let next = fixture.commit()
        fixture.time.advance(by: .seconds(5))
        #expect(age(fixture, next) == 5)
    }

    @Test
    func beatsThatWaitedUnreadLookAsOldAsTheyAre() throws {
        let fixture = try MetricsFixture([bot])
        let written = fixture.time.wallNow().seconds.rounded(.down) - 7200
        fixture.read("\(Int(written)) HEARTBEAT", "\(Int(written) - 60) HEARTBEAT")
        let snapshot = fixture.commit()
        #expect(snapshot.value(HeartbeatMetrics.last, ["heartbeat": "bot"]) == written)
        #expect(age(fixture, snapshot) == fixture.time.wallNow().seconds - written)
        // An older one that comes later, of another file, takes nothing back.
        fixture.read("\(Int(written) - 600) HEARTBEAT")
        #expect(fixture.commit().value(HeartbeatMetrics.last, ["heartbeat": "bot"]) == written)
        fixture.read("\(Int(written) + 86_400) HEARTBEAT")
        let now = fixture.time.wallNow().seconds
        #expect(fixture.commit().value(HeartbeatMetrics.last, ["heartbeat": "bot"]) == now)
    }

    @Test
    func oneThatIsNotConfiguredAnyMoreHasNoAge() throws {
        let other = PatternSettings(name: "other", match: "x", heartbeat: HeartbeatSettings(name: "other"))
        let fixture = try MetricsFixture([bot, other])
        fixture.commit()
        try fixture.crash(then: [other])
        let snapshot = fixture.commit()
        #expect(age(fixture, snapshot) == nil)
        #expect(age(fixture, snapshot, "other") == 0)
    }

    @Test
    func severalPatternsCanBeOneHeartbeat() throws {
        let second = PatternSettings(
            name: "second", match: "still here", heartbeat: HeartbeatSettings(name: "bot", interval: .seconds(60)))
        let fixture = try MetricsFixture([bot, second])
        fixture.read("HEARTBEAT", "still here")
        #expect(fixture.commit().value(HeartbeatMetrics.count, ["heartbeat": "bot"]) == 2)
        let interval = fixture.consumer.extractor.metrics.families.first { $0.name == HeartbeatMetrics.interval }
        #expect(interval?.samples.map(\.value) == [60])
    }
}
