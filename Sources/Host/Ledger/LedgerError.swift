import CSQLite
public import LogModel

/// A ledger, or its directory, that cannot do what was asked.
public struct LedgerError: DescribedError {
    /// What is wrong; its raw value is the error's code.
    public enum Kind: String, Sendable, CaseIterable {
        case diskFull = "ledger_disk_full"
        case inputOutput = "ledger_io"
        case readOnly = "ledger_read_only"
        case corrupt = "ledger_corrupt"
        /// The file is from a newer version of the agent.
        case newer = "ledger_newer"
        /// The file under a database's name is of another program.
        case foreign = "ledger_foreign"
        /// Another process, not an agent, holds a lock on the database.
        case locked = "ledger_locked"
        /// The file under the ledger's name is no longer the one that is open.
        case moved = "ledger_moved"
        /// Another agent uses the state directory.
        case inUse = "state_dir_in_use"
        /// The state directory cannot be created or opened.
        case directory = "state_dir_unusable"
        /// The SQLite library is older than the format needs.
        case libraryTooOld = "ledger_sqlite_too_old"
        /// Anything else that SQLite refused.
        case failed = "ledger_failed"
    }

    /// What is wrong.
    public let kind: Kind
    /// One sentence: what failed, where and why.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// Whether trying again later makes sense.
    public let healing: Healing
    /// The raw value of `kind`.
    public var code: String { kind.rawValue }

    init(_ kind: Kind, _ message: String, hint: String?, healing: Healing) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.healing = healing
    }
}

extension LedgerError {
    /// What a failed call of SQLite means for the ledger, or another database, at `path`.
    init(_ failure: SQLiteFailure, doing action: String, path: String, subject: String = "ledger") {
        let detail = failure.errorNumber == 0 ? failure.message : "\(failure.message), errno \(failure.errorNumber)"
        let message = "\(subject) \(path) cannot be \(action): \(detail)"
        switch failure.primaryCode {
        case SQLITE_FULL:
            self.init(
                .diskFull, message,
                hint: subject == "ledger"
                    ? "free some space on its file system; nothing is lost while the logs are there"
                    : "free some space on its file system",
                healing: .byItself)
        case SQLITE_READONLY, SQLITE_PERM:
            self.init(
                .readOnly, message, hint: "make the file and its directory writable for the agent's user",
                healing: .byOperator)
        case SQLITE_CANTOPEN:
            self.init(
                .readOnly, message,
                hint:
                    "the directory must exist and be writable for the agent's user, on a file system mounted read-write",
                healing: .byOperator)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_MISMATCH, SQLITE_CONSTRAINT:
            self = .corrupt(path: path, detail: failure.message, subject: subject)
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                .locked, message, hint: "another process, such as a sqlite3 shell, has the file open: close it",
                healing: .byItself)
        case SQLITE_IOERR:
            self.init(
                .inputOutput, message, hint: "look for disk errors in the kernel's log (dmesg)", healing: .byItself)
        default:
            self.init(.failed, message, hint: nil, healing: .byItself)
        }
    }

    static func corrupt(path: String, detail: String, subject: String = "ledger") -> LedgerError {
        LedgerError(
            .corrupt, "\(subject) \(path) is damaged: \(detail)",
            hint: subject != "ledger"
                ? "look for disk errors in the kernel's log (dmesg)"
                : "restore it from a backup, or move it away (on_corrupt: start_fresh does that) to begin with an empty one",
            healing: .byOperator)
    }

    /// The file at `path` is none of the agent's; `detail` tells by what.
    static func foreign(path: String, detail: String, subject: String) -> LedgerError {
        LedgerError(
            .foreign, "\(path) is not a \(subject) of Outrider: \(detail)",
            hint: "move it to where it belongs; leave the state directory to the agent", healing: .byOperator)
    }

    static func newer(path: String, version: Int64, known: Int64) -> LedgerError {
        LedgerError(
            .newer, "ledger \(path) has format \(version), and this agent knows formats up to \(known)",
            hint: "start the newer agent again, or go back to the copy that it kept as \(path).v\(known).bak",
            healing: .byOperator)
    }

    static func moved(path: String, subject: String = "ledger") -> LedgerError {
        LedgerError(
            .moved, "\(subject) \(path) was deleted or replaced while the agent was running",
            hint: "the agent writes it anew; leave the state directory to the agent", healing: .byItself)
    }
}
