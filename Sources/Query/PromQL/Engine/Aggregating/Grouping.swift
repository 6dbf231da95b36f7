import QueryModel

/// To which group each row of a grid belongs.
struct Grouping {
    /// The group of each row.
    var groups: [Int] = []
    /// What names each group, in the order of their first rows.
    var labels: [LabelSet] = []

    /// The groups of `by` or `without`.
    init(_ rows: [LabelSet], by names: [ByteString], isWithout: Bool) {
        groups.reserveCapacity(rows.count)
        if !isWithout, names.isEmpty {
            groups = [Int](repeating: 0, count: rows.count)
            labels = rows.isEmpty ? [] : [.empty]
            return
        }
        let removed = names + [.metricName]
        var places: [LabelSet: Int] = [:]
        for row in rows {
            let key = isWithout ? row.removing(removed) : row.keeping(names)
            if let known = places[key] {
                groups.append(known)
            } else {
                places[key] = labels.count
                groups.append(labels.count)
                labels.append(key)
            }
        }
    }

    /// The rows of each group, in their order.
    var members: [[Int]] {
        var members = [[Int]](repeating: [], count: labels.count)
        for (row, group) in groups.enumerated() { members[group].append(row) }
        return members
    }
}
