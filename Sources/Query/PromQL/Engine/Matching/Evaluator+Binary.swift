import QueryModel

extension Evaluator {
    /// A binary operator between scalars and vectors of any combination.
    func binary(_ binary: BinaryExpression, at range: SourceRange, _ steps: Steps) throws(QueryError) -> Value {
        let left = try evaluate(binary.left, steps)
        let right = try evaluate(binary.right, steps)
        switch (left, right) {
        case (.scalar(let left), .scalar(let right)):
            return .scalar(
                zip(left, right).map { pair in
                    let (value, isKept) = binary.operation.result(pair.0, pair.1)
                    return binary.operation.isComparison ? (isKept ? 1 : 0) : value
                })
        case (.vector(let grid), .scalar(let values)):
            return .vector(try withScalar(binary, grid, values, isScalarLeft: false, at: range))
        case (.scalar(let values), .vector(let grid)):
            return .vector(try withScalar(binary, grid, values, isScalarLeft: true, at: range))
        case (.vector(let left), .vector(let right)):
            try hold(left.cells.count + right.cells.count)
            if binary.operation.isSetOperator { return .vector(try combined(binary, left, right)) }
            var join = try VectorJoin(binary, left, right)
            for step in 0..<steps.count {
                if step % 64 == 63 { try checkTime() }
                try join.run(step, &annotations, at: range)
            }
            return .vector(join.finished())
        default: throw .execution("BUG: operands that no operator takes")
        }
    }

    private func withScalar(
        _ binary: BinaryExpression, _ grid: Grid, _ scalars: [Double], isScalarLeft: Bool, at range: SourceRange
    ) throws(QueryError) -> Grid {
        let operation = binary.operation
        var result = grid
        var step = 0
        for index in result.cells.indices {
            let cell = result.cells[index]
            if !isAbsent(cell) {
                result.cells[index] =
                    isHistogram(cell)
                    ? withHistogram(operation, isScalarLeft: isScalarLeft, at: range)
                    : withScalar(operation, cell, scalars[step], isScalarLeft, binary.returnsBool)
            }
            step = step + 1 == grid.width ? 0 : step + 1
        }
        let named = operation.isComparison && !binary.returnsBool
        let remaining = operation.isComparison || grid.mayHoldHistograms ? result.withoutEmptyRows() : result
        return named ? remaining : try remaining.withoutMetricNames()
    }

    @inline(__always)
    private func withScalar(
        _ operation: BinaryOperator, _ cell: Double, _ scalar: Double, _ isScalarLeft: Bool, _ returnsBool: Bool
    ) -> Double {
        let (value, isKept) = isScalarLeft ? operation.result(scalar, cell) : operation.result(cell, scalar)
        guard operation.isComparison else { return value }
        if returnsBool { return isKept ? 1 : 0 }
        // The sample that passes is the vector's, on whichever side it stands.
        return isKept ? cell : absent
    }

    /// A native histogram can be scaled, and nothing else.
    private func withHistogram(_ operation: BinaryOperator, isScalarLeft: Bool, at range: SourceRange) -> Double {
        if operation == .multiply || (operation == .divide && !isScalarLeft) { return SampleValue.histogram }
        if isScalarLeft {
            annotations.incompatibleTypes("float", operation, "histogram", at: range)
        } else {
            annotations.incompatibleTypes("histogram", operation, "float", at: range)
        }
        return absent
    }
}
