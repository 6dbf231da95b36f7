import Testing

@testable import Configuration

@Suite struct FormTests {
    @Test(
        arguments: [
            ("30s", 30_000), ("1h30m", 5_400_000), ("250ms", 250), ("1d", 86_400_000), ("2w1d", 1_296_000_000),
            ("0s", 0),
            ("1m1ms", 60_001), ("", nil), ("10", nil), ("1.5h", nil), ("30m1h", nil), ("1h1h", nil), ("-1s", nil),
            ("1y", nil), ("s", nil), ("1 s", nil), ("99999999999999w", nil), ("٣s", nil),
            ("90m", 5_400_000), ("1h59m59s999ms", 7_199_999), ("1w6d23h", 1206000000), ("1h60m", nil),
            ("1w7d", nil), ("1d1500m", nil), ("1m60s", nil), ("1s1000ms", nil),
        ] as [(String, Int64?)])
    func durations(text: String, milliseconds: Int64?) throws {
        #expect((try? DurationText.parse(text)) == milliseconds.map { .milliseconds($0) })
        if let milliseconds {
            #expect(
                try DurationText.parse(DurationText.render(.milliseconds(milliseconds))) == .milliseconds(milliseconds))
        }
    }

    @Test(
        arguments: [
            ("500", 500), ("64MiB", 67_108_864), ("1GB", 1_000_000_000), ("1kB", 1000), ("3B", 3), ("", nil),
            ("64M", nil),
            ("64mib", nil), ("1.5GB", nil), ("-1", nil), ("9999999999TB", nil), ("MiB", nil),
        ] as [(String, Int?)])
    func sizes(text: String, bytes: Int?) throws {
        #expect((try? SizeText.parse(text)) == bytes)
        if let bytes { #expect(try SizeText.parse(SizeText.render(bytes)) == bytes) }
    }

    @Test(arguments: [
        ("127.0.0.1:9817", "127.0.0.1", 9817), ("[::1]:9817", "::1", 9817), (":9817", "0.0.0.0", 9817),
        ("localhost:1", "127.0.0.1", 1), ("[2001:db8::8:800:200c:417a]:80", "2001:db8::8:800:200c:417a", 80),
        ("[1:2:3:4:5:6:7:8]:0", "1:2:3:4:5:6:7:8", 0), ("[::]:5", "::", 5),
    ])
    func listenAddresses(text: String, host: String, port: Int) throws {
        #expect(try ListenAddress.parse(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        "9817", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "256.0.0.1:1", "1.2.3:1", "::1:9817",
        "[::1]", "[::1:9817", "[:::]:1", "[1:2:3]:1", "[1::2::3]:1", "[g::]:1", "example.org:1", "unix:/run/x", "[]:1",
        "", "1.2.3.4:+5", "[12345::]:1",
    ])
    func addressesThatAreNone(text: String) {
        #expect(throws: FormProblem.self) { try ListenAddress.parse(text) }
    }

    @Test(
        arguments: [
            ("fils", "files"), ("flies", "files"), ("Files", "files"), ("start-at", "start_at"), ("xyz", nil),
            ("filse", "files"), ("startat", "start_at"),
        ] as [(String, String?)])
    func typingMistakesFindTheirName(text: String, expected: String?) {
        #expect(NearestName.of(text, among: ["name", "files", "start_at"]) == expected)
    }

    @Test(arguments: [("", "abc", 3), ("ab", "ba", 1), ("kitten", "sitting", 3), ("ca", "abc", 3), ("same", "same", 0)])
    func distances(left: String, right: String, expected: Int) {
        #expect(NearestName.distance(left, right) == expected)
        #expect(NearestName.distance(right, left) == expected)
    }
}
