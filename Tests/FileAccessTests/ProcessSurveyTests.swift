import FileAccess
import Foundation
import Glibc
import LogModel
import TestSupport
import Testing

@Suite("Processes and their files", .timeLimit(.minutes(10)))
struct ProcessSurveyTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A program that says what it has done, and ends when it is told something.
    private final class Program {
        let process = Process()
        private let (input, output) = (Pipe(), Pipe())

        init(_ words: [String], in directory: TemporaryDirectory) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
            process.standardInput = input
            process.standardOutput = output
            try process.run()
        }

        /// The next thing it says.
        func line() -> String {
            var bytes: [UInt8] = []
            while let byte = output.fileHandleForReading.readData(ofLength: 1).first, byte != 10 { bytes.append(byte) }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Not by closing its input, whose other end another program may have inherited.
        func end() throws {
            try input.fileHandleForWriting.write(contentsOf: Data("end\n".utf8))
            process.waitUntilExit()
        }
    }

    private func identity(_ name: String) throws -> FileIdentity {
        try #require(try LinuxFileAccess().status(directory(name))).identity
    }

    @Test("who has a file open, how, and where it writes next")
    func holders() throws {
        let program = try Program(
            ["bash", "-c", "exec 7>>log 8>log2 9<>log2; printf abc >&8; echo ready; read x"], in: directory)
        #expect(program.line() == "ready")
        let number = program.process.processIdentifier
        let appending = try ProcessSurvey.holders(of: identity("log")).holders.filter { $0.process.number == number }
        #expect(appending.map(\.descriptor) == [7])
        #expect(appending.first?.appends == true && appending.first?.isWriting == true)
        #expect(appending.first?.process.command == "bash")
        let others = try ProcessSurvey.holders(of: identity("log2")).holders.filter { $0.process.number == number }
        #expect(Set(others.map(\.descriptor)) == [8, 9])
        #expect(others.allSatisfy { !$0.appends && $0.isWriting })
        #expect(others.first { $0.descriptor == 8 }?.offset == 3)
        // Its name may be gone.
        let held = try identity("log")
        try FileWriter().remove(directory("log"))
        #expect(try ProcessSurvey.holders(of: held).holders.contains { $0.process.number == number })
        try program.end()
        #expect(try ProcessSurvey.holders(of: held).holders.allSatisfy { $0.process.number != number })
    }

    @Test("a signal is sent to who catches it only, and never to another process of the same number")
    func signals() throws {
        // Of the thread that starts it, it has inherited that the signal waits.
        let script = [
            "from signal import *", "import sys", "signal(SIGUSR1, lambda *_: print('opened', flush=True))",
            "pthread_sigmask(SIG_UNBLOCK, [SIGUSR1])", "print('ready', flush=True)", "sys.stdin.readline()",
        ].joined(separator: "\n")
        let program = try Program(["python3", "-c", script], in: directory)
        #expect(program.line() == "ready")
        let reference = try #require(ProcessSurvey.reference(program.process.processIdentifier))
        #expect(ProcessSurvey.catches(SIGUSR1, reference) == true)
        #expect(ProcessSurvey.catches(SIGHUP, reference) == false)
        let held = try #require(try HeldProcess.hold(reference))
        let error = #expect(throws: FileAccessError.self) { try held.send(SIGHUP) }
        #expect(error?.code == "signal_would_kill")
        #expect(try held.send(SIGUSR1))
        #expect(program.line() == "opened")
        #expect(held.isAlive)
        var earlier = reference
        earlier.start -= 1
        #expect(try HeldProcess.hold(earlier) == nil)
        #expect(ProcessSurvey.catches(SIGUSR1, earlier) == nil)
        try program.end()
        #expect(try !held.send(SIGUSR1))
        #expect(!held.isAlive)
        #expect(try HeldProcess.hold(reference) == nil)
        #expect(ProcessSurvey.reference(reference.number) == nil)
    }
}
