// Nanoseconds a line for reading times: `Benchmarks/timestamps.sh`.

import CivilTime
import Foundation
import LogModel

/// Lines of a steady log: `make` writes line `second` of one that goes on for some hours.
struct Sample: Sendable {
    var name: String
    var layout: String?
    var make: @Sendable (_ second: Int) -> String

    static func clock(_ second: Int) -> String {
        String(format: "%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60, second % 60)
    }

    static let all = [
        Sample(name: "Python logging, auto") { "2025-11-23 \(clock($0)),123 INFO app: request \($0) took 12 ms" },
        Sample(name: "RFC 3339, auto") { "2025-11-23T\(clock($0)).123456Z level=info msg=\"request \($0)\"" },
        Sample(name: "syslog, auto") { "Nov 23 \(clock($0)) host app[123]: request \($0) took 12 ms" },
        Sample(name: "access log, auto") {
            "192.168.1.23 - - [23/Nov/2025:\(clock($0)) +0100] \"GET /\($0) HTTP/1.1\" 200 28"
        },
        Sample(name: "nginx error, auto") { "2025/11/23 \(clock($0)) [error] 123#123: *\($0) open() failed" },
        Sample(name: "klog, auto") { "I1123 \(clock($0)).123456       1 server.go:12] request \($0)" },
        Sample(name: "asctime, auto") { "[Sun Nov 23 \(clock($0)).123456 2025] [core:notice] [pid 1] request \($0)" },
        Sample(name: "epoch, auto") { "\(1_763_892_000 + $0).123 request \($0) took 12 ms" },
        Sample(name: "no time at all, auto") { "    File \"/srv/app/worker.py\", line \($0), in handle_request_of_user" },
        Sample(name: "Python logging, layout", layout: "%Y-%m-%d %H:%M:%S,%L") {
            "2025-11-23 \(clock($0)),123 INFO app: request \($0) took 12 ms"
        },
        Sample(name: "syslog, layout", layout: "%b %e %H:%M:%S") {
            "Nov 23 \(clock($0)) host app[123]: request \($0) took 12 ms"
        },
        Sample(name: "RFC 3339, layout", layout: "%FT%T.%f%z") {
            "2025-11-23T\(clock($0)).123456Z level=info msg=\"request \($0)\""
        },
    ]
}

@main
struct Timestamps {
    static let lines = 20_000
    static let rounds = 50

    static func main() throws {
        let zone = Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))
        let rules = try TimeZoneRules(tzif: zone, name: "Europe/Berlin")
        for sample in Sample.all {
            var bytes: [UInt8] = []
            var ends: [Int] = [0]
            for line in 0..<lines {
                bytes += Array(sample.make(line * 3).utf8)
                ends.append(bytes.count)
            }
            let layout = try sample.layout.map { try TimestampLayout($0) }
            var best = Duration.seconds(1000)
            var found = 0
            for _ in 0..<rounds {
                let started = ContinuousClock.now
                found = read(bytes, ends, layout, rules)
                best = min(best, ContinuousClock.now - started)
            }
            let nanoseconds = Double(best.components.attoseconds) / 1e9 / Double(lines)
            print(String(format: "%6.1f ns a line, %3d %% with a time: ", nanoseconds, found * 100 / lines) + sample.name)
        }
    }

    @inline(never)
    static func read(_ bytes: [UInt8], _ ends: [Int], _ layout: TimestampLayout?, _ rules: TimeZoneRules) -> Int {
        var clock = CivilClock(rules)
        var detector = TimestampDetector()
        let reference = WallTime(nanoseconds: 1_763_950_000_000_000_000)
        var found = 0
        let span = bytes.span
        for line in 0..<ends.count - 1 {
            let text = span.extracting(ends[line]..<ends[line + 1])
            let timestamp =
                if let layout {
                    layout.timestamp(in: text, at: 0, clock: &clock, reference: reference)
                } else {
                    detector.timestamp(in: text, clock: &clock, reference: reference)
                }
            if timestamp != nil { found += 1 }
        }
        return found
    }
}
