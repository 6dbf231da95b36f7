import Foundation
import Glibc
import Testing

/// A scratch directory with the agent's configuration, the processes of one scenario, and their end in reverse order.
///
/// The directory is kept when `OUTRIDER_KEEP_SCRATCH` is set, and named when the scenario throws.
final class Fixture {
    let directory: URL
    private var children: [ChildProcess] = []
    private var starts = 0

    /// Runs a scenario; whatever happens, nothing that it started outlives it.
    static func with(_ body: (Fixture) async throws -> Void) async throws {
        let fixture = try Fixture()
        do {
            try await body(fixture)
        } catch {
            fixture.end(keeping: true)
            throw error
        }
        fixture.end(keeping: false)
    }

    private init() throws {
        let pattern = FileManager.default.temporaryDirectory.appendingPathComponent("outrider-e2e-XXXXXX").path
        var template = Array(pattern.utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        directory = URL(
            fileURLWithPath: String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private func end(keeping failed: Bool) {
        for child in children.reversed() { child.kill() }
        let keep = ProcessInfo.processInfo.environment["OUTRIDER_KEEP_SCRATCH"] != nil
        if keep { print("scratch kept\(failed ? " (failed)" : ""): \(directory.path)") }
        if !keep { try? FileManager.default.removeItem(at: directory) }
    }

    // MARK: Files

    func url(_ name: String) -> URL { directory.appendingPathComponent(name) }
    func path(_ name: String) -> String { url(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url(name))
    }

    /// Appends as a service does: to the file that is there now.
    func append(_ text: String, to name: String) throws {
        if !FileManager.default.fileExists(atPath: path(name)) { try write("", to: name) }
        let file = try FileHandle(forWritingTo: url(name))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }

    func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: url(name)), as: UTF8.self) }

    func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: try Data(contentsOf: url(name)))
    }

    // MARK: Processes

    /// Starts any program; it is killed at the end when it still runs.
    func start(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> ChildProcess {
        starts += 1
        let name = "\(program.lastPathComponent)-\(starts)"
        let child = try ChildProcess(
            program, arguments, output: url("\(name).out"), error: url("\(name).err"), environment: environment,
            directory: directory)
        children.append(child)
        return child
    }

    /// Starts one of Writers/*.py.
    func writer(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        try start(Component.python.url, [Self.writerPath(name)] + arguments)
    }

    static func writerPath(_ name: String, extension: String = "py") -> String {
        writers.appendingPathComponent("\(name).\(`extension`)").path
    }

    private static let writers = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Writers")

    /// Runs the built binary.
    func outrider(_ arguments: [String]) throws -> ChildProcess {
        try start(Self.binary, arguments)
    }

    /// `$OUTRIDER_BINARY`, or the one that was built beside the tests.
    static let binary: URL = {
        if let named = ProcessInfo.processInfo.environment["OUTRIDER_BINARY"] { return URL(fileURLWithPath: named) }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("outrider")
    }()
}
