import Foundation
import Testing

@testable import LineFormats

@Suite struct AutoLineReaderTests {
    private static let time = "2016-10-06T00:17:09.669794202Z"

    /// The word for what a line is, and the field `level`.
    private func read(_ line: String) throws -> (form: String, level: Field) {
        let reader = try AutoLineReader(paths: ["level", "http.status"])
        let table = reader.makeTable()
        // What an earlier line left must not show.
        #expect(Array(#"{"level":1}"#.utf8).withUnsafeBytes { reader.read($0, into: table) } == .json)
        return Array(line.utf8).withUnsafeBytes { bytes in
            (word(reader.read(bytes, into: table)), Field(table[0], of: bytes))
        }
    }

    private func word(_ line: AutoLine) -> String {
        switch line {
        case .docker: "docker"
        case .cri: "cri"
        case .json: "json"
        case .logfmt: "logfmt"
        case .plain: "plain"
        }
    }

    @Test(
        arguments: [
            (#"{"log":"level=x a=b\n","stream":"stdout","time":"\#(time)"}"#, "docker", nil),
            (#"{"log":"x\n","stream":"stdout","time":"\#(time)","level":"warn"}"#, "json", "warn"),
            (#"{"log":"x\n","stream":"other","time":"\#(time)"}"#, "json", nil),
            (#"{"time":"\#(time)","level":"info","msg":"started"}"#, "json", "info"), (#" {"level":7} "#, "json", "7"),
            ("{}", "json", nil), (#"{"level":"info""#, "plain", nil), ("{level=info}", "plain", nil),
            (#"["level"]"#, "plain", nil), ("\(time) stdout F level=x a=b", "cri", nil),
            ("\(time) level=x a=b", "plain", nil),
            ("2016-10-06 00:17:09,669 INFO started level=x", "plain", nil),
            (#"level=info msg="server started" port=80"#, "logfmt", "info"),
            (#"time="2016-10-06T00:17:09Z" level=warning msg="a=b"#, "plain", nil),
            (#"time="2016-10-06T00:17:09Z" level=warning msg="a=b" cached"#, "logfmt", "warning"),
            ("at=info method=GET path=/?a=b level=x", "logfmt", "x"), ("@level=x level=y", "logfmt", "y"),
            ("level=info", "plain", nil), ("level=info started with no quotes a=b", "plain", nil),
            ("Connected to host=db port=5432 user=x level=y", "plain", nil), ("x == y && z == w", "plain", nil),
            ("a+b=c d=e level=f", "plain", nil), ("1=2 level=4", "plain", nil), ("http://x/?a=b level=c", "plain", nil),
            ("", "plain", nil), (" \t", "plain", nil), ("ERROR failed: \"x\"", "plain", nil), ("---", "plain", nil),
        ] as [(String, String, String?)])
    func formsAreToldByTheirRules(line: String, form: String, level: String?) throws {
        let found = try read(line)
        #expect(found.form == form)
        #expect((found.level.kind == .absent ? nil : String(decoding: found.level.text, as: UTF8.self)) == level)
    }

    /// Logs of well-known programs, all of them plain text.
    private static let logs: [String] = {
        let folder = ProcessInfo.processInfo.environment["OUTRIDER_SAMPLE_LOGS"]
        let samples = folder.map { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".log") }.map { "\(folder)/\($0)" }
        }
        return ((samples ?? []) + ["/var/log/dpkg.log", "/var/log/apt/history.log", "/var/log/alternatives.log"])
            .filter(FileManager.default.isReadableFile(atPath:))
    }()

    @Test(.enabled(if: !logs.isEmpty, "neither OUTRIDER_SAMPLE_LOGS nor this machine has logs"), arguments: logs)
    func linesOfTextLogsArePlain(path: String) throws {
        let reader = try AutoLineReader(paths: ["level"])
        let table = reader.makeTable()
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        for line in text.split(separator: UInt8(ascii: "\n")).prefix(20_000) {
            let found = line.withUnsafeBytes { reader.read($0, into: table) }
            #expect(found == .plain, "\(String(decoding: line, as: UTF8.self))")
        }
    }
}
