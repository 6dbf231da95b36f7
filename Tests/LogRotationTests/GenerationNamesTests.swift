import CivilTime
import LogModel
import LogRotation
import Testing

/// What generations are called.
@Suite struct GenerationNamesTests {
    private let time = WallTime(nanoseconds: 1_763_892_300_999_000_000)

    @Test func theDefaultNameSaysTheTimeInUTC() throws {
        let names = try GenerationNames(live: "app.log")
        #expect(names.unused(at: time, taken: []) == "app.log-20251123_100500")
        let found = try #require(names.generation("app.log-20251123_100500.gz"))
        #expect(found.time == WallTime(nanoseconds: 1_763_892_300_000_000_000))
        #expect(found.isCompressed && found.sequence == 0 && found.plainName == "app.log-20251123_100500")
    }

    @Test func whatIsTakenGetsASequence() throws {
        let names = try GenerationNames(live: "100%.log", layout: ".%Y-%m-%d")
        #expect(names.unused(at: time, taken: []) == "100%.log.2025-11-23")
        let taken: Set = ["100%.log.2025-11-23.gz", "100%.log.2025-11-23.1", "100%.log.2025-11-23.3"]
        #expect(names.unused(at: time, taken: taken) == "100%.log.2025-11-23.2")
        #expect(names.generations(among: taken).map(\.sequence) == [0, 1, 3])
        #expect(names.generations(among: taken).map(\.isCompressed) == [true, false, false])
    }

    @Test(arguments: [
        "app.log", "app.log.gz", "app.log-20251123_100500.0", "app.log-20251123_100500.01", "app.log-20251123_100500.x",
        "app.log-20251323_100500", "app.log-20251123_100500.gz.gz", "app.log-20251123_100500.bz2",
        "other.log-20251123_100500",
        "app.log-20251123_100500.99999999999999999999", ".app.log-20251123_100500.gz.part", "",
    ])
    func otherNamesAreNone(name: String) throws {
        #expect(try GenerationNames(live: "app.log").generation(name) == nil)
    }

    @Test func namesThatAreTooLongAreKnown() throws {
        #expect(try GenerationNames(live: String(repeating: "x", count: 200)).fit)
        #expect(try !GenerationNames(live: String(repeating: "x", count: 230)).fit)
    }
}
