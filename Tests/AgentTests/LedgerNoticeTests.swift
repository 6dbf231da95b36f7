import Logging
import Testing

@testable import Agent
@testable import Ledger

@Suite
struct LedgerNoticeTests {
    @Test
    func aNoticeWithNothingToDoHasNoHintInTheLog() {
        #expect(
            LedgerNotice(.rollbackJournal, "slower").metadata == ["ledger.notice": "ledger_rollback_journal"])
        #expect(
            LedgerNotice(.missing, "gone", hint: "look").metadata
                == ["ledger.notice": "ledger_missing", "hint": "look"])
    }
}
