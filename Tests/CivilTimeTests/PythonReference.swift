import Foundation
import Testing

/// Python's `datetime` and `zoneinfo`, which read the same zone files and follow the same rules for gaps and repeats.
enum PythonReference {
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/bin"]).map { "\($0)/python3" }.first { path in
            FileManager.default.isExecutableFile(atPath: path)
                && (try? lines(of: "import zoneinfo; print(zoneinfo.ZoneInfo('Europe/Berlin'))", path: path)) != nil
        }
    }()
    static let isInstalled = path != nil
    static let advice: Comment = "there is no python3 with zoneinfo and tzdata: apt-get install python3 tzdata"

    struct Failure: Error {
        var status: Int32
        var text: String
    }

    /// What a program prints, line by line. Only where Python is installed.
    static func lines(of program: String, _ arguments: [String] = [], input: String = "") throws -> [Substring] {
        try lines(of: program, arguments, input: input, path: try #require(path))
    }

    private static func lines(
        of program: String, _ arguments: [String] = [], input: String = "", path: String
    ) throws -> [Substring] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, output) = (folder.appending(path: "input"), folder.appending(path: "output"))
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-c", program] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        let text = try String(decoding: Data(contentsOf: output), as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus, text: text) }
        return text.split(separator: "\n")
    }
}
