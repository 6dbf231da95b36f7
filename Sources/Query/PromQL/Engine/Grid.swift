import QueryModel

/// An instant vector at every step: a row for each series, a cell for each step, in one piece of memory.
///
/// A cell without sample holds the staleness marker, which no computation yields.
struct Grid {
    /// What names each row.
    var labels: [LabelSet]
    /// Row after row.
    var cells: [Double]
    /// The number of steps.
    let width: Int
    /// Whether there may be placeholders of native histograms among the cells.
    var mayHoldHistograms = false

    init(width: Int) {
        labels = []
        cells = []
        self.width = width
    }

    init(labels: [LabelSet], cells: [Double], width: Int, mayHoldHistograms: Bool = false) {
        assert(cells.count == labels.count * width, "BUG: a grid with holes")
        self.labels = labels
        self.cells = cells
        self.width = width
        self.mayHoldHistograms = mayHoldHistograms
    }

    /// Rows of empty cells.
    init(emptyWithLabels labels: [LabelSet], width: Int) {
        self.init(labels: labels, cells: [Double](repeating: absent, count: labels.count * width), width: width)
    }

    var rowCount: Int { labels.count }

    /// Appends a row unless all of its cells are empty.
    mutating func append(_ labels: LabelSet, _ row: [Double]) {
        guard row.contains(where: { !isAbsent($0) }) else { return }
        self.labels.append(labels)
        cells += row
    }

    /// The grid without rows whose cells are all empty.
    func withoutEmptyRows() -> Grid {
        var isEmpty = [Bool](repeating: true, count: rowCount)
        for row in 0..<rowCount {
            for index in row * width..<(row + 1) * width where !isAbsent(cells[index]) {
                isEmpty[row] = false
                break
            }
        }
        guard isEmpty.contains(true) else { return self }
        return keeping { !isEmpty[$0] }
    }

    /// The rows for which `isKept`, in their order.
    func keeping(_ isKept: (Int) -> Bool) -> Grid { reordered((0..<rowCount).filter(isKept)) }

    /// The rows of these indices, in this order.
    func reordered(_ rows: [Int]) -> Grid {
        var result = Grid(width: width)
        result.mayHoldHistograms = mayHoldHistograms
        result.labels.reserveCapacity(rows.count)
        result.cells.reserveCapacity(rows.count * width)
        for row in rows {
            result.labels.append(labels[row])
            result.cells += cells[row * width..<(row + 1) * width]
        }
        return result
    }

    /// The same cells under names without the metric's.
    func withoutMetricNames() throws(QueryError) -> Grid {
        // Where all rows are of one metric, the rest of their labels tells them apart.
        let isOneMetric = labels.dropFirst().allSatisfy { $0.hasSameMetricName(as: labels[0]) }
        var result = self
        result.labels = labels.map(\.withoutMetricName)
        return isOneMetric ? result : try result.merged()
    }

    /// The grid with rows of the same labels made one, unless both have a sample at some step.
    func merged() throws(QueryError) -> Grid {
        var places: [LabelSet: Int] = [:]
        places.reserveCapacity(rowCount)
        var targets: [Int] = []
        for set in labels {
            let next = places.count
            targets.append(places[set, default: next])
            if targets[targets.count - 1] == next { places[set] = next }
        }
        guard places.count < rowCount else { return self }
        var result = Grid(emptyWithLabels: [LabelSet](repeating: .empty, count: places.count), width: width)
        result.mayHoldHistograms = mayHoldHistograms
        for (row, target) in targets.enumerated() {
            result.labels[target] = labels[row]
            for step in 0..<width where !isAbsent(cells[row * width + step]) {
                guard isAbsent(result.cells[target * width + step]) else { throw .sameLabels }
                result.cells[target * width + step] = cells[row * width + step]
            }
        }
        return result
    }
}

/// The content of a cell without sample.
let absent = SampleValue.stale

@inline(__always)
func isAbsent(_ cell: Double) -> Bool { cell.bitPattern == SampleValue.staleBits }

@inline(__always)
func isHistogram(_ cell: Double) -> Bool { SampleValue.isHistogram(cell) }
