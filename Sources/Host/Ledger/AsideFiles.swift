import LogModel

/// Puts a database aside that cannot be used, with what SQLite keeps beside it.
struct AsideFiles {
    /// Why a file was put aside, as it stands in its name.
    enum Reason: String, CaseIterable {
        /// It cannot be read.
        case corrupt
        /// It is no database of the agent; kept until somebody takes it away.
        case foreign
        /// It has another version of the format.
        case version
        /// It holds samples of a time that has not come.
        case ahead
        /// It could not be read when it was time to.
        case unread
    }

    let storage: any LedgerStorage
    let now: WallTime
    /// How many of the agent's own are kept, of all reasons together.
    var maximum = LedgerFileName.maximumAside

    private var database: String { storage.databaseName }

    /// Renames the files, so that nobody opens them again unasked, and drops the oldest of those put aside before. Returns the
    /// new name of the database, or of a companion without one; nil when there was nothing.
    @discardableResult
    func setAside(_ reason: Reason = .corrupt) throws(LedgerError) -> String? {
        let names = Set(try storage.names())
        let found = ([""] + LedgerFileName.companions).filter { names.contains(database + $0) }
        guard let first = found.first else { return nil }
        let aside = freeName(names, reason)
        for suffix in found { try storage.rename(database + suffix, to: aside + suffix) }
        try dropOldest(names.union([aside]))
        storage.synchronizeNames()
        return aside + first
    }

    /// Removes what a creation that failed has left.
    func discard() throws(LedgerError) {
        for suffix in [""] + LedgerFileName.companions { try storage.remove(database + suffix) }
    }

    private func prefix(_ reason: Reason) -> String { "\(database).\(reason.rawValue)-" }

    private func freeName(_ names: Set<String>, _ reason: Reason) -> String {
        let base = prefix(reason) + utcStamp(now)
        guard names.contains(where: { $0.hasPrefix(base) }) else { return base }
        for number in 2... where !names.contains(where: { $0.hasPrefix("\(base)-\(number)") }) {
            return "\(base)-\(number)"
        }
        return base
    }

    private func dropOldest(_ names: Set<String>) throws(LedgerError) {
        let reasons = Reason.allCases.filter { $0 != .foreign }
        let aside = names.filter { name in reasons.contains { name.hasPrefix(prefix($0)) } }
        func set(_ name: String) -> String {
            for suffix in LedgerFileName.companions where name.hasSuffix(suffix) {
                return String(name.dropLast(suffix.count))
            }
            return name
        }
        func stamp(_ set: String) -> Substring {
            reasons.lazy.filter { set.hasPrefix(prefix($0)) }.map { set.dropFirst(prefix($0).count) }.first ?? ""
        }
        let sets = Set(aside.map(set)).sorted { stamp($0) < stamp($1) }
        for old in sets.dropLast(maximum) {
            for name in aside.sorted() where set(name) == old { try storage.remove(name) }
        }
    }
}
