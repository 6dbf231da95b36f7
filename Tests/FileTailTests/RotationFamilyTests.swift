import LogModel
import Testing

@testable import FileTail

@Suite struct RotationFamilyTests {
    @Test(arguments: [
        ("app.log", "app.log.1"), ("app.log", "app.log.12.gz"), ("app.log", "app.log-20251123"),
        ("app.log", "app.log-20251123_100500.gz"), ("app.log", "app.log.2025-11-23_10-00-00"),
        ("app.log", "app.log.old"),
        ("app.log", "app-20251123.log"), ("app.log", "app-20251123.log.gz"), ("app.log", "app.log~"),
        ("app.log", "app.log.gz"),
        ("app.log", "app.log.2025-11-23.1"), ("messages", "messages-20251123"), ("app.log", "app.log.1.xz"),
    ])
    func namesThatRotationsGive(live: String, name: String) { #expect(RotatedName(name, ofLive: live) != nil) }

    @Test(arguments: [
        ("app.log", "app.log"), ("app.log", "app.log.json"), ("app.log", "application.log"),
        ("worker.log", "worker-1.log"),
        ("app.log", "app.log.lock"), ("app.log", "app.log1"), ("app", "app.log"), ("app.log", "app.log."),
        ("app.log", "app.log.1a"),
    ])
    func namesOfOtherFiles(live: String, name: String) { #expect(RotatedName(name, ofLive: live) == nil) }

    @Test func higherNumbersAndEarlierDatesAreOlder() throws {
        func older(_ left: String, _ right: String) throws -> Bool {
            let a = try #require(RotatedName(left, ofLive: "app.log"))
            let b = try #require(RotatedName(right, ofLive: "app.log"))
            return RotatedName.isOlder((a, .unixEpoch), (b, .unixEpoch))
        }
        #expect(try older("app.log.10", "app.log.9.gz"))
        #expect(try !older("app.log.1", "app.log.2"))
        #expect(try older("app.log-20251122", "app.log-20251123.gz"))
        #expect(try older("app.log.2025-11-23.9", "app.log.2025-11-23.10"))
    }

    @Test func numberedNamesTellTheirLiveName() {
        #expect(RotatedName.liveName(ofNumbered: "app.log.1") == "app.log")
        #expect(RotatedName.liveName(ofNumbered: "app.log.2.gz") == "app.log")
        #expect(RotatedName.liveName(ofNumbered: "app.2025") == "app")
        #expect(RotatedName.liveName(ofNumbered: "app.log") == nil)
        #expect(RotatedName.liveName(ofNumbered: "lib-1.2") == nil)
        #expect(RotatedName.liveName(ofNumbered: "app.log-20251123") == nil)
    }
}
