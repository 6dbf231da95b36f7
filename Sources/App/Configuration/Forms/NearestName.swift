/// Finds what somebody probably meant to write.
enum NearestName {
    /// The candidate with the fewest typing mistakes to `name`; nil when all are too far away to be meant.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        let ranked = candidates.map { (candidate: $0, distance: distance(name, $0)) }
        return ranked.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.candidate
    }

    /// What may be meant where only some words are allowed: those that begin like the name or as which it begins, whatever is
    /// written between letters and digits; else the nearest one.
    static func choices(for name: String, among words: [String]) -> [String] {
        func letters(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        let text = letters(name)
        if let same = words.first(where: { letters($0) == text }) { return [same] }
        let longer = words.filter { letters($0).hasPrefix(text) }
        if !text.isEmpty, !longer.isEmpty { return longer }
        if let shorter = words.first(where: { text.hasPrefix(letters($0)) }) { return [shorter] }
        return of(name, among: words).map { [$0] } ?? []
    }

    /// Damerau and Levenshtein's distance in its restricted form: insertions, deletions, replacements and swapped
    /// neighbours.
    static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.lowercased()), Array(right.lowercased()))
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
                var best = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
