import PromQL

/// What a chart is drawn in.
struct ChartFrame {
    /// Seconds since 1970.
    var start: Double
    var end: Double
    /// The distance of values in seconds: what lies farther apart has a gap in between.
    var step: Double
    /// Of the terminal.
    var columns: Int
    /// Of the plot.
    var rows = 16
}

/// Values over time as a chart for a terminal: lines of dots, axes with nice numbers, and a legend with figures.
struct ChartScreen {
    let expression: String
    let outcome: QueryOutcome
    let frame: ChartFrame
    let style: TerminalStyle

    /// More are drawn, and not told apart.
    private static let shownSeries = 12
    private static let leastColumns = 20

    var lines: [String] {
        let values = outcome.series.flatMap { $0.points.map(\.value) }.filter(\.isFinite)
        guard let low = values.min(), let high = values.max() else {
            return heading + ["no value is a finite number"] + legend
        }
        let axis = ValueAxis(from: low, to: high, steps: 4)
        let texts = axis.texts
        let margin = (texts.map(\.count).max() ?? 0) + 2
        var canvas = DotCanvas(columns: max(Self.leastColumns, frame.columns - margin - 2), rows: frame.rows)
        for (number, series) in outcome.series.enumerated().reversed() { draw(series, number, axis, &canvas) }
        return heading + [""] + plot(canvas, axis, texts, margin) + timeScale(canvas, margin) + [""] + legend
    }

    private var heading: [String] {
        let length = QueryTimes.length(frame.end - frame.start)
        let facts = "\(length) until \(QueryTimes.shown(frame.end)), every \(QueryTimes.length(frame.step))"
        return [style.strong(expression.onOneLine.printable), style.faint(facts)]
    }

    // MARK: - The plot

    private func draw(_ series: QueryOutcome.Series, _ number: Int, _ axis: ValueAxis, _ canvas: inout DotCanvas) {
        let length = max(frame.end - frame.start, frame.step)
        var previous: (time: Double, place: (x: Int, y: Int))?
        for point in series.points {
            guard point.value.isFinite else {
                previous = nil
                continue
            }
            let x = (point.time - frame.start) / length * Double(canvas.width - 1)
            let y = (1 - axis.position(point.value)) * Double(canvas.height - 1)
            let place = (x: Int(x.rounded()), y: Int(y.rounded()))
            if let previous, point.time - previous.time < frame.step * 1.5 {
                canvas.line(from: previous.place, to: place, owner: number)
            } else {
                canvas.set(place.x, place.y, owner: number)
            }
            previous = (point.time, place)
        }
    }

    private func plot(_ canvas: DotCanvas, _ axis: ValueAxis, _ texts: [String], _ margin: Int) -> [String] {
        var labels: [Int: String] = [:]
        for (tick, text) in zip(axis.ticks, texts) {
            let dot = (1 - axis.position(tick)) * Double(canvas.height - 1)
            labels[Int(dot.rounded()) / 4] = text
        }
        return (0..<canvas.rows).map { row in
            let text = labels[row]
            let label = String(repeating: " ", count: margin - 1 - (text?.count ?? 0)) + (text ?? "")
            return style.faint("\(label)\(text == nil ? " │" : " ┤")") + colored(canvas.row(row))
        }
    }

    /// A line of the plot, in pieces of one colour.
    private func colored(_ cells: [(character: Character, owner: Int?)]) -> String {
        var line = ""
        var piece = ""
        var owner: Int?
        func finished() -> String { owner.map { style.series(piece, number: $0) } ?? piece }
        for cell in cells {
            if cell.owner != owner {
                line += finished()
                piece = ""
                owner = cell.owner
            }
            piece.append(cell.character)
        }
        // What is empty at the end of a line is not written.
        return owner == nil ? line : line + finished()
    }

    private func timeScale(_ canvas: DotCanvas, _ margin: Int) -> [String] {
        let (times, step) = TimeAxis(start: frame.start, end: frame.end).ticks(columns: canvas.columns)
        var line = Array(repeating: Character("─"), count: canvas.columns)
        var texts = Array(repeating: Character(" "), count: margin + canvas.columns + 2)
        let length = max(frame.end - frame.start, frame.step)
        for time in times {
            let column = Int(((time - frame.start) / length * Double(canvas.columns - 1)).rounded())
            line[column] = "┬"
            let text = TimeAxis.text(time, step: step)
            let start = max(0, min(margin + 1 + column - text.count / 2, texts.count - text.count))
            guard texts[max(0, start - 1)..<start + text.count].allSatisfy({ $0 == " " }) else { continue }
            texts.replaceSubrange(start..<start + text.count, with: text)
        }
        while texts.last == " " { texts.removeLast() }
        return [
            style.faint(String(repeating: " ", count: margin) + "└" + String(line)),
            style.faint(String(texts)),
        ]
    }

    // MARK: - The legend

    private var legend: [String] {
        let (different, common) = SeriesNaming.split(outcome.series)
        let shown = outcome.series.prefix(Self.shownSeries)
        let figures = shown.map(Figures.init)
        let columns = Figures.titles.indices.map { column in
            NumberColumn(figures.map { $0.texts[column] }, isShort: true)
        }
        let names = shown.map { series in
            outcome.series.count == 1 || different.isEmpty
                ? SeriesNaming.text(series.labels)
                : SeriesNaming.text(series.labels.filter { different.contains($0.name) })
        }
        let widths = columns.indices.map { max(Figures.titles[$0].count, columns[$0].width) }
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let titles = columns.indices.map { padded(Figures.titles[$0], widths[$0]) }.joined(separator: "  ")
        let note = outcome.series.count > 1 && !common.isEmpty ? "  all \(SeriesNaming.text(common))" : ""
        var lines = [style.faint("     \(titles)\(note)")]
        for (number, name) in names.enumerated() {
            let texts = columns.indices.map { padded(columns[$0].cell(number), widths[$0]) }.joined(separator: "  ")
            lines.append("  \(style.series("━━", number: number)) \(texts)  \(name)")
        }
        let rest = outcome.series.count - shown.count
        if rest > 0 { lines.append(style.faint("     and \(rest) more; --json has them all")) }
        return lines
    }

    /// What a legend says about a series.
    private struct Figures {
        static let titles = ["LAST", "MIN", "MEAN", "MAX"]
        let texts: [String]

        init(_ series: QueryOutcome.Series) {
            let values = series.points.map(\.value).filter(\.isFinite)
            guard let low = values.min(), let high = values.max() else {
                texts = [series.points.last?.text ?? "", "", "", ""]
                return
            }
            let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
            texts = [series.points.last?.text ?? ""] + [low, mean, high].map { NumberText.plain($0) }
        }
    }
}
