import LogModel
import SeriesModel
import TestSupport
import Testing

@testable import Agent

@Suite
struct HealthBoardTests {
    private let time = ManualTime()

    @Test
    func aStateBeginsWhenItChangesAndNotWhenItIsSaidAgain() throws {
        let board = HealthBoard(time: time)
        board.note("ledger", .good)
        let begin = time.wallNow()
        time.advance(by: .seconds(5))
        board.note("ledger", .good)
        #expect(board.report.first?.since == begin)
        board.note("ledger", .failed, reason: "full", hint: "free some")
        let health = try #require(board.report.first)
        #expect(health.since == time.wallNow())
        #expect(health.reason == "full" && health.hint == "free some")
    }

    @Test
    func aPartThatMustTurnAndDoesNotHasFailed() throws {
        let board = HealthBoard(time: time)
        board.note("reading", .good)
        board.progressed("reading", mustTurn: true)
        let turned = time.wallNow()
        time.advance(by: HealthBoard.stallTime)
        #expect(board.report.first?.state == .good)
        time.advance(by: .seconds(1))
        let health = try #require(board.report.first)
        #expect(health.state == .failed)
        #expect(health.since == turned)
        #expect(health.reason == "it has not moved for 31 s")
        board.progressed("reading", mustTurn: true)
        #expect(board.report.first?.state == .good)
    }

    @Test
    func aPartThatOnlyWaitsToBeAskedNeverStalls() {
        let board = HealthBoard(time: time)
        board.note("control", .good)
        board.progressed("control")
        time.advance(by: .seconds(100_000))
        #expect(board.report.map(\.state) == [.good])
    }

    @Test
    func partsAreSortedAndCanGo() {
        let board = HealthBoard(time: time)
        for name in ["server", "control", "reading"] { board.note(name, .good) }
        board.remove("control")
        #expect(board.report.map(\.component) == ["reading", "server"])
        #expect(board.families.first?.samples.map(\.value) == [1, 1])
    }
}
