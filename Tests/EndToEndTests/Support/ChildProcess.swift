import Foundation
import Glibc

/// How a child ended.
enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
}

/// A program started by a test, with its output in files; killed when the fixture ends, by its own pid only.
final class ChildProcess {
    let pid: Int32
    let standardOutput: URL
    let standardError: URL
    private let process: Process
    private let input = Pipe()

    init(
        _ program: URL, _ arguments: [String], output: URL, error: URL, environment: [String: String] = [:],
        directory: URL? = nil
    ) throws {
        let process = Process()
        self.process = process
        standardOutput = output
        standardError = error
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = try Self.fileForWriting(output)
        process.standardError = try Self.fileForWriting(error)
        try Self.withNoSignalBlocked { try process.run() }
        pid = process.processIdentifier
        try? input.fileHandleForReading.close()
    }

    /// A child inherits the mask of the thread that starts it, and those of the concurrency pool block SIGTERM and its like.
    private static func withNoSignalBlocked(_ body: () throws -> Void) throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func fileForWriting(_ url: URL) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return try FileHandle(forWritingTo: url)
    }

    var isRunning: Bool { process.isRunning }

    /// What it has written so far.
    var output: String { contents(of: standardOutput) }
    var error: String { contents(of: standardError) }

    private func contents(of url: URL) -> String {
        String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self)
    }

    func send(signal: Int32) { if process.isRunning { kill(pid, signal) } }

    /// Writes a line to its standard input.
    func tell(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Writes all of its standard input and closes it.
    func give(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
    }

    /// Waits for the end without asking for it.
    @discardableResult
    func ended(within patience: Duration = patience) async throws -> Ending {
        let name = process.executableURL?.lastPathComponent ?? "child"
        try await until("\(name) (pid \(pid)) ends", within: patience, seeing: { error }) { !process.isRunning }
        process.waitUntilExit()
        return process.terminationReason == .exit
            ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
    }

    /// Sends `signal` and waits for the end.
    @discardableResult
    func stop(with signal: Int32 = SIGTERM, within patience: Duration = patience) async throws -> Ending {
        send(signal: signal)
        return try await ended(within: patience)
    }

    /// For clean-up: ends it at once, whatever it is doing.
    func kill() {
        guard process.isRunning else { return }
        send(signal: SIGCONT)
        send(signal: SIGKILL)
        process.waitUntilExit()
    }

    private func kill(_ pid: Int32, _ signal: Int32) { _ = Glibc.kill(pid, signal) }
}
