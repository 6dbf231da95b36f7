import CivilTime
import Foundation
import LogModel
import Testing

/// Logs that lie on this machine, which are read where they are.
struct RealLogTests {
    struct Log: CustomTestStringConvertible, Sendable {
        var path: String
        /// The share of lines that have a time, in hundredths.
        var minimum: Int
        /// What a line contains that has a time for certain, where most have none.
        var marks: [String] = []

        var testDescription: String { path }
        var isThere: Bool { FileManager.default.isReadableFile(atPath: path) }
    }

    /// Beside the repository.
    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/logs").path

    static let sampleLogs = [
        Log(path: "\(samples)/apache-combined.log", minimum: 100), Log(path: "\(samples)/rsyncd.log", minimum: 100),
    ].filter(\.isThere)

    static let debianLogs = [
        Log(path: "/var/log/dpkg.log", minimum: 100), Log(path: "/var/log/alternatives.log", minimum: 100),
        Log(path: "/var/log/apt/history.log", minimum: 20, marks: ["Start-Date: ", "End-Date: "]),
        Log(path: "/var/log/apt/term.log", minimum: 0, marks: ["Log started: ", "Log ended: "]),
    ].filter(\.isThere)

    @Test(.enabled(if: !sampleLogs.isEmpty, "there are no logs in ../shared/logs"), arguments: sampleLogs)
    func theLinesOfSamplesHaveTimes(_ log: Log) throws { try check(log) }

    @Test(.enabled(if: !debianLogs.isEmpty, "there is no log of dpkg or apt to read"), arguments: debianLogs)
    func theLinesOfDebiansLogsHaveTimes(_ log: Log) throws { try check(log) }

    private func check(_ log: Log) throws {
        var clock = CivilClock(.utc)
        var detector = TimestampDetector()
        let reference = WallTime(seconds: Date().timeIntervalSince1970)
        let data = try Data(contentsOf: URL(fileURLWithPath: log.path))
        var (lines, timed, backwards, marked) = (0, 0, 0, 0)
        var last = WallTime(nanoseconds: .min)
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let found = detector.timestamp(in: Array(line).span, clock: &clock, reference: reference)
            let text = String(decoding: line, as: UTF8.self)
            lines += 1
            if log.marks.contains(where: text.contains) {
                marked += 1
                #expect(found != nil, "\(text)")
            }
            guard let found else { continue }
            timed += 1
            if found.instant < last { backwards += 1 }
            last = found.instant
            #expect(found.instant <= reference, "\(text)")
        }
        #expect(timed * 100 >= log.minimum * lines, "\(timed) of \(lines) lines")
        #expect(log.marks.isEmpty || marked > 0)
        // Processes write out of turn, and samples are cut out of longer logs.
        #expect(backwards * 10 <= timed, "\(backwards) of \(timed) times lie before the one above")
    }
}
