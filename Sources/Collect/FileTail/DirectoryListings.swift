import FileAccess

/// The listings of one round of looks: each directory is listed once for all streams in it.
final class DirectoryListings {
    private let files: any FileAccess
    private var listings: [String: [DirectoryEntry]] = [:]

    init(files: any FileAccess) { self.files = files }

    /// Forgets what was listed: from now on it is out of date.
    func beginRound() { listings = [:] }

    /// The entries of a directory by name; nil when there is no such directory. `isFresh`: listed now, whatever is known.
    func entries(of directory: String, isFresh: Bool = false) throws(FileAccessError) -> [DirectoryEntry]? {
        if !isFresh, let listing = listings[directory] { return listing }
        guard let listing = try files.list(directory) else { return nil }
        let sorted = listing.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        listings[directory] = sorted
        return sorted
    }

    /// Of the entries, by name, those that begin like this.
    static func entries(of sorted: [DirectoryEntry], beginningWith prefix: String) -> ArraySlice<DirectoryEntry> {
        var (lower, upper) = (0, sorted.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if sorted[middle].name.utf8.lexicographicallyPrecedes(prefix.utf8) {
                lower = middle + 1
            } else {
                upper = middle
            }
        }
        return sorted[lower...].prefix { $0.name.utf8.starts(with: prefix.utf8) }
    }
}
