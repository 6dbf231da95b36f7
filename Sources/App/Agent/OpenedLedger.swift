import FileAccess
import Ledger
import LogModel
import Logging

/// The ledger as the agent starts with it, or an empty stand-in while the disk refuses one.
struct OpenedLedger: ~Copyable {
    let contents: LedgerContents
    let committer: LedgerCommitter<AgentState>

    init(_ settings: LedgerSettings, files: any FileAccess, time: any TimeSource, logger: Logger) throws(LedgerError) {
        do throws(LedgerError) {
            let (ledger, contents, notices) = try Ledger.open(settings, now: time.wallNow())
            Self.log(notices, logger)
            self.contents = contents
            committer = LedgerCommitter(ledger: ledger, time: time)
        } catch {
            // Where a ledger lies, counting from zero would be wrong: whoever started the agent starts it again.
            let database = "\(settings.directory)/\(Ledger.fileName)"
            let mayBeMissing = error.healing == .byItself || error.kind == .readOnly
            guard mayBeMissing, Self.isMissing(database, files) else { throw error }
            logger.error(
                "running without a ledger: a crash now loses counts", metadata: ["error": "\(error)"])
            contents = LedgerContents()
            committer = LedgerCommitter(ledger: nil, time: time) {
                () throws(LedgerError) in
                let (ledger, _, notices) = try Ledger.open(settings, now: time.wallNow())
                Self.log(notices, logger)
                return ledger
            }
        }
    }

    /// Certainly missing: what cannot be looked at may be there.
    private static func isMissing(_ path: String, _ files: any FileAccess) -> Bool {
        do { return try files.status(path) == nil } catch { return false }
    }

    private static func log(_ notices: [LedgerNotice], _ logger: Logger) {
        for notice in notices {
            logger.warning("\(notice.message)", metadata: notice.metadata)
        }
    }
}

extension LedgerNotice {
    /// What stands behind the message in the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["ledger.notice": "\(code)"]
        if let hint { metadata["hint"] = "\(hint)" }
        return metadata
    }
}
