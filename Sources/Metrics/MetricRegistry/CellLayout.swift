import SeriesModel

/// What the cells of a series mean.
///
///     counter     sum, compensation
///     gauge       value, last update in Unix seconds (NaN: never set)
///     histogram   a count for each finite bucket (not cumulative), sum, compensation, count of all
///
/// Cells are written to the ledger as they are: a change of this layout is a migration.
enum CellLayout {
    static func count(of schema: MetricSchema) -> Int {
        schema.kind == .histogram ? schema.buckets.count + 3 : 2
    }
}

/// A sum that carries its rounding error along (Neumaier 1974), so that adding 0.1 ten times gives 1.
///
/// For addends ≥ 0 its `value` never falls.
struct CompensatedSum {
    var sum: Double
    var compensation: Double

    var value: Double { sum.isFinite ? sum + compensation : sum }

    mutating func add(_ addend: Double) {
        let total = sum + addend
        if total.isFinite {
            compensation += abs(sum) >= abs(addend) ? (sum - total) + addend : (addend - total) + sum
        }
        sum = total
    }
}
