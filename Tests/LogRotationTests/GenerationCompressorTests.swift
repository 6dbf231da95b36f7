import FileAccess
import Foundation
import Glibc
import LogModel
import LogRotation
import ParallelCompression
import Synchronization
import TestSupport
import Testing

/// Generations that become gzip files.
@Suite struct GenerationCompressorTests {
    private let fixture: RotationFixture
    private let lines = (0..<50_000).map { "line \($0 * 7919 % 50_000)\n" }.joined()

    init() throws { fixture = try RotationFixture() }

    private func compressor(_ directory: HeldDirectory, checksum: Bool = true) -> GenerationCompressor {
        var settings = ParallelGzipSettings()
        settings.memberContentLength = 100_000
        return GenerationCompressor(directory, fixture.names, settings, writesChecksum: checksum)
    }

    private func generation() throws -> Generation {
        try fixture.write(lines)
        return try #require(try fixture.setAside(fixture.directory()))
    }

    private func output(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: fixture.path)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test func theFileHoldsTheSameWithOwnerModeAndTimes() throws {
        let directory = try fixture.directory()
        let generation = try generation()
        let before = try #require(try directory.status(generation.name))
        let made = try compressor(directory).compress(generation)
        #expect(made.plainLength == UInt64(lines.utf8.count))
        #expect(made.generation.name == "\(generation.name).gz")
        #expect(try fixture.files == ["app.log", made.generation.name, "\(made.generation.name).sha256"])
        #expect(try fixture.text(made.generation.name) == lines)
        let after = try #require(try directory.status(made.generation.name))
        #expect(after.size == made.compressedLength && after.size < before.size)
        #expect(
            after.modified == before.modified && after.permissions == before.permissions && after.owner == before.owner)
        #expect(try output(["zcat", made.generation.name]) == lines)
        #expect(
            try output(["sha256sum", "--check", "\(made.generation.name).sha256"]) == "\(made.generation.name): OK\n")
    }

    @Test func whatIsStillWrittenToStays() throws {
        let generation = try generation()
        let writer = try #require(FileHandle(forWritingAtPath: "\(fixture.path)/\(generation.name)"))
        let compressor = compressor(try fixture.directory())
        #expect(fixture.code { _ = try compressor.compress(generation) } == "still_open")
        #expect(try fixture.files == ["app.log", generation.name])
        try writer.close()
        _ = try compressor.compress(generation)
        #expect(try fixture.files.contains("\(generation.name).gz"))
    }

    @Test func anotherFileOfTheNameIsLeftAlone() throws {
        let generation = try generation()
        try fixture.write("something else", to: "\(generation.name).gz")
        let compressor = compressor(try fixture.directory())
        #expect(fixture.code { _ = try compressor.compress(generation) } == "generations_differ")
        #expect(try fixture.text(generation.name) == lines)
        try fixture.directory().remove(generation.name)
        #expect(fixture.code { _ = try compressor.compress(generation) } == "generation_gone")
    }

    /// A disk that refuses at any moment leaves the generation whole and nothing beside it.
    @Test func aDiskThatRefusesLeavesTheGenerationWhole() throws {
        let generation = try generation()
        _ = try compressor(fixture.directory()).compress(generation)
        let count = fixture.seen.count { $0.label == "file.write" } / 2
        #expect(count > 3)
        for nth in 0..<count {
            let again = try RotationFixture()
            try again.write(lines)
            let generation = try #require(try again.setAside(again.directory()))
            let writes = Mutex(0)
            let directory = try HeldDirectory.open(
                again.path,
                writer: FileWriter { point throws(FileAccessError) in
                    guard point == CrashPoint(.before, "file.write") else { return }
                    let number = writes.withLock { count in
                        defer { count += 1 }
                        return count
                    }
                    if number == nth {
                        throw FileAccessError(code: "no_space", message: "Full.", hint: nil, healing: .byItself)
                    }
                })
            #expect(again.code { _ = try compressor(directory).compress(generation) } == "no_space")
            #expect(try again.text(generation.name) == lines)
            #expect(try again.files == ["app.log", generation.name])
            _ = try compressor(again.directory()).compress(generation)
            #expect(try again.text("\(generation.name).gz") == lines)
        }
    }

    /// Killed before or after any system call of a rotation, the next start makes of it what it was to be.
    @Test func aCrashAtAnyPointLosesNothing() throws {
        func rotate(_ fixture: RotationFixture, _ directory: HeldDirectory) throws {
            guard let generation = try fixture.setAside(directory) else { return }
            _ = try compressor(directory).compress(generation)
        }
        try fixture.write(lines)
        try rotate(fixture, fixture.directory())
        let points = fixture.seen
        #expect(points.count > 40)
        var labels: [CrashPoint: Int] = [:]
        for point in points {
            labels[point, default: 0] += 1
            // Of many writes the first one is enough.
            if labels[point] != 1 { continue }
            let again = try RotationFixture()
            try again.write(lines)
            #expect(throws: (any Error).self) { try rotate(again, again.directory(dyingAt: point)) }
            let directory = try again.directory()
            let compressor = compressor(directory)
            _ = try compressor.clean()
            let left = again.names.generations(among: try directory.list().map(\.name))
            for generation in left where !generation.isCompressed { _ = try compressor.compress(generation) }
            let texts = try again.files.filter { !$0.hasSuffix(".sha256") && $0 != "app.log" }.map {
                try again.text($0)
            }
            let live = try directory.status("app.log") == nil ? "" : try again.text("app.log")
            #expect(texts.joined() + live == lines, "\(point)")
            #expect(try again.files.allSatisfy { !$0.hasSuffix(".part") }, "\(point)")
            #expect(texts.count <= 1, "\(point)")
        }
    }
}
