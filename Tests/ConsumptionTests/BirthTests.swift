import FileTail
import Foundation
import LogModel
import Testing

@testable import Consumption

/// Logs that are born, and rotated, after their source was looked for and before their stream is known.
@Suite struct BirthTests {
    private static func number(_ range: Range<Int>) -> String { range.map { "line \($0)\n" }.joined() }

    @Test(arguments: ["*.log", "app.log"])
    func logThatWasBornAndRotatedWhileDownIsReadWhole(glob: String) throws {
        let f = try TailFixture([glob])
        f.read()
        f.append(Self.number(0..<100))
        try f.rename("app.log", "app.log.1")
        f.append(Self.number(100..<150))
        try f.restart()
        f.read()
        #expect(f.lines == (0..<150).map { "line \($0)" })
        try f.rename("app.log.1", "app.log.2")
        try f.rename("app.log", "app.log.1")
        try f.restart()
        f.read()
        #expect(f.lines.count == 150)
        #expect(f.account().lost.isEmpty)
    }

    @Test func logThatWasReadButNotCommittedIsReadWholeAfterItsRotation() throws {
        let f = try TailFixture(["*.log"])
        f.read()
        f.append("1\n2\n")
        f.advance()
        f.consumers[0].lines = []
        try f.rename("app.log", "app.log.1")
        f.append("3\n")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3"])
    }

    @Test func logThatWasRotatedSeveralTimesBetweenTwoLooksIsReadWhole() throws {
        let f = try TailFixture(["*.log"])
        f.read()
        f.append("1\n", to: "app.log.2026-11-21_16-00-01")
        f.append("2\n", to: "app.log.2026-11-21_16-00-02")
        f.append("3\n")
        f.read()
        #expect(f.lines == ["1", "2", "3"])
    }

    @Test func rotatedFileAndItsCompressedCopyAreReadOnce() throws {
        let f = try TailFixture(["*.log"])
        f.read()
        f.append("1\n", to: "app.log.1")
        try f.run("gzip -k app.log.1")
        f.append("2\n")
        f.read()
        #expect(f.lines == ["1", "2"])
    }

    @Test func logThatWasRotatedAndHasNoSuccessorYetIsReadWithItsSuccessor() throws {
        let f = try TailFixture(["*.log"])
        f.read()
        f.append("1\n", to: "app.log.1")
        f.read()
        f.append("2\n")
        f.read()
        #expect(f.lines == ["1", "2"])
    }

    @Test(arguments: [false, true], [StartPosition.beginning, .end])
    func rotatedFileFromBeforeTheFirstScanIsNotReadWhenItsLiveFileAppears(restarts: Bool, start: StartPosition) throws {
        let f = try TailFixture(["*.log"], startAt: start)
        f.append("old\n", to: "app.log.1")
        f.append("older\n", to: "app.log-20240101")
        f.read()
        f.append("new\n")
        if restarts { try f.restart() }
        f.read()
        #expect(f.lines == ["new"])
        try f.rename("app.log.1", "app.log.2")
        try f.rename("app.log", "app.log.1")
        f.append("newer\n")
        if restarts { try f.restart() }
        f.read()
        #expect(f.lines == ["new", "newer"])
    }

    @Test func namedRotatedFilesOfTheFirstScanAreGovernedByTheStart() throws {
        let f = try TailFixture(["*.log*"], startAt: .end)
        f.append("old\n", to: "app.log.1")
        f.read()
        f.append("new\n")
        f.read()
        #expect(f.lines == ["new"])
    }

    /// A dated log of two years has more rotated files than a stream remembers of files that are gone.
    @Test func hundredsOfRotatedFilesFromBeforeTheFirstScanAreNeverRead() throws {
        let f = try TailFixture(["*.log"])
        for day in 0..<600 { f.append("old \(day)\n", to: "app.log-\(20_200_000 + day)") }
        f.append("1\n")
        f.read()
        try f.restart()
        try f.rename("app.log", "app.log-20261121")
        f.append("2\n")
        f.read()
        #expect(f.lines == ["1", "2"])
    }
}
