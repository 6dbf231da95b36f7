/// The values of an expression at one time: a table whose columns are the labels that differ.
struct InstantScreen {
    let outcome: QueryOutcome
    /// Seconds since 1970.
    let time: Double
    let style: TerminalStyle

    var lines: [String] {
        switch outcome.form {
        case .scalar, .string: outcome.series.flatMap { $0.points.map(\.text.printable) }
        case .matrix: RangeLines(outcome: outcome).lines
        case .vector: outcome.series.count == 1 ? [single] : table
        }
    }

    private var shortens: Bool { style.isColored }

    private var single: String {
        let series = outcome.series[0]
        let value = series.points.first?.text ?? ""
        let text = SeriesNaming.text(series.labels)
        return (text == "{}" ? "" : "\(text)  ") + style.strong(shortens ? NumberColumn.shortened(value) : value)
    }

    private var table: [String] {
        let (different, common) = SeriesNaming.split(outcome.series)
        let numbers = NumberColumn(outcome.series.map { $0.points.first?.text ?? "" }, isShort: shortens)
        let cells = outcome.series.map { series in
            different.map { name in series.labels.first { $0.name == name }?.value.printable ?? "" }
        }
        let titles = different.map { $0 == "__name__" ? "METRIC" : $0.uppercased() }
        let widths = different.indices.map { column in
            max(titles[column].count, cells.map { $0[column].count }.max() ?? 0)
        }
        func row(_ texts: [String], _ last: String) -> String {
            let padded = texts.indices.map { texts[$0] + String(repeating: " ", count: widths[$0] - texts[$0].count) }
            return (padded + [last]).joined(separator: "  ")
        }
        let title = String(repeating: " ", count: max(0, numbers.width - 5)) + "VALUE"
        // A short number stands below the end of its title.
        let indent = String(repeating: " ", count: max(0, 5 - numbers.width))
        return heading(common) + [style.faint(row(titles, title))]
            + cells.indices.map { row(cells[$0], trimmed(indent + numbers.cell($0))) }
    }

    private func heading(_ common: [(name: String, value: String)]) -> [String] {
        let what = common.isEmpty ? "\(outcome.series.count) series" : SeriesNaming.text(common)
        return ["\(style.strong(what))  \(style.faint("at \(QueryTimes.shown(time))"))"]
    }

    private func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// Values over time as lines for other programs: the time, the value, the series.
struct RangeLines {
    let outcome: QueryOutcome

    var lines: [String] {
        let width = outcome.series.flatMap(\.points).map(\.text.count).max() ?? 0
        return outcome.series.flatMap { series in
            let name = SeriesNaming.text(series.labels)
            return series.points.map { point in
                let padding = String(repeating: " ", count: width - point.text.count)
                return "\(QueryTimes.utc(point.time))  \(padding)\(point.text)  \(name)"
            }
        }
    }
}
