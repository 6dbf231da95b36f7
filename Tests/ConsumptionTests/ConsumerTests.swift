import FileTail
import Foundation
import LogModel
import Testing

@testable import Consumption

@Suite struct ConsumerTests {
    @Test func startAtEndSkipsAndAccounts() throws {
        let f = try TailFixture(startAt: .end)
        f.append("old 1\nold 2\npart")
        f.read()
        f.append("ial\nnew\n")
        f.read()
        #expect(f.lines == ["partial", "new"])
        #expect(f.account().skipped == [.startAt: 12])
    }

    @Test func fileThatAppearsLaterIsReadFromItsBeginning() throws {
        let f = try TailFixture(["*.log"], startAt: .end)
        f.append("old\n")
        f.read()
        f.append("first\n", to: "other.log")
        f.read()
        try f.restart()
        f.append("first\n", to: "third.log")
        f.read()
        #expect(f.lines == ["first", "first"])
    }

    @Test func consumerWithoutRoomReadsLaterByItself() throws {
        let f = try TailFixture(consumers: ["metrics", "slow"])
        f.append("1\n2\n")
        f.consumers[1].hasRoom = false
        f.read()
        f.append("3\n")
        f.read()
        try f.rename("app.log", "app.log.1")
        f.append("4\n")
        f.read()
        #expect(f.consumers[0].lines == ["1", "2", "3", "4"])
        #expect(f.consumers[1].lines.isEmpty)
        f.consumers[1].hasRoom = true
        try f.restart()
        f.read()
        #expect(f.consumers[1].lines == ["1", "2", "3", "4"])
        #expect(f.consumers[0].lines == ["1", "2", "3", "4"])
    }

    @Test func laggingConsumerReadsOnInTheCompressedFile() throws {
        let f = try TailFixture(consumers: ["metrics", "slow"])
        f.append("1\n2\n")
        f.read()
        f.consumers[1].hasRoom = false
        f.append("3\n4\n")
        f.read()
        try f.rename("app.log", "app.log.1")
        f.append("5\n")
        f.read()
        try f.run("gzip app.log.1")
        f.consumers[1].hasRoom = true
        try f.restart()
        f.read()
        #expect(f.consumers[1].lines == ["1", "2", "3", "4", "5"])
        #expect(f.consumers[0].lines == ["1", "2", "3", "4", "5"])
    }

    @Test func newConsumerStartsAsTheSourceSays() throws {
        let f = try TailFixture(startAt: .end)
        f.append("1\n")
        f.read()
        f.append("2\n")
        f.read()
        try f.restart(consumers: ["metrics", "late"])
        f.read()
        f.append("3\n")
        f.read()
        #expect(f.consumers[0].lines == ["2", "3"])
        #expect(f.consumers[1].lines == ["3"])
        #expect(f.account("late").skipped == [.startAt: 4])
    }

    @Test(arguments: [1, 3, 16])
    func longLinesAreCutAndCounted(limit: Int) throws {
        let f = try TailFixture(maximumLineLength: limit)
        f.append(
            "a\n" + String(repeating: "x", count: 600_000) + "\nb\n" + String(repeating: "y", count: limit) + "\n\n")
        f.read()
        let cut = String(repeating: "x", count: limit)
        #expect(f.lines == ["a", cut, "b", String(repeating: "y", count: limit), ""])
        #expect(f.account().linesCut == 1)
        #expect(f.account().skipped == [.lineTooLong: UInt64(600_001 - limit)])
    }

    @Test func cutLineGoesOnAcrossARestart() throws {
        let f = try TailFixture(maximumLineLength: 8)
        f.append("0123456789")
        f.read()
        try f.restart()
        f.append("more\nnext\n")
        f.read()
        #expect(f.lines == ["01234567", "next"])
        #expect(f.account().lines == 2)
    }

    @Test func nulBytesInvalidTextAndCarriageReturnsPass() throws {
        let f = try TailFixture()
        f.append("a\u{0}b\n\u{0}\n\r\n\n")
        f.read()
        #expect(f.lines == ["a\u{0}b", "\u{0}", "", ""])
    }

    @Test func symbolicAndHardLinksAreReadOnce() throws {
        let f = try TailFixture(["*.log"])
        f.append("1\n")
        try f.run("ln -s app.log alias.log; ln app.log hard.log")
        f.read()
        f.append("2\n")
        f.read()
        #expect(f.lines == ["1", "2"])
    }

    @Test func directoriesFIFOsAndUnreadableFilesAreNoTrouble() throws {
        let f = try TailFixture(["*.log"])
        try f.run("mkdir d.log; mkfifo p.log; echo x > app.log")
        f.read()
        #expect(f.lines == ["x"])
    }

    @Test func unchangedStreamsAreNotCommittedAgain() throws {
        let f = try TailFixture()
        f.append("1\n")
        f.read()
        f.advance()
        #expect(f.tail.takeChanges().streams.isEmpty)
        #expect(f.consumption.takeChanges().consumers.isEmpty)
    }
}
