public import QueryModel

/// An arithmetic operator or a comparison between the series of two vectors. Which series meet is found out once, for all
/// steps; what remains for each step is to see that no group has two of the side that may have one.
struct VectorJoin {
    private let binary: BinaryExpression
    private let matching: VectorMatching
    /// The side that may have several series in a group; the left one for one-to-one.
    private let many: Grid
    private let one: Grid
    private let isSwapped: Bool
    private let manyGroups: [Int]
    private let oneGroups: [Int]
    private let keys: [LabelSet]
    private let width: Int
    /// Whether `many` has any sample, step by step.
    private var hasMany: [Bool]

    /// For each group, at the current step: the row of `one`, or -1.
    private var oneRows: [Int]
    /// For each group: whether a sample of `many` found its match at the current step.
    private var isTaken: [Bool]
    private var result: Grid
    private var resultRows: [LabelSet: Int] = [:]
    /// For each row of `many`: the last row of `one` that it met, and the row of the result.
    private var known: [(one: Int, result: Int)]

    init(_ binary: BinaryExpression, _ left: Grid, _ right: Grid) throws(QueryError) {
        guard let matching = binary.matching else { throw .execution("BUG: vectors without matching") }
        self.binary = binary
        self.matching = matching
        isSwapped = matching.cardinality == .oneToMany
        many = isSwapped ? right : left
        one = isSwapped ? left : right
        let groups = MatchGroups(many.labels, one.labels, matching)
        manyGroups = groups.left
        oneGroups = groups.right
        keys = groups.keys
        width = left.width
        hasMany = [Bool](repeating: false, count: width)
        for (index, cell) in many.cells.enumerated() where !isAbsent(cell) { hasMany[index % width] = true }
        oneRows = [Int](repeating: -1, count: groups.count)
        isTaken = [Bool](repeating: false, count: groups.count)
        result = Grid(width: left.width)
        result.mayHoldHistograms = left.mayHoldHistograms || right.mayHoldHistograms
        known = [(one: Int, result: Int)](repeating: (-1, -1), count: many.rowCount)
    }

    /// Computes one step.
    mutating func run(_ step: Int, _ annotations: inout Annotations, at range: SourceRange) throws(QueryError) {
        // Where one side has nothing, nothing is wrong with the other.
        guard hasMany[step] else { return }
        try placeOnes(step)
        for row in 0..<many.rowCount {
            let cell = many.cells[row * width + step]
            if isAbsent(cell) { continue }
            let group = manyGroups[row]
            let partner = oneRows[group]
            guard partner >= 0 else { continue }
            let other = one.cells[partner * width + step]
            guard let value = computed(cell, other, &annotations, at: range) else { continue }
            try take(group)
            let index = resultRow(row, partner) * width + step
            guard isAbsent(result.cells[index]) else {
                throw matching.isGrouped
                    ? .execution("multiple matches for labels: grouping labels must ensure unique matches")
                    : .sameLabels
            }
            // A comparison that lets nothing pass takes its place all the same.
            result.cells[index] = value.isKept ? value.value : dropped
        }
    }

    /// Without grouping, a group has one sample of the left side at most.
    private mutating func take(_ group: Int) throws(QueryError) {
        if matching.isGrouped { return }
        guard !isTaken[group] else {
            throw .execution(
                "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")
        }
        isTaken[group] = true
    }

    /// The result of all steps.
    mutating func finished() -> Grid {
        for index in result.cells.indices where result.cells[index].bitPattern == dropped.bitPattern {
            result.cells[index] = absent
        }
        return result.withoutEmptyRows()
    }

    /// Finds the row of `one` for each group.
    private mutating func placeOnes(_ step: Int) throws(QueryError) {
        for group in oneRows.indices {
            oneRows[group] = -1
            isTaken[group] = false
        }
        for row in 0..<one.rowCount where !isAbsent(one.cells[row * width + step]) {
            let group = oneGroups[row]
            if oneRows[group] >= 0 { throw duplicates(oneRows[group], row, group) }
            oneRows[group] = row
        }
    }

    private func duplicates(_ first: Int, _ second: Int, _ group: Int) -> QueryError {
        let side = isSwapped ? "left" : "right"
        let pair = [one.labels[first], one.labels[second]].sorted().map(\.text)
        return .execution(
            "found duplicate series for the match group \(keys[group].text) on the \(side) hand-side of the operation: "
                + "[\(pair.joined(separator: ", "))];many-to-many matching not allowed: "
                + "matching labels must be unique on one side")
    }

    /// Nil where an operator takes no native histograms.
    private func computed(
        _ cell: Double, _ other: Double, _ annotations: inout Annotations, at range: SourceRange
    ) -> (value: Double, isKept: Bool)? {
        let left = isSwapped ? other : cell
        let right = isSwapped ? cell : other
        if result.mayHoldHistograms, isHistogram(left) || isHistogram(right) {
            return withHistograms(left, right, &annotations, at: range)
        }
        let computed = binary.operation.result(left, right)
        return binary.returnsBool ? (computed.isKept ? 1 : 0, true) : computed
    }

    private func withHistograms(
        _ left: Double, _ right: Double, _ annotations: inout Annotations, at range: SourceRange
    ) -> (value: Double, isKept: Bool)? {
        let types = [left, right].map { isHistogram($0) ? "histogram" : "float" }
        let isPossible =
            switch binary.operation {
            case .add, .subtract, .equal, .notEqual: types[0] == types[1]
            case .multiply: types[0] != types[1]
            case .divide: types[1] == "float"
            default: false
            }
        if isPossible { return (SampleValue.histogram, true) }
        annotations.incompatibleTypes(types[0], binary.operation, types[1], at: range)
        return nil
    }

    // MARK: - Names of the result

    private mutating func resultRow(_ manyRow: Int, _ oneRow: Int) -> Int {
        if known[manyRow].one == oneRow { return known[manyRow].result }
        let labels = resultLabels(many.labels[manyRow], one.labels[oneRow])
        let row = resultRows[labels] ?? result.rowCount
        if row == result.rowCount {
            resultRows[labels] = row
            result.labels.append(labels)
            result.cells += repeatElement(absent, count: width)
        }
        known[manyRow] = (oneRow, row)
        return row
    }

    private func resultLabels(_ many: LabelSet, _ one: LabelSet) -> LabelSet {
        let keepsName = binary.operation.isComparison && !binary.returnsBool
        var labels = keepsName ? many : many.withoutMetricName
        guard matching.isGrouped else {
            return matching.isOn ? labels.keeping(matching.labels) : labels.removing(matching.labels)
        }
        for name in matching.included { labels = labels.setting(name, to: one[name]) }
        return labels
    }
}

/// The mark of a cell whose sample a comparison dropped; gone before anybody else sees the grid.
private let dropped = Double(bitPattern: 0x7ff0_0000_0000_0003)

extension LabelSet {
    /// The set as Prometheus writes it: `{a="b", c="d"}`.
    public var text: String {
        let pairs = labels.map { label in
            let name = isPlainLabelName(label.name) ? label.name.string : quoted(label.name)
            return "\(name)=\(quoted(label.value))"
        }
        return "{\(pairs.joined(separator: ", "))}"
    }
}
