import Glibc
import LogModel

extension LedgerOpener {
    private var aside: AsideFiles { AsideFiles(storage: storage, now: now) }

    /// Puts aside what lies under the ledger's name; see `AsideFiles`.
    @discardableResult
    func setAside() throws(LedgerError) -> String? { try aside.setAside() }

    /// Removes what a creation that failed has left.
    func discard() throws(LedgerError) { try aside.discard() }
}

/// An instant as `20261121T071206Z`: sorts by time, and is a file name everywhere.
func utcStamp(_ time: WallTime) -> String {
    var seconds = time_t(time.nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1) + padded(parts.tm_mday) + "T"
        + padded(parts.tm_hour) + padded(parts.tm_min) + padded(parts.tm_sec) + "Z"
}
