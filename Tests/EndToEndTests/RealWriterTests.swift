import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// The programs whose logs people really have, rotating as they really do; every count is exact.
    @Suite(.enabled(if: Component.python.isInstalled, "\(Component.python.advice)"))
    struct RealWriters {
        /// Python's handlers that rotate by themselves.
        @Test(arguments: [
            (handler: "rotating", lines: 20_000, rate: 5_000, rotatedFiles: 10),
            (handler: "timed", lines: 15_000, rate: 4_000, rotatedFiles: 2),
        ])
        func pythonHandlerIsCountedExactly(handler: String, lines: Int, rate: Int, rotatedFiles: Int) async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try await agent.startAndWait()
                let writer = try fixture.loggingWriter(
                    handler, ["--lines", "\(lines)", "--rate", "\(rate)"])
                #expect(try await writer.ended(within: .seconds(120)) == .exit(0), "\(writer.error)")
                #expect(writer.output == "stopped \(lines)\n")
                #expect(fixture.rotatedFiles(of: "app.log").count >= rotatedFiles)
                try await agent.expectExact(lines: lines)
            }
        }

        /// logrotate around a writer that notices a renamed file, and around one that never reopens.
        @Test(
            .enabled(if: Component.logrotate.isInstalled, "\(Component.logrotate.advice)"),
            arguments: LogrotateMode.allCases)
        func logrotateIsCountedExactly(mode: LogrotateMode) async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try await agent.startAndWait()
                let writer = try fixture.loggingWriter(mode.handler)
                let logrotate = try Logrotate(fixture, mode)
                for round in 1...4 {
                    // Between two rotations something has been written and, mostly, read.
                    _ = try await agent.page(where: "lines_seen_total", reaches: Double(round) * 2_000)
                    try await logrotate.rotate(holding: writer)
                }
                try writer.tell("stop")
                #expect(try await writer.ended() == .exit(0), "\(writer.error)")
                let lines = try #require(writer.output.split(separator: " ").last.flatMap { Int($0.dropLast()) })
                #expect(fixture.rotatedFiles(of: "app.log").count == 4)
                let compressed = fixture.rotatedFiles(of: "app.log").filter { $0.hasSuffix(".gz") }
                #expect(compressed.count == mode.compressedOfFour)
                try await agent.expectExact(lines: lines)
            }
        }

        /// Rotations that nobody watched: the agent was down for all of them.
        @Test(
            .enabled(if: Component.logrotate.isInstalled, "\(Component.logrotate.advice)"),
            arguments: LogrotateMode.allCases)
        func rotationsWhileTheAgentIsDownAreReadAfterwards(mode: LogrotateMode) async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try await agent.startAndWait()
                let writer = try fixture.loggingWriter(mode.handler)
                _ = try await agent.page(where: "lines_seen_total", reaches: 1_000)
                #expect(try await agent.terminate() == .exit(0))
                let logrotate = try Logrotate(fixture, mode)
                for _ in 1...3 {
                    let before = try fixture.size(of: "app.log")
                    try await until("the writer goes on") { try fixture.size(of: "app.log") > before + 50_000 }
                    try await logrotate.rotate(holding: writer)
                }
                try writer.tell("stop")
                #expect(try await writer.ended() == .exit(0), "\(writer.error)")
                let lines = try #require(writer.output.split(separator: " ").last.flatMap { Int($0.dropLast()) })
                try await agent.startAndWait()
                try await agent.expectExact(lines: lines)
            }
        }

        /// nginx keeps writing to the renamed file until the signal has reached its workers.
        @Test(.enabled(if: Component.nginx.isInstalled, "\(Component.nginx.advice)"))
        func nginxIsCountedExactlyAcrossReopening() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord(file: "access.log")
                try await agent.startAndWait()
                let nginx = try Nginx(fixture)
                try await nginx.ready()
                let requests = 6_000
                let load = try fixture.writer(
                    "http_load", ["--port", "\(nginx.port)", "--requests", "\(requests)", "--rate", "1500"])
                for round in 1...3 {
                    _ = try await agent.page(where: "lines_seen_total", reaches: Double(round) * 1_200)
                    try await nginx.rotate(round)
                }
                #expect(try await load.ended(within: .seconds(120)) == .exit(0), "\(load.error)")
                #expect(load.output == "\(requests)\n")
                try await agent.expectExact(lines: requests)
                try await nginx.process.stop(with: SIGQUIT)
            }
        }
    }
}

/// How logrotate is told to rotate.
enum LogrotateMode: String, CaseIterable, CustomTestStringConvertible {
    case create, copytruncate, compress, delaycompress

    var testDescription: String { rawValue }

    /// With copytruncate the writer never reopens; it appends.
    var handler: String { self == .copytruncate ? "plain" : "watched" }

    var directives: [String] {
        switch self {
        case .create: ["create 0644", "nocompress"]
        case .copytruncate: ["copytruncate", "nocompress"]
        case .compress: ["create 0644", "compress"]
        case .delaycompress: ["create 0644", "compress", "delaycompress"]
        }
    }

    var compressedOfFour: Int {
        switch self {
        case .create, .copytruncate: 0
        case .compress: 4
        case .delaycompress: 3
        }
    }
}

/// logrotate with a stanza of its own for app.log.
private struct Logrotate {
    let fixture: Fixture

    init(_ fixture: Fixture, _ mode: LogrotateMode) throws {
        self.fixture = fixture
        let directives = ["rotate 20", "missingok"] + mode.directives
        try fixture.write(
            "\(fixture.path("app.log")) {\n\(directives.map { "    \($0)\n" }.joined())}\n", to: "logrotate.conf")
        // It refuses a configuration that others may write.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: fixture.path("logrotate.conf"))
    }

    /// The writer is held between two lines meanwhile: what a writer puts into a file that logrotate has copied or compressed
    /// already is lost by logrotate, and no reader could know.
    func rotate(holding writer: ChildProcess) async throws {
        try await writer.told("hold", answers: "held")
        let run = try fixture.start(
            Component.logrotate.url,
            ["--force", "--state", fixture.path("logrotate.state"), fixture.path("logrotate.conf")])
        #expect(try await run.ended() == .exit(0), "\(run.error)")
        try await writer.told("go on", answers: "going on")
    }
}

/// nginx with one location whose access log has the numbered lines.
private struct Nginx {
    let fixture: Fixture
    let port = LoopbackHTTP.freePort()
    let process: ChildProcess

    init(_ fixture: Fixture) throws {
        self.fixture = fixture
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "    \($0)_temp_path \(fixture.path("nginx-\($0)"));" }.joined(separator: "\n")
        try fixture.write(
            """
            \(getuid() == 0 ? "user root;" : "")
            worker_processes 2;
            daemon off;
            pid \(fixture.path("nginx.pid"));
            error_log \(fixture.path("nginx-error.log"));
            events { worker_connections 64; }
            http {
            \(temporary)
                keepalive_requests 100000;
                log_format numbered '$remote_addr [$time_iso8601] seq=$arg_seq value=$arg_value $status';
                server {
                    listen 127.0.0.1:\(port);
                    location /line { access_log \(fixture.path("access.log")) numbered; return 200 "ok"; }
                    location / { access_log off; return 204; }
                }
            }

            """, to: "nginx.conf")
        process = try fixture.start(
            Component.nginx.url,
            ["-p", fixture.directory.path, "-c", fixture.path("nginx.conf"), "-e", fixture.path("nginx-error.log")])
    }

    func ready() async throws {
        try await until("nginx answers", seeing: { process.error }) {
            LoopbackHTTP.get("/", port: port)?.status == 204
        }
    }

    /// As its own documentation says: rename, then USR1; done when the new file is there.
    func rotate(_ round: Int) async throws {
        for number in stride(from: round - 1, to: 0, by: -1) {
            try FileManager.default.moveItem(
                atPath: fixture.path("access.log.\(number)"), toPath: fixture.path("access.log.\(number + 1)"))
        }
        try FileManager.default.moveItem(atPath: fixture.path("access.log"), toPath: fixture.path("access.log.1"))
        process.send(signal: SIGUSR1)
        try await until("nginx has reopened its log") {
            FileManager.default.fileExists(atPath: fixture.path("access.log"))
        }
    }
}

extension Fixture {
    fileprivate func loggingWriter(_ handler: String, _ arguments: [String] = []) throws -> ChildProcess {
        try writer("logging_writer", ["--handler", handler, "--file", path("app.log")] + arguments)
    }

    fileprivate func rotatedFiles(of name: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasPrefix("\(name).") }
    }

    fileprivate func size(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
        return (attributes[.size] as? Int) ?? 0
    }
}

extension ChildProcess {
    /// Gives an order and waits for its answer, which is the next line of the output.
    fileprivate func told(_ order: String, answers answer: String) async throws {
        let before = output.count
        try tell(order)
        try await until("\(order): \(answer)", seeing: { output + error }) {
            output.dropFirst(before) == "\(answer)\n"
        }
    }
}

extension Agent {
    /// Every value for numbered lines 1…`lines`, each written once; and the record has each of them once, in order.
    fileprivate func expectExact(lines: Int) async throws {
        let count = Double(lines)
        _ = try await page(where: "outrider_consumer_lines_total", ["consumer": "lines"], reaches: count)
        let page = try await page(where: "lines_seen_total", reaches: count)
        #expect(page.value("lines_seen_total") == count)
        #expect(page.value("value_sum_total") == Double((1...lines).reduce(0) { $0 + $1 * 7_919 % 1_000 }))
        #expect(page.value("last_seq") == count)
        #expect(page.value("outrider_consumer_lost_bytes_total") ?? 0 == 0)
        #expect(page.value("outrider_consumer_open_ended_losses_total") ?? 0 == 0)
        #expect(try await terminate() == .exit(0))
        let numbers = try fixture.text("lines.txt").split(separator: "\n").compactMap { line in
            line.firstRange(of: "seq=").flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
        }
        #expect(numbers.count == lines)
        #expect(Set(numbers).count == lines)
    }
}
