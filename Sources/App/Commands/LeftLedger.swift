import Agent
import FileAccess
import Ledger

/// What the last agent left in a state directory, for when none runs.
enum LeftLedger {
    /// What people are told beside it.
    static let note = "No agent runs: this is what the last one left."

    /// All that the ledger holds.
    ///
    /// - Throws: `NoAgent` when no agent was ever there; `LedgerError` when the ledger cannot be read.
    static func contents(of directory: String) throws -> LedgerContents {
        // Opening a ledger that is not there would make one.
        guard try LinuxFileAccess().status("\(directory)/ledger.db") != nil else {
            throw NoAgent(AgentLocation(stateDirectory: directory))
        }
        let settings = LedgerSettings(directory: directory, onCorrupt: .refuse)
        let (ledger, contents, _) = try Ledger.open(settings, now: LinuxTime().wallNow())
        ledger.close()
        return contents
    }
}
