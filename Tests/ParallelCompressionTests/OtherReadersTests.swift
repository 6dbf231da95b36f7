import Foundation
import ParallelCompression
import TestSupport
import Testing

/// What other programs make of the files.
@Suite(.serialized) struct OtherReadersTests {
    private static let contents: [(name: String, bytes: [UInt8])] = [
        ("nothing", []), ("one byte", [0x0A]), ("one member", Array("a line\n".utf8)),
        ("many members", madeUp((3 << 20) + 99, seed: 8)),
        ("noise", madeUp((1 << 20) + 1, seed: 9, compressible: false)),
    ]

    @Test(.enabled(if: Program.isInstalled("zcat"), "zcat is not installed"))
    func zcatReadsThem() throws { try expectContent("zcat", []) }

    @Test(.enabled(if: Program.isInstalled("pigz"), "pigz is not installed"))
    func pigzReadsThem() throws { try expectContent("pigz", ["-d", "-c"]) }

    @Test(.enabled(if: Program.isInstalled("python3"), "python3 is not installed"))
    func pythonReadsThem() throws {
        try expectContent(
            "python3",
            ["-c", "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.stdin.buffer).read())"])
    }

    private func expectContent(_ program: String, _ arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        for (name, content) in Self.contents {
            let file = try CompressedFile(content, .workers(2))
            let input = directory("app.log.gz")
            try Data(file.bytes).write(to: URL(fileURLWithPath: input))
            let output = try Program.run(program, arguments, input: input, output: directory("output"))
            #expect(output == content, "\(program): \(name)")
        }
    }
}

private enum Program {
    static func path(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func isInstalled(_ name: String) -> Bool { path(name) != nil }

    static func run(_ name: String, _ arguments: [String], input: String, output: String) throws -> [UInt8] {
        try Data().write(to: URL(fileURLWithPath: output))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path(name)))
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(name) ended with \(process.terminationStatus)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: output)))
    }
}
