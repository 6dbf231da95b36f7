import FileAccess
public import LogModel

/// Why a log is not rotated, or not wholly.
public struct RotationError: DescribedError {
    /// What to switch on.
    public let code: String
    /// What stands in the way, and where.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// Whether it goes away.
    public let healing: Healing

    init(_ code: String, _ message: String, hint: String?, healing: Healing = .byOperator) {
        self.code = code
        self.message = message
        self.hint = hint
        self.healing = healing
    }

    init(_ error: FileAccessError) {
        self.init(error.code, error.message, hint: error.hint, healing: error.healing)
    }
}

/// Runs what works on files, and says its errors as those of a rotation.
func filing<Result>(_ body: () throws(FileAccessError) -> Result) throws(RotationError) -> Result {
    do { return try body() } catch { throw RotationError(error) }
}
