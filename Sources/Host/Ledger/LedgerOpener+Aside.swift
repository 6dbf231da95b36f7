import Glibc
import LogModel

extension LedgerOpener {
    /// Renames the database and what SQLite keeps beside it, so that nobody opens them again unasked, and drops the oldest
    /// of those put aside before. Returns the new name of the database, or of a companion without one; nil when there was
    /// nothing.
    @discardableResult
    func setAside() throws(LedgerError) -> String? {
        let names = Set(try storage.names())
        let found = ([""] + LedgerFileName.companions).filter { names.contains(LedgerFileName.database + $0) }
        guard let first = found.first else { return nil }
        let aside = freeName(names)
        for suffix in found { try storage.rename(LedgerFileName.database + suffix, to: aside + suffix) }
        try dropOldest(names.union([aside]))
        storage.synchronizeNames()
        return aside + first
    }

    /// Removes what a creation that failed has left.
    func discard() throws(LedgerError) {
        for suffix in [""] + LedgerFileName.companions { try storage.remove(LedgerFileName.database + suffix) }
    }

    private func freeName(_ names: Set<String>) -> String {
        let base = LedgerFileName.asidePrefix + utcStamp(now)
        guard names.contains(where: { $0.hasPrefix(base) }) else { return base }
        for number in 2... where !names.contains(where: { $0.hasPrefix("\(base)-\(number)") }) {
            return "\(base)-\(number)"
        }
        return base
    }

    private func dropOldest(_ names: Set<String>) throws(LedgerError) {
        let aside = names.filter { $0.hasPrefix(LedgerFileName.asidePrefix) }
        func set(_ name: String) -> String {
            for suffix in LedgerFileName.companions where name.hasSuffix(suffix) {
                return String(name.dropLast(suffix.count))
            }
            return name
        }
        let sets = Set(aside.map(set)).sorted()
        for old in sets.dropLast(LedgerFileName.maximumAside) {
            for name in aside.sorted() where set(name) == old { try storage.remove(name) }
        }
    }
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
