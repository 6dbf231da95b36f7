import QueryModel

extension Evaluator {
    /// Sorts an instant vector. Range queries have their own order, so that sorting changes nothing there.
    func sorted(_ function: QueryFunction, _ arguments: [Expression], _ steps: Steps) throws(QueryError) -> Grid {
        var grid = try vector(arguments[0], steps)
        var names: [ByteString] = []
        for argument in arguments.dropFirst() {
            let name = try string(argument)
            guard isLabelName(name) else {
                throw .execution("invalid label name in \(function.rawValue)(): \(name.string)")
            }
            names.append(name)
        }
        guard grid.width == 1 else { return grid }
        let rows = 0..<grid.rowCount
        switch function {
        case .sort, .sortDesc:
            if grid.mayHoldHistograms { grid = grid.keeping { !isHistogram(grid.cells[$0]) } }
            let isDescending = function == .sortDesc
            let order = (0..<grid.rowCount).sorted { left, right in
                precedes(grid.cells[left], grid.cells[right], left, right, isDescending: isDescending)
            }
            return grid.reordered(order)
        case .sortByLabel:
            return grid.reordered(rows.sorted { isBefore(grid.labels[$0], grid.labels[$1], by: names) })
        default:
            return grid.reordered(rows.sorted { isBefore(grid.labels[$1], grid.labels[$0], by: names) })
        }
    }

    private func isBefore(_ left: LabelSet, _ right: LabelSet, by names: [ByteString]) -> Bool {
        for name in names {
            let first = left[name]
            let second = right[name]
            if first != second { return isNaturallyBefore(first, second) }
        }
        return left < right
    }
}

/// The order of values with NaN behind all others; equal ones stay in the order of their indices.
func precedes(_ left: Double, _ right: Double, _ leftIndex: Int, _ rightIndex: Int, isDescending: Bool) -> Bool {
    if left.isNaN || right.isNaN {
        return left.isNaN == right.isNaN ? leftIndex < rightIndex : right.isNaN
    }
    if left == right { return leftIndex < rightIndex }
    return isDescending ? left > right : left < right
}

/// The order in which people count: runs of digits by their value, everything else byte by byte.
func isNaturallyBefore(_ left: ByteString, _ right: ByteString) -> Bool {
    var first = left.bytes[...]
    var second = right.bytes[...]
    while !first.isEmpty, !second.isEmpty {
        let (leftRun, leftIsNumber) = run(first)
        let (rightRun, rightIsNumber) = run(second)
        if leftIsNumber, rightIsNumber {
            let leftDigits = leftRun.drop { $0 == 48 }
            let rightDigits = rightRun.drop { $0 == 48 }
            if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
            if !leftDigits.elementsEqual(rightDigits) { return leftDigits.lexicographicallyPrecedes(rightDigits) }
        } else if !leftRun.elementsEqual(rightRun) {
            return leftRun.lexicographicallyPrecedes(rightRun)
        }
        first = first.dropFirst(leftRun.count)
        second = second.dropFirst(rightRun.count)
    }
    return first.isEmpty && !second.isEmpty
}

/// The digits at the beginning, or everything before the next digit.
private func run(_ text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, isNumber: Bool) {
    let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
    let isNumber = text.first.map(isDigit) ?? false
    return (text.prefix { isDigit($0) == isNumber }, isNumber)
}
