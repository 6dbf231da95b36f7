import CSQLite

/// One value of a row.
enum SQLiteValue: Hashable {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// A call of SQLite that failed.
struct SQLiteFailure: Error {
    /// The extended result code.
    var code: Int32
    var message: String
    /// The errno behind it, 0 when there was none.
    var errorNumber: Int32
    /// The result code without its extension.
    var primaryCode: Int32 { code & 0xFF }
}

/// SAFETY: owns one `sqlite3 *` and its prepared statements, finalises the statements before the handle is closed, and never
/// lets a pointer of SQLite outlive the call that got it. One thread at a time may use it (`SQLITE_OPEN_NOMUTEX`).
final class SQLiteConnection {
    private let handle: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens or creates the database at `path` through the VFS of that name; nil is the operating system's files.
    init(path: String, vfs: String?) throws(SQLiteFailure) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(path, &opened, flags, vfs)
        guard code == SQLITE_OK, let opened else {
            let failure = SQLiteConnection.failure(code, of: opened)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    private static func failure(_ code: Int32, of handle: OpaquePointer?) -> SQLiteFailure {
        guard let handle else {
            return SQLiteFailure(code: code, message: String(cString: sqlite3_errstr(code)), errorNumber: 0)
        }
        let extended = sqlite3_extended_errcode(handle)
        return SQLiteFailure(
            code: extended == SQLITE_OK ? code : extended, message: String(cString: sqlite3_errmsg(handle)),
            errorNumber: sqlite3_system_errno(handle))
    }

    fileprivate func failure(_ code: Int32) -> SQLiteFailure { SQLiteConnection.failure(code, of: handle) }

    /// Runs statements that return nothing that matters.
    func execute(_ sql: String) throws(SQLiteFailure) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// A prepared statement, made once per text and reset before it is handed out.
    func statement(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        if let known = statements[sql] {
            known.reset()
            return known
        }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code) }
        let statement = SQLiteStatement(prepared, of: self)
        statements[sql] = statement
        return statement
    }

    /// The first column of the first row; nil when there is no row.
    func first(_ sql: String) throws(SQLiteFailure) -> SQLiteValue? {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code) }
        let statement = SQLiteStatement(prepared, of: self)
        defer { statement.finalize() }
        guard try statement.step() else { return nil }
        return statement.value(0)
    }

    /// Whether no transaction is open.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Pages written to the write-ahead log or, without one, to the database since the connection was opened.
    var pagesWritten: Int {
        var (now, peak): (Int32, Int32) = (0, 0)
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &now, &peak, 0)
        return Int(now)
    }

    /// Whether the file under the database's name is no longer the one that is open.
    var hasMoved: Bool {
        var moved: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
    }

    /// Lets SQLite wait this long for a lock that another process holds.
    func waitForLocks(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    /// The version of the library, as major × 1,000,000 + minor × 1,000 + patch.
    static var libraryVersion: Int32 { sqlite3_libversion_number() }
    static var libraryVersionText: String { String(cString: sqlite3_libversion()) }
}

/// SAFETY: the pointer is valid from `sqlite3_prepare` to `finalize`, which the connection calls, and nobody keeps a
/// statement beyond its connection. Bound bytes are copied by SQLite; read bytes are copied out before the next step.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private unowned let connection: SQLiteConnection
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    fileprivate init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
        self.handle = handle
        self.connection = connection
    }

    fileprivate func finalize() { sqlite3_finalize(handle) }

    func reset() { sqlite3_reset(handle) }

    /// Binds values to the parameters from the first on.
    func bind(_ values: [SQLiteValue]) throws(SQLiteFailure) {
        for (index, value) in values.enumerated() {
            let code = bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw connection.failure(code) }
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
            }
        }
    }

    /// Runs on to the next row; false at the end.
    func step() throws(SQLiteFailure) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let failure = connection.failure(code)
            sqlite3_reset(handle)
            throw failure
        }
    }

    var columnCount: Int { Int(sqlite3_column_count(handle)) }

    /// The value of a column of the current row; nil for NULL, for a type we never store, and for text that is not UTF-8.
    func value(_ column: Int) -> SQLiteValue? {
        let index = Int32(column)
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, index) else { return nil }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
            return String(validating: bytes, as: UTF8.self).map { .text($0) }
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(handle, index) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return nil
        }
    }

    /// The whole row; nil when a value in it is none of ours.
    func row() -> [SQLiteValue]? {
        var row: [SQLiteValue] = []
        row.reserveCapacity(columnCount)
        for column in 0..<columnCount {
            guard let value = value(column) else { return nil }
            row.append(value)
        }
        return row
    }
}
