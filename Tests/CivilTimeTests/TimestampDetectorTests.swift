import CivilTime
import LogModel
import TestSupport
import Testing

struct TimestampDetectorTests {
    struct Line: CustomTestStringConvertible, Sendable {
        var text: String
        var format: TimestampFormat
        var instant: String
        var digits = 0
        var start = 0
        var end: Int
        var testDescription: String { text }

        init(_ format: TimestampFormat, _ instant: String, _ marked: String) { self.init(format, instant, 0, marked) }

        /// The time stands between the first ⟨ and ⟩ of `marked`.
        init(_ format: TimestampFormat, _ instant: String, _ digits: Int, _ marked: String) {
            text = marked.replacing("⟨", with: "", maxReplacements: 1).replacing("⟩", with: "", maxReplacements: 1)
            self.format = format
            self.instant = instant
            self.digits = digits
            start = marked.prefix { $0 != "⟨" }.utf8.count
            end = marked.prefix { $0 != "⟩" }.utf8.count - "⟨".utf8.count
        }
    }

    /// As software writes; the zone in use is UTC and the reference the evening of 23 November 2025.
    static let lines: [Line] = [
        // Python's logging, structlog, Django, gunicorn, uWSGI
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "⟨2025-11-23 10:00:00,123⟩ INFO root: started"),
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "⟨2025-11-23 10:00:00,123⟩ - app.db - WARNING - slow"),
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "⟨2025-11-23 10:00:00,123⟩-INFO-started"),
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "INFO ⟨2025-11-23 10:00:00,123⟩ views 12 140 Watching"),
        Line(.iso8601, "2025-11-23T10:00:00.123456", 6, "⟨2025-11-23T10:00:00.123456Z⟩ [info     ] started   port=80"),
        Line(.iso8601, "2025-11-23T09:00:00", "[⟨2025-11-23 10:00:00 +0100⟩] [123] [INFO] Booting worker"),
        Line(.weekdayFirst, "2025-11-23T10:00:00", "⟨Sun Nov 23 10:00:00 2025⟩ - *** uWSGI is running ***"),
        // logfmt, JSON, klog in JSON, .NET, Log4j, Elasticsearch, Ruby, Rails
        Line(.iso8601, "2025-11-23T10:00:00.123456789", 9, "time=\"⟨2025-11-23T10:00:00.123456789Z⟩\" level=info"),
        Line(.iso8601, "2025-11-23T15:30:00.12", 2, "{\"level\":\"info\",\"ts\":\"⟨2025-11-23T10:00:00.12-05:30⟩\"}"),
        Line(.iso8601, "2025-11-23T10:00:00.1234567", 7, "⟨2025-11-23T10:00:00.1234567Z⟩ info: Microsoft.Hosting"),
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "[⟨2025-11-23T10:00:00,123⟩][INFO ][o.e.n.Node] [n1] started"),
        Line(.iso8601, "2025-11-23T10:00:00.123456", 6, "I, [⟨2025-11-23T10:00:00.123456⟩ #123]  INFO -- : Started"),
        Line(.iso8601, "2025-11-23T09:00:00", "Started GET \"/\" for 127.0.0.1 at ⟨2025-11-23 10:00:00 +0100⟩"),
        Line(.iso8601, "2025-11-23T09:00:00.123", 3, "⟨2025-11-23 10:00:00.123 +01:00⟩ [INF] Serilog started"),
        // PostgreSQL, MySQL, MariaDB, MongoDB, CockroachDB's, ClickHouse, Redis, etcd
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "⟨2025-11-23 10:00:00.123 UTC⟩ [123] LOG:  checkpoint starting"),
        Line(.iso8601, "2025-11-23T10:00:00.123", 3, "⟨2025-11-23 10:00:00.123 GMT⟩ [123] LOG:  checkpoint starting"),
        Line(.iso8601, "2025-11-23T15:00:00", "⟨2025-11-23 10:00:00-05⟩ DETAIL"),
        Line(
            .iso8601, "2025-11-23T10:00:00.123456", 6, "⟨2025-11-23T10:00:00.123456Z⟩ 0 [System] [MY-010116] [Server]"),
        Line(.iso8601, "2025-11-23T10:00:00", "⟨2025-11-23 10:00:00⟩ 0 [Note] Starting MariaDB"),
        Line(
            .iso8601, "2025-11-23T09:00:00.123", 3,
            "{\"t\":{\"$date\":\"⟨2025-11-23T10:00:00.123+01:00⟩\"},\"s\":\"I\"}"),
        Line(
            .numeric, "2025-11-23T10:00:00.123456", 6, "⟨2025.11.23 10:00:00.123456⟩ [ 1 ] {} <Information> Application"
        ),
        Line(.dayFirst, "2025-11-23T10:00:00.123", 3, "1:M ⟨23 Nov 2025 10:00:00.123⟩ * Ready to accept connections"),
        // syslog: RFC 3164 and 5424, rsyslog, Cisco; systemd's journal
        Line(.monthFirst, "2025-11-23T10:00:00", "⟨Nov 23 10:00:00⟩ host sshd[1]: Accepted"),
        Line(.monthFirst, "2025-11-03T10:00:00", "⟨Nov  3 10:00:00⟩ host sshd[1]: Accepted"),
        Line(.monthFirst, "2024-12-03T10:00:00", "<34>⟨Dec  3 10:00:00⟩ host su: failed"),
        Line(.iso8601, "2003-10-11T22:14:15.003", 3, "<165>1 ⟨2003-10-11T22:14:15.003Z⟩ host app - ID47 - text"),
        Line(.iso8601, "2025-11-23T09:00:00.123456", 6, "⟨2025-11-23T10:00:00.123456+01:00⟩ host systemd[1]: Started"),
        Line(.monthFirst, "2025-11-23T10:00:00.123", 3, "000123: *⟨Nov 23 10:00:00.123⟩: %LINK-3-UPDOWN: Interface"),
        Line(.monthFirst, "2024-11-23T10:00:00", "⟨Nov 23 2024 10:00:00⟩: %ASA-6-302013: Built inbound"),
        Line(.monthFirst, "2024-11-23T10:00:00.5", 1, "⟨Nov 23 2024 10:00:00.5 UTC⟩: text"),
        // web servers and proxies
        Line(.access, "2025-11-23T09:00:00", "127.0.0.1 - - [⟨23/Nov/2025:10:00:00 +0100⟩] \"GET / HTTP/1.1\" 200 2"),
        Line(
            .access, "2025-11-23T10:00:00",
            "2001:db8::1 - frank [⟨23/Nov/2025:10:00:00 +0000⟩] \"GET / HTTP/1.1\" 200 2"),
        Line(
            .access, "2025-11-23T10:00:00.123", 3, "10.0.0.1:5 [⟨23/Nov/2025:10:00:00.123⟩] http-in static/srv1 10/0/30"
        ),
        Line(.numeric, "2025-11-23T10:00:00", "⟨2025/11/23 10:00:00⟩ [error] 1#1: *1 open() failed"),
        Line(
            .weekdayFirst, "2025-11-23T10:00:00.123456", 6,
            "[⟨Sun Nov 23 10:00:00.123456 2025⟩] [core:error] [pid 1] AH0"),
        Line(.dayFirst, "2025-11-23T10:00:00.123", 3, "⟨23-Nov-2025 10:00:00.123⟩ INFO [main] org.apache.catalina"),
        Line(.epoch, "2025-11-23T10:00:00.123", 3, "⟨1763892000.123⟩    456 10.0.0.1 TCP_MISS/200 1 GET http://a/ -"),
        // Go, Kubernetes, rsync, BIND, Java, JavaScript, git, mail
        Line(.numeric, "2025-11-23T10:00:00.123456", 6, "⟨2025/11/23 10:00:00.123456⟩ main.go:12: started"),
        Line(.numeric, "2011-02-22T21:50:30", "⟨2011/02/22 21:50:30⟩ [8203] rsyncd version 2.6.9 starting"),
        Line(.klog, "2025-11-23T10:00:00.123456", 6, "⟨I1123 10:00:00.123456⟩       1 server.go:12] Version"),
        Line(.klog, "2024-12-23T10:00:00.123456", 6, "⟨E1223 10:00:00.123456⟩   12345 reflector.go:12] Failed"),
        Line(.klog, "2024-11-23T10:00:00.123456", 6, "⟨W20241123 10:00:00.123456⟩   123 file.cc:12] low"),
        Line(.monthFirst, "2025-11-23T22:00:00", "⟨Nov 23, 2025 10:00:00 PM⟩ com.example.Main main"),
        Line(.monthFirst, "2025-11-23T09:05:01", "⟨Nov 23, 2025 9:05:01 AM⟩ com.example.Main main"),
        Line(.weekdayFirst, "2025-11-23T09:00:00", "⟨Sun Nov 23 2025 10:00:00 GMT+0100⟩ (CET) ready"),
        Line(.weekdayFirst, "2025-11-23T10:00:00", "⟨Sun Nov 23 10:00:00 UTC 2025⟩ start"),
        Line(.dayFirst, "2025-11-23T09:00:00", "Date: ⟨Sun, 23 Nov 2025 10:00:00 +0100⟩"),
        Line(.dayFirst, "2025-11-03T10:00:00", "⟨Mon, 3 Nov 2025 10:00:00 GMT⟩ request"),
        Line(.logcat, "2025-11-23T10:00:00.123", 3, "⟨11-23 10:00:00.123⟩  1234  5678 I ActivityManager: Start"),
        Line(.logcat, "2025-11-23T10:00:00.123", 3, "⟨11-23 10:00:00.123⟩ D/Tag( 1234): text"),
        // Debian
        Line(.iso8601, "2025-06-24T14:36:25", "⟨2025-06-24 14:36:25⟩ startup archives unpack"),
        Line(.iso8601, "2025-06-24T14:36:25", "Start-Date: ⟨2025-06-24  14:36:25⟩"),
        Line(.iso8601, "2025-06-24T14:36:53", "update-alternatives ⟨2025-06-24 14:36:53⟩: run with --quiet"),
        // seconds and their parts since 1970; Nagios
        Line(.epoch, "2025-11-23T10:00:00", "⟨1763892000⟩ started"),
        Line(.epoch, "2025-11-23T10:00:00.123", 3, "⟨1763892000123⟩,42"),
        Line(.epoch, "2025-11-23T10:00:00.123456", 6, "⟨1763892000123456⟩"),
        Line(.epoch, "2025-11-23T10:00:00.123456789", 9, "⟨1763892000123456789⟩ x"),
        Line(.epoch, "2025-11-23T10:00:00", "[⟨1763892000⟩] SERVICE ALERT: host;load;OK"),
        Line(.iso8601, "2025-11-23T10:00:00", "⟨2025-11-23 10:00:00⟩ -5 degrees"),
        Line(.iso8601, "2025-11-23T10:00:00", "⟨2025-11-23 10:00:00⟩ -12345 units"),
        // a leap second, a column behind a comma, the end of a sentence, the edge of what is searched
        Line(.iso8601, "2017-01-01T00:00:00.5", 1, "⟨2016-12-31T23:59:60.5Z⟩"),
        Line(.iso8601, "2025-11-23T10:00:00", "⟨2025-11-23 10:00:00⟩,1234567890123,42"),
        Line(.iso8601, "2025-11-23T10:00:00", "It began at ⟨2025-11-23 10:00:00⟩."),
        Line(.iso8601, "2025-11-23T10:00:00", "\(String(repeating: " ", count: 63))⟨2025-11-23T10:00:00⟩"),
    ]

    static let reference = "2025-11-23T20:00:00"

    @Test(arguments: lines)
    func linesOfWellKnownSoftware(_ line: Line) throws {
        let detector = try TestDetector()
        let found = try #require(detector.found(line.text))
        #expect(detector.format == line.format)
        #expect(try found.instant == instant(line.instant))
        #expect(found.fractionDigits == line.digits)
        #expect(found.range == line.start..<line.end)
        // The place is remembered, and finds the same again.
        let again = detector.found(line.text)
        #expect(again == found)
        // As the value of a field it is all there is.
        let value = String(decoding: Array(line.text.utf8)[found.range], as: UTF8.self)
        let ofValue = try TestDetector()
        if line.format != .klog && line.format != .logcat {
            #expect(ofValue.found(value: " \(value) ")?.instant == found.instant)
            #expect(ofValue.found(value: "\(value) x") == nil)
        }
    }

    @Test(arguments: [
        // No such date or time.
        "2025-02-30 10:00:00 x", "2025-11-23 25:00:00 x", "2025-11-23 24:00:00 x", "2025-11-23 10:60:00 x",
        "2025-11-23 10:00:61 x", "2025-13-23 10:00:00 x", "2025-00-23 10:00:00", "Feb 30 10:00:00 host x",
        "Nov 31 10:00:00 host x",
        "31/Apr/2025:10:00:00 +0100", "I1331 10:00:00.123456       1 x.go:1] x", "Feb 29 2025 10:00:00 x",
        // Which of the numbers is the day, or the year?
        "01/02/03 10:00:00 x", "01/02/2003 10:00:00 x", "11-23 10:00:00 x", "11-23 10:00:00.123 x",
        "01.02.2003 10:00:00",
        "11-23-2025 10:00:00", "25-11-23 10:00:00 x", "251123 10:00:00 x",
        // The weekday contradicts, the year is out of all probability, the zone is not known.
        "Mon Nov 23 10:00:00 2025 x", "Mon, 23 Nov 2025 10:00:00 GMT", "0001-01-01T00:00:00Z x", "1969-12-31 10:00:00",
        "2200-01-01 00:00:00", "2025-11-23 10:00:00 EST x", "2025-11-23 10:00:00.123 CEST [1] LOG:",
        "Nov 23 10:00:00 PDT: x",
        "2025-11-23 10:00:00+99:00", "2025-11-23 10:00:00-1234", "2025-11-23 10:00:00+01:07",
        "2025-11-23T10:00:00-10:30:00",
        // A part of something else.
        "12025-11-23 10:00:00", "app-2025-11-23 10:00:00", "/var/2025-11-23 10:00:00", "v2025-11-23 10:00:00",
        "open 2025-11-23T10:00:00.log", "2025-11-23 10:00:001", "2025-11-23 10:00:00.1234567890",
        "2025-11-23T10:00:00X",
        "2025-11-23T10:00:00_x", "2025-11-23 10:00:00Zulu", "1.2025-11-23 10:00:00", "Novel 23 10:00:00",
        // Not all of a time.
        "2025-11-23", "2025-11-23 10:00", "2025-11-23T10:00:0", "10:00:00 x", "Nov 23", "Nov 23 10:00", "23/Nov/2025",
        "Sun", "",
        "I1123 10:00:00.123 1 x", "I1123 10:00:00.123456]", "X1123 10:00:00.123456 1 x",
        // Numbers that are no time, or not at the beginning.
        "123456789 x", "9999999999 x", "12345678901 x", "1763892000x", "1763892000-12", "1763892000.",
        "1763892000123.5 x",
        "4102444800 x", "0763892000 x", "request 1763892000 took", "1763892000.1234567890 x", "99999999999999999999",
        "-1763892000", "17638920001234567890",
        // Too far back.
        "\(String(repeating: " ", count: 64))2025-11-23T10:00:00",
    ])
    func whatIsNoTime(_ text: String) throws {
        let detector = try TestDetector()
        #expect(detector.found(text) == nil)
        // What is too far back in a line is at the beginning of its value.
        if !text.hasPrefix(" ") { #expect(detector.found(value: text) == nil) }
    }

    /// Where the line before had its time, this one has its too; elsewhere only when there is none.
    @Test
    func thePlaceIsRemembered() throws {
        let detector = try TestDetector()
        #expect(try detector.found("job 7: 2025-11-23 10:00:00 started")?.instant == instant("2025-11-23T10:00:00"))
        let two = "Nov 1  2025-11-23 10:00:01 (last was Nov 21 10:00:01)"
        #expect(try detector.found(two)?.instant == instant("2025-11-23T10:00:01"))
        let moved = "2025-11-20 10:00:00 is before 2025-11-23 10:00:00"
        #expect(try detector.found(moved)?.instant == instant("2025-11-20T10:00:00"))
        #expect(detector.found("  at Worker.run(Worker.java:12)") == nil)
        #expect(detector.found("2025-11-23 10:00:02 x")?.range == 0..<19)
        #expect(detector.found("") == nil)
    }

    @Test
    func aValueMayBeANumberAnywhere() throws {
        let detector = try TestDetector()
        #expect(try detector.found(value: "1763892000.1234567")?.instant == instant("2025-11-23T10:00:00.1234567"))
        #expect(detector.format == .epoch)
        #expect(detector.found(value: "12") == nil)
        #expect(detector.found(value: "  ") == nil)
        #expect(detector.format == .epoch)
    }

    @Test
    func whatWasAssumedIsSaid() throws {
        let detector = try TestDetector()
        #expect(detector.found("2025-11-23 10:00:00 x")?.assumed == .zone)
        #expect(detector.found("2025-11-23 10:00:00Z x")?.assumed == [])
        #expect(detector.found("Nov 23 10:00:00 x")?.assumed == [.year, .zone])
        #expect(detector.found("1763892000 x")?.assumed == [])
    }

    @Test(.enabled(if: SystemZones.isInstalled, SystemZones.advice))
    func theZoneInUse() throws {
        let berlin = try SystemZones.rules("Europe/Berlin")
        let detector = try TestDetector()
        #expect(try detector.found("2026-07-01 12:00:00 INFO", berlin)?.instant == instant("2026-07-01T10:00:00"))
        #expect(try detector.found("2026-07-01 12:00:00 CEST x", berlin)?.instant == instant("2026-07-01T10:00:00"))
        #expect(try detector.found("2026-10-25 02:30:00.5 CET x", berlin)?.instant == instant("2026-10-25T01:30:00.5"))
        #expect(try detector.found("Sun Oct 25 02:30:00 CEST 2026", berlin)?.instant == instant("2026-10-25T00:30:00"))
        #expect(detector.found("2026-07-01 12:00:00 PDT x", berlin) == nil)
    }

    /// Whatever the bytes are and whenever they are read, no time lies outside of them.
    @Test
    func anyBytes() throws {
        var random = SeededRandom(seed: 3)
        var clock = CivilClock(.utc)
        let references = [try instant(Self.reference), WallTime(nanoseconds: .min), WallTime(nanoseconds: .max)]
        let layouts = try (LayoutPythonTests.layouts + ["%s", "%b %e %T", "%T", "%a %R", "%j %R"]).map {
            try TimestampLayout($0)
        }
        var found = 0
        for _ in 0..<60_000 {
            var bytes = Array(Self.lines[Int.random(in: 0..<Self.lines.count, using: &random)].text.utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.removeSubrange(index...)
                default: bytes[index] = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &random)
                }
            }
            let reference = try #require(references.randomElement(using: &random))
            let layout = try #require(layouts.randomElement(using: &random))
            var detector = TimestampDetector()
            let times = [
                detector.timestamp(in: bytes.span, clock: &clock, reference: reference),
                detector.timestamp(ofValue: bytes.span, clock: &clock, reference: reference),
                layout.timestamp(
                    in: bytes.span, at: Int.random(in: 0...bytes.count, using: &random), clock: &clock,
                    reference: reference),
            ].compactMap(\.self)
            for time in times {
                found += 1
                try #require(bytes.indices.contains(time.range.lowerBound) && time.range.upperBound <= bytes.count)
                try #require((0...9).contains(time.fractionDigits))
            }
        }
        #expect(found > 20_000)
    }
}

/// A detector that expectations can ask: they take no calls that change a value.
private final class TestDetector {
    private var detector = TimestampDetector()
    private let reference: WallTime

    init() throws { reference = try instant(TimestampDetectorTests.reference) }

    var format: TimestampFormat? { detector.format }

    func found(_ line: String, _ zone: TimeZoneRules = .utc) -> Timestamp? {
        var clock = CivilClock(zone)
        return detector.timestamp(in: Array(line.utf8).span, clock: &clock, reference: reference)
    }

    func found(value: String) -> Timestamp? {
        var clock = CivilClock(.utc)
        return detector.timestamp(ofValue: Array(value.utf8).span, clock: &clock, reference: reference)
    }
}
