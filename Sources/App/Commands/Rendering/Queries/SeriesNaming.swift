/// Series as people read them.
enum SeriesNaming {
    /// `name{label="value"}`, or `{label="value"}` without a name; `{}` without anything.
    static func text(_ labels: [(name: String, value: String)]) -> String {
        let name = labels.first { $0.name == "__name__" }?.value ?? ""
        let others = labels.filter { $0.name != "__name__" }
        if others.isEmpty, !name.isEmpty { return name.printable }
        return "\(name){\(others.map(pair).joined(separator: ", "))}".printable
    }

    /// `label="value"`.
    static func pair(_ label: (name: String, value: String)) -> String {
        let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\(label.name)=\"\(value)\""
    }

    /// Which labels differ between series, in the order of their names, and which all of them have with the same value.
    static func split(
        _ series: [QueryOutcome.Series]
    ) -> (different: [String], common: [(name: String, value: String)]) {
        var values: [String: Set<String>] = [:]
        var counts: [String: Int] = [:]
        for one in series {
            for label in one.labels {
                values[label.name, default: []].insert(label.value)
                counts[label.name, default: 0] += 1
            }
        }
        let isCommon = { (name: String) in values[name]?.count == 1 && counts[name] == series.count }
        let common = (series.first?.labels ?? []).filter { isCommon($0.name) }
        return (values.keys.filter { !isCommon($0) }.sorted(), common)
    }
}
