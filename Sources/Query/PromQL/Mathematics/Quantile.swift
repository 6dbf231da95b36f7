import QueryModel

/// The quantile of values by linear interpolation between the two nearest; NaN counts as the smallest. Sorts `values`.
func quantile(_ fraction: Double, of values: inout [Double]) -> Double {
    if values.isEmpty || fraction.isNaN { return SampleValue.nan }
    if fraction < 0 { return -.infinity }
    if fraction > 1 { return .infinity }
    values.sort { $0 < $1 || ($0.isNaN && !$1.isNaN) }
    let rank = fraction * Double(values.count - 1)
    let lower = Int(max(0, rank.rounded(.down)))
    let upper = min(values.count - 1, lower + 1)
    let weight = rank - rank.rounded(.down)
    return values[lower] * (1 - weight) + values[upper] * weight
}

/// The median of the distances from the median; NaN where one of the values is.
func medianAbsoluteDeviation(of values: inout [Double]) -> Double {
    if values.contains(where: \.isNaN) { return SampleValue.nan }
    let median = quantile(0.5, of: &values)
    for index in values.indices { values[index] = (values[index] - median).magnitude }
    return quantile(0.5, of: &values)
}
