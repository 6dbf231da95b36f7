import FileAccess
import FileTail
import LogModel
import TestSupport
import Testing

/// What keeps files from being read is said once, and for as long as it lasts.
@Suite struct ProblemTests {
    private let disk = SimulatedDisk()

    private func tail(_ globs: [String]) throws -> FileTail {
        let source = FileSourceSettings(name: SourceName("app"), include: globs, startAt: .beginning)
        return try FileTail(sources: [source], files: disk, time: ManualTime())
    }

    /// All that is said now, and by how many voices.
    private func problems(_ tail: FileTail) -> [String] {
        (tail.problems + tail.streamIDs.compactMap(tail.problem(of:))).map(\.message)
    }

    @Test func aFileThatMayNotBeReadIsOneProblemUntilItMay() throws {
        try disk.makeDirectory("/log")
        try disk.create("/log/app.log", Array("one\n".utf8))
        try disk.setReadable("/log/app.log", false)
        let tail = try tail(["/log/*.log"])
        for _ in 0..<3 {
            _ = tail.scan()
            tail.observe()
            #expect(problems(tail).count == 1)
            #expect(problems(tail).first?.contains("/log/app.log") == true)
        }
        try disk.setReadable("/log/app.log", true)
        _ = tail.scan()
        tail.observe()
        #expect(problems(tail) == [])
    }

    @Test func aSourceThatFindsNothingButWhatIsNoFileSaysSo() throws {
        try disk.makeDirectory("/log")
        try disk.makeSpecial("/log/fifo")
        let tail = try tail(["/log/f*", "/log"])
        _ = tail.scan()
        #expect(problems(tail).count == 2)
        #expect(problems(tail).contains { $0.contains("/log/fifo") })
        try disk.create("/log/file.log")
        _ = tail.scan()
        #expect(problems(tail) == [])
    }
}
