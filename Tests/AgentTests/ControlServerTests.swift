import Configuration
import FileAccess
import Foundation
import JSONText
import LogModel
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Agent

@Suite
struct ControlServerTests {
    /// A server that echoes, on a socket in a directory of its own.
    private static func with(
        _ directory: String, answer: @escaping @Sendable (ControlRequest) async -> ControlAnswer = echo,
        _ body: () async throws -> Void
    ) async throws {
        let server = try ControlServer.start(directory: directory, logger: silent, answer: answer)
        do { try await body() } catch {
            server.stop()
            throw error
        }
        server.stop()
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func echo(_ request: ControlRequest) async -> ControlAnswer {
        if case .drop(let name) = request {
            return .refusal(
                ControlRefusal(code: "no", message: "not \(name)", hint: "another", details: ["one\n    two", "three"]))
        }
        return .answer(["asked": .string(request.line)])
    }

    /// As `ControlClient.ask`, which blocks, on a thread of its own: the pool may have one thread only, and the server needs it.
    private static func ask(_ request: ControlRequest, _ directory: String) async throws -> JSONValue? {
        try await offPool { try ControlClient.ask(request, directory: directory) }
    }

    private static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try DedicatedThread(name: "client") { continuation.resume(with: Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// What comes back for bytes as they are.
    private static func send(_ bytes: [UInt8], _ directory: String) async throws -> ControlAnswer? {
        try await offPool { try exchange(bytes, directory) }
    }

    private static func exchange(_ bytes: [UInt8], _ directory: String) throws -> ControlAnswer? {
        let connection = try #require(
            try LocalConnection.connect(directory: directory, name: ControlRequest.socketName))
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
        do throws(FileAccessError) { try connection.write(bytes, deadline: deadline) } catch {
            // The server may have heard enough before everything was sent.
            if !error.isBrokenPipe { throw error }
        }
        return ControlAnswer(
            document: try JSONValue(parsing: try connection.read(limit: 1 << 20, deadline: deadline)))
    }

    @Test
    func aSocketWhoseDirectoryWasReplacedComesBack() async throws {
        let directory = try TemporaryDirectory()
        let state = "\(directory.path)/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
        try await Self.with(state) {
            try FileManager.default.removeItem(atPath: state)
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
            let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
            var answer: JSONValue?
            while answer == nil, LinuxTime().monotonicNow() < deadline {
                answer = try await Self.ask(.status, state)
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(answer == ["asked": "status"])
        }
    }

    @Test
    func aRequestIsAnswered() async throws {
        let directory = try TemporaryDirectory()
        try await Self.with(directory.path) {
            for request in [ControlRequest.status, .explain(path: "/a b")] {
                let answer = try await Self.ask(request, directory.path)
                #expect(answer == ["asked": .string(request.line)])
            }
        }
    }

    @Test
    func aRefusalKeepsItsWords() async throws {
        let directory = try TemporaryDirectory()
        try await Self.with(directory.path) {
            let refusal = await #expect(throws: ControlRefusal.self) {
                try await Self.ask(.drop(ConsumerName("x")), directory.path)
            }
            #expect(
                refusal
                    == ControlRefusal(
                        code: "no", message: "not x", hint: "another", details: ["one\n    two", "three"]))
        }
    }

    @Test(arguments: [
        Array("stat\n".utf8), [0xFF, 0x0A], Array("status\nstatus\n".utf8), Array("drop \n".utf8), [0x0A],
    ])
    func whatIsMalformedIsRefusedAndTheNextIsAnswered(bytes: [UInt8]) async throws {
        let directory = try TemporaryDirectory()
        try await Self.with(directory.path) {
            guard case .refusal(let refusal) = try await Self.send(bytes, directory.path) else {
                Issue.record("it was taken")
                return
            }
            #expect(refusal.code == "request_malformed")
            let answer = try await Self.ask(.status, directory.path)
            #expect(answer != nil)
        }
    }

    @Test
    func aRequestThatIsTooLongIsRefused() async throws {
        let directory = try TemporaryDirectory()
        try await Self.with(directory.path) {
            let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: ControlRequest.maximumLength + 1)
            guard case .refusal(let refusal) = try await Self.send(bytes, directory.path) else {
                Issue.record("it was taken")
                return
            }
            #expect(refusal.code == "message_too_long")
        }
    }

    @Test
    func aStateDirectoryMayHaveALongPath() async throws {
        let directory = try TemporaryDirectory()
        let deep = directory(String(repeating: "d", count: 200))
        try FileWriter().makeDirectories(deep)
        try await Self.with(deep) {
            let answer = try await Self.ask(.status, deep)
            #expect(answer == ["asked": "status"])
        }
    }

    @Test
    func aSocketThatIsLeftOverIsReplaced() async throws {
        let directory = try TemporaryDirectory()
        // Nobody listens there any more when the listener is gone; its name stays.
        _ = try LocalListener(directory: directory.path, name: ControlRequest.socketName)
        #expect(try LinuxFileAccess().status(directory(ControlRequest.socketName)) != nil)
        #expect(try await Self.ask(.status, directory.path) == nil)
        try await Self.with(directory.path) {
            let answer = try await Self.ask(.status, directory.path)
            #expect(answer != nil)
        }
    }

    @Test
    func withoutAServerThereIsNoAnswer() async throws {
        let directory = try TemporaryDirectory()
        #expect(try await Self.ask(.status, directory.path) == nil)
        #expect(try await Self.ask(.status, directory("missing")) == nil)
        try await Self.with(directory.path) {}
        #expect(try LinuxFileAccess().status(directory(ControlRequest.socketName)) == nil)
    }

    @Test
    func stoppingAnswersWhoStillWaits() async throws {
        let directory = try TemporaryDirectory()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let server = try ControlServer.start(directory: directory.path, logger: Self.silent) { request in
            begin.yield()
            for await _ in released { break }
            return .answer("late")
        }
        async let answer = Self.ask(.status, directory.path)
        for await _ in begun { break }
        server.stop()
        do {
            _ = try await answer
            Issue.record("it was answered")
        } catch {
            #expect((error as? ControlRefusal)?.code == "stopping")
        }
        release.finish()
    }
}
