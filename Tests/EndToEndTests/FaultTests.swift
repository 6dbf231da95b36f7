import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// What the machine does to the agent: a full disk, a clock that jumps.
    @Suite
    struct FaultTests {
        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func aFullDiskIsSaidAndHealsByItself() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)

                try disk.fill()
                try fixture.append(numberedLines([3], from: 3), to: "app.log")
                let full = try await agent.page(where: "lines_seen_total", reaches: 3)
                #expect(full.value("outrider_ledger_durable") == 0)
                #expect(full.value("value_sum_total") == 6)
                _ = try await agent.page(where: "outrider_component_healthy", ["component": "reading"], reaches: 1)
                try await until("the ledger is not healthy") {
                    agent.page()?.value("outrider_component_healthy", ["component": "ledger"]) == 0
                }
                let process = try #require(agent.process)
                try await until("the log says so", seeing: { process.error }) {
                    process.error.contains("free some space") && process.error.contains(fixture.path("state"))
                }

                try disk.free()
                _ = try await agent.page(where: "outrider_ledger_durable", reaches: 1)
                _ = try await agent.page(where: "outrider_component_healthy", ["component": "ledger"], reaches: 1)
                #expect(process.error.contains("all is durable again"), "\(process.error)")
                try await agent.kill()

                try await agent.startAndWait(through: disk.launcher)
                let page = try await agent.page(where: "lines_seen_total", reaches: 3)
                #expect(page.value("lines_seen_total") == 3)
                #expect(page.value("value_sum_total") == 6)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func whatAFullDiskRefusedIsReadAgainAfterAKill() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)
                try disk.fill()
                try fixture.append(numberedLines([3, 4], from: 3), to: "app.log")
                let full = try await agent.page(where: "lines_seen_total", reaches: 4)
                #expect(full.value("outrider_ledger_durable") == 0)
                try await agent.kill()

                // The disk is still full: it starts, says so, and counts from what it knows.
                try await agent.startAndWait(through: disk.launcher)
                let again = try await agent.page(where: "lines_seen_total", reaches: 4)
                #expect(again.value("value_sum_total") == 10)
                try disk.free()
                let page = try await agent.page(where: "outrider_ledger_durable", reaches: 1)
                #expect(page.value("lines_seen_total") == 4)
                #expect(page.value("value_sum_total") == 10)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func whileTheLedgerRefusesTheRecorderRepeatsNothing() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "outrider_consumer_lines_total", ["consumer": "lines"], reaches: 1)
                try disk.fill()
                // Several blocks, of which the recorder may be ahead of the ledger by one.
                try fixture.append(numberedLines(Array(repeating: 1, count: 40_000), from: 2), to: "app.log")
                let full = try await agent.page(where: "lines_seen_total", reaches: 40_001)
                #expect(full.value("outrider_ledger_durable") == 0)
                try await agent.kill()
                try disk.free()
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "outrider_consumer_lines_total", ["consumer": "lines"], reaches: 40_001)
                #expect(try await agent.terminate() == .exit(0))
                let lines = try fixture.text("lines.txt").split(separator: "\n")
                #expect(Set(lines).count == 40_001)
                #expect(lines.count <= 40_001 + 256 * 1024 / 45, "\(lines.count) lines")
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func aLedgerThatCannotBeWrittenAtStartIsNotReplacedByZeros() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(try await agent.terminate() == .exit(0))
                try await disk.remount("ro")
                try agent.start(through: disk.launcher)
                let process = try #require(agent.process)
                #expect(try await process.ended() == .exit(1))
                #expect(process.error.contains("Read-only file system"), "\(process.error)")
                try await disk.remount("rw")
                try await agent.startAndWait(through: disk.launcher)
                let page = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(page.value("lines_seen_total") == 2)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func aNewAgentOnAReadOnlyDiskServesAndHealsByItself() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                try await disk.remount("ro")
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                let first = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(first.value("outrider_ledger_durable") == 0)
                try await disk.remount("rw")
                let page = try await agent.page(where: "outrider_ledger_durable", reaches: 1)
                #expect(page.value("lines_seen_total") == 2)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func moreFilesThanDescriptorsLeavesThePageServed() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(file: "many/*.log")
                try FileManager.default.createDirectory(at: fixture.url("many"), withIntermediateDirectories: true)
                for number in 0..<150 { try fixture.write(numberedLines([1]), to: "many/\(number).log") }
                try await agent.startAndWait(through: ["/bin/sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"])
                let process = try #require(agent.process)
                try await until("it says what is wrong", seeing: { process.error }) {
                    process.error.contains("ulimit -n") && process.error.contains("and more such problems")
                }
                for _ in 0..<20 { #expect(agent.page()?.value("outrider_ledger_durable") == 1) }
                #expect(process.error.split(separator: "\n").count < 40)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func changesThatCannotBeCommittedAtTheEndAreAFailure() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)
                try disk.fill()
                try fixture.append(numberedLines([3], from: 3), to: "app.log")
                let full = try await agent.page(where: "lines_seen_total", reaches: 3)
                #expect(full.value("outrider_ledger_durable") == 0)
                let process = try #require(agent.process)
                #expect(try await agent.terminate() == .exit(1))
                #expect(process.error.contains("the last changes could not be committed"), "\(process.error)")
            }
        }

        @Test(.enabled(if: Component.compiler.isInstalled, "\(Component.compiler.advice)"))
        func aClockThatJumpsAnHourAndBackChangesNoCount() async throws {
            try await Fixture.with { fixture in
                let clock = try await FalseClock(fixture)
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait(environment: clock.environment)
                _ = try await agent.page(where: "lines_seen_total", reaches: 1)
                for (number, jump) in [3600, -3600, 0, 7200].enumerated() {
                    try clock.jump(to: jump)
                    try fixture.append(numberedLines([1], from: number + 2), to: "app.log")
                    let page = try await agent.page(where: "lines_seen_total", reaches: Double(number + 2))
                    #expect(page.value("lines_seen_total") == Double(number + 2))
                    #expect(page.value("outrider_ledger_durable") == 1)
                }
                try fixture.append(numberedLines([1], from: 6), to: "app.log")
                try await agent.kill()
                // It starts in the past of what the ledger holds.
                try clock.jump(to: -7200)
                try await agent.startAndWait(environment: clock.environment)
                let page = try await agent.page(where: "lines_seen_total", reaches: 6)
                #expect(page.value("lines_seen_total") == 6)
                #expect(page.value("value_sum_total") == 6)
                let start = try #require(page.value("process_start_time_seconds"))
                #expect(start < Date().timeIntervalSince1970 - 7000, "the agent did not see the false clock")
                #expect(try await agent.terminate() == .exit(0))
                #expect(agent.process?.error.contains("error") == false, "\(agent.process?.error ?? "")")
            }
        }
    }
}

/// A disk of a few hundred KiB, mounted in a namespace of its own that lives as long as the fixture.
struct SmallDisk {
    private let fixture: Fixture
    private let directory: String
    private let holder: ChildProcess
    private let root: URL

    init(_ fixture: Fixture, at name: String) async throws {
        self.fixture = fixture
        directory = fixture.path(name)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let script = "mount -t tmpfs -o size=512k,mode=0700 tmpfs '\(directory)' && echo mounted && exec cat"
        let holder = try fixture.start(Component.mountNamespace.url, ["--mount", "sh", "-c", script])
        try await until("the disk is mounted", seeing: { holder.error }) { holder.output.contains("mounted") }
        self.holder = holder
        root = URL(fileURLWithPath: "/proc/\(holder.pid)/root\(directory)")
    }

    /// What starts a program where the disk is seen.
    var launcher: [String] { [Component.nsenter.url.path, "--mount=/proc/\(holder.pid)/ns/mnt", "--"] }

    /// Mounts it anew with an option, such as `ro`.
    func remount(_ option: String) async throws {
        let arguments = Array(launcher.dropFirst()) + ["mount", "-o", "remount,\(option)", directory]
        let mounting = try fixture.start(Component.nsenter.url, arguments)
        guard try await mounting.ended() == .exit(0) else { throw AgentEnded(message: mounting.error) }
    }

    /// Writes until nothing more is taken.
    func fill() throws {
        let filler = root.appendingPathComponent("filler").path
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0x78, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        guard errno == ENOSPC else { throw POSIXError(.EIO) }
    }

    func free() throws { try FileManager.default.removeItem(at: root.appendingPathComponent("filler")) }
}

/// The wall clock as one process sees it; its monotonic clocks stay true.
struct FalseClock {
    private let fixture: Fixture

    init(_ fixture: Fixture) async throws {
        self.fixture = fixture
        let compiling = try fixture.start(
            Component.compiler.url,
            [
                "-O1", "-Wall", "-shared", "-fPIC", "-o", fixture.path("false_clock.so"),
                Fixture.writerPath("false_clock", extension: "c"),
            ])
        guard try await compiling.ended() == .exit(0) else { throw AgentEnded(message: compiling.error) }
        try fixture.write("\0\0\0\0\0\0\0\0", to: "clock")
    }

    var environment: [String: String] {
        ["LD_PRELOAD": fixture.path("false_clock.so"), "FALSE_CLOCK": fixture.path("clock")]
    }

    /// Moves the clock to `seconds` from the true time.
    func jump(to seconds: Int) throws {
        let file = try FileHandle(forWritingTo: fixture.url("clock"))
        defer { try? file.close() }
        try withUnsafeBytes(of: Int64(seconds) * 1_000_000_000) { try file.write(contentsOf: Data($0)) }
    }
}
