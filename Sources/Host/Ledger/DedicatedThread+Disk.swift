import FileAccess

extension DedicatedThread {
    /// Starts the thread of a database.
    static func forDisk(
        name: String, _ body: @escaping @Sendable () -> Void
    ) throws(LedgerError) -> DedicatedThread {
        do {
            return try DedicatedThread(name: name, stackSize: 512 << 10, body)
        } catch {
            throw LedgerError(.failed, error.message, hint: error.hint, healing: error.healing)
        }
    }
}
