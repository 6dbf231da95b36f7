import CSQLite

/// A second program with the database open, as an operator's shell is.
///
/// SAFETY: owns the handle from init to deinit and hands it to nobody.
final class SQLiteShell {
    private let handle: OpaquePointer?

    init(_ path: String) {
        var opened: OpaquePointer?
        sqlite3_open(path, &opened)
        handle = opened
    }

    deinit { sqlite3_close(handle) }

    /// The result code.
    @discardableResult
    func execute(_ sql: String) -> Int32 { sqlite3_exec(handle, sql, nil, nil, nil) }
}
