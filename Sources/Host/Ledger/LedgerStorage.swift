package import LogModel

/// Where the ledger's files lie: a directory of the operating system, or a disk that a test injects faults into.
package protocol LedgerStorage: AnyObject {
    /// The database's name in its directory, and its path as SQLite and people see it.
    var databaseName: String { get }
    var databasePath: String { get }
    /// The SQLite VFS to open it through; nil is the operating system's.
    var vfsName: String? { get }
    /// Makes the place ready and takes its lock; called again when the ledger must be written anew.
    func prepare() throws(LedgerError) -> StoragePreparation
    /// The names of the files in the directory.
    func names() throws(LedgerError) -> [String]
    /// Makes an empty file under the ledger's name, for the owner only.
    func createDatabase() throws(LedgerError)
    func rename(_ name: String, to newName: String) throws(LedgerError)
    func remove(_ name: String) throws(LedgerError)
    /// Makes names durable.
    func synchronizeNames()
    /// Which file a name leads to; nil when there is none.
    func identity(_ name: String) -> FileIdentity?
    /// Up to `count` bytes of a file from `offset` on; fewer at its end, none when it cannot be read.
    func read(_ name: String, offset: Int, count: Int) -> [UInt8]
    /// Gives up the lock.
    func release()
    /// Bytes that may still be written to the file system; nil when that is not known.
    var freeSpace: Int? { get }
}

/// What a place is good for.
package struct StoragePreparation: Sendable {
    /// Whether the file system is one on which SQLite's write-ahead log may be used.
    package var takesWriteAheadLog: Bool
    /// Whether an agent had its state here before.
    package var wasUsedBefore: Bool
    package var notices: [LedgerNotice]
    package init(takesWriteAheadLog: Bool, wasUsedBefore: Bool = false, notices: [LedgerNotice] = []) {
        self.takesWriteAheadLog = takesWriteAheadLog
        self.wasUsedBefore = wasUsedBefore
        self.notices = notices
    }
}

/// The names of the files inside the state directory.
enum LedgerFileName {
    static let database = "ledger.db"
    static let history = "history.db"
    static let writeAheadLog = "ledger.db-wal"
    /// What SQLite keeps beside a database, and would replay into another one of that name.
    static let companions = ["-wal", "-journal", "-shm"]
    static let lock = "agent.lock"
    static let maximumAside = 5
    static func copy(ofVersion version: Int64) -> String { "ledger.db.v\(version).bak" }
}
