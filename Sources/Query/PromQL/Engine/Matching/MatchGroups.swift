import QueryModel

/// Which rows of two grids belong together: the groups of rows that agree in the labels of `on`, or in all but those of
/// `ignoring` and the metric's name.
struct MatchGroups {
    /// The group of each row of the left grid.
    var left: [Int] = []
    /// The group of each row of the right grid.
    var right: [Int] = []
    /// What the rows of each group agree in.
    var keys: [LabelSet] = []

    init(_ left: [LabelSet], _ right: [LabelSet], _ matching: VectorMatching) {
        var places: [LabelSet: Int] = [:]
        self.left.reserveCapacity(left.count)
        self.right.reserveCapacity(right.count)
        let ignored = matching.labels + [.metricName]
        func group(_ labels: LabelSet) -> Int {
            let key = matching.isOn ? labels.keeping(matching.labels) : labels.removing(ignored)
            if let known = places[key] { return known }
            places[key] = keys.count
            keys.append(key)
            return keys.count - 1
        }
        for labels in left { self.left.append(group(labels)) }
        for labels in right { self.right.append(group(labels)) }
    }

    var count: Int { keys.count }
}

extension Evaluator {
    /// `and`, `or` and `unless`.
    func combined(_ binary: BinaryExpression, _ left: Grid, _ right: Grid) throws(QueryError) -> Grid {
        guard let matching = binary.matching else { throw .execution("BUG: a set operator without matching") }
        let groups = MatchGroups(left.labels, right.labels, matching)
        let width = left.width
        // For each group and step: whether the side that decides has a sample.
        let deciding = binary.operation == .or ? left : right
        let decidingGroups = binary.operation == .or ? groups.left : groups.right
        var isPresent = [Bool](repeating: false, count: groups.count * width)
        for (row, group) in decidingGroups.enumerated() {
            for step in 0..<width where !isAbsent(deciding.cells[row * width + step]) {
                isPresent[group * width + step] = true
            }
        }
        func masked(_ grid: Grid, _ rows: [Int], keepingPresent: Bool) -> Grid {
            var result = grid
            for (row, group) in rows.enumerated() {
                for step in 0..<width where isPresent[group * width + step] != keepingPresent {
                    result.cells[row * width + step] = absent
                }
            }
            return result.withoutEmptyRows()
        }
        switch binary.operation {
        case .and: return masked(left, groups.left, keepingPresent: true)
        case .unless: return masked(left, groups.left, keepingPresent: false)
        default:
            let added = masked(right, groups.right, keepingPresent: false)
            return try Grid(
                labels: left.labels + added.labels, cells: left.cells + added.cells, width: width,
                mayHoldHistograms: left.mayHoldHistograms || added.mayHoldHistograms
            ).merged()
        }
    }
}
