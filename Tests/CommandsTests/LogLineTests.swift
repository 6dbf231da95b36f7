import LogModel
import Logging
import Synchronization
import Testing

@testable import Commands

@Suite
struct LogLineTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1_000_000, "1969-12-31T23:59:59.999Z"),
        (1_767_323_045_678_999_999, "2026-01-02T03:04:05.678Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999_000_000, "2024-02-29T23:59:59.999Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    ])
    func instantsAreWrittenInUTC(nanoseconds: Int64, expected: String) {
        #expect(UTCText.text(WallTime(nanoseconds: nanoseconds)) == expected)
    }

    @Test(arguments: [
        ("127.0.0.1:9817", "127.0.0.1:9817"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
        ("say \"hi\"", #""say \"hi\"""#), ("C:\\x", #""C:\\x""#), ("one\ntwo", #""one\ntwo""#),
        ("\u{1B}[31m", #""\u001b[31m""#), ("\u{9B}2J", #""\u009b2J""#), ("é", "é"),
    ])
    func valuesAreQuotedWhenNeeded(value: String, expected: String) {
        #expect(LogLine.quoted(value) == expected)
    }

    @Test
    func aRecordIsOneLine() {
        let line = LogLine(
            time: WallTime(nanoseconds: 1_767_323_045_678_000_000), level: .info, message: "listening",
            metadata: ["tail.path": "/var/log/my app.log", "http.address": "127.0.0.1:9817"])
        #expect(
            line.text
                == #"2026-01-02T03:04:05.678Z info listening http.address=127.0.0.1:9817 tail.path="/var/log/my app.log""#
        )
    }

    @Test
    func anErrorOfSeveralLinesIsOneLineThatCanBeRead() {
        let line = LogLine(
            time: .unixEpoch, level: .error, message: "two\n  lines",
            metadata: ["error": "*** in database main ***\nOn tree page 5"])
        #expect(
            line.text
                == #"1970-01-01T00:00:00.000Z error two; lines error="*** in database main ***; On tree page 5""#)
    }

    @Test
    func colorsAreForTerminals() {
        var line = LogLine(time: .unixEpoch, level: .error, message: "x", metadata: [:])
        #expect(!line.text.contains("\u{1B}"))
        line.isColored = true
        #expect(line.text == "1970-01-01T00:00:00.000Z \u{1B}[31merror\u{1B}[0m x")
    }

    @Test
    func theHandlerMergesMetadataAndKeepsTheLevel() {
        let written = Written()
        var logger = Logger(label: "test") { _ in
            LineLogHandler(level: .info, time: StoppedTime(), isColored: false, write: written.append)
        }
        logger[metadataKey: "a"] = "1"
        logger.debug("not shown")
        logger.warning("shown", metadata: ["b": "2"])
        #expect(written.text == "1970-01-01T00:00:00.000Z warning shown a=1 b=2\n")
    }
}

private struct StoppedTime: TimeSource {
    func wallNow() -> WallTime { .unixEpoch }
    func monotonicNow() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
}

private final class Written: Sendable {
    private let storage = Mutex("")
    var text: String { storage.withLock { $0 } }
    func append(_ more: String) { storage.withLock { $0 += more } }
}
