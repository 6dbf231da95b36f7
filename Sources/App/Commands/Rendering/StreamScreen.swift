import JSONText
import LogModel

/// What became of every byte of the streams in one file.
struct StreamScreen {
    let report: JSONValue

    var lines: [String] {
        let lines = report.items("streams").enumerated().flatMap { index, stream in
            (index == 0 ? [] : [""]) + introduction(stream) + self.lines(of: stream)
        }
        return lines + (report.text("from") == "ledger" ? ["", LeftLedger.note] : [])
    }

    /// What became of a file that is not followed any more.
    private func introduction(_ stream: JSONValue) -> [String] {
        guard let finished = stream["finished"], finished != .null else { return [] }
        return [
            "\(report.text("file")) is a rotated file of \(stream.text("path")).",
            "Every consumer is done with its \(Quantities.count(finished.amount("bytes"))) bytes: they were read, or passed over when",
            "the stream was first followed. Nobody needs it any more. The account of the whole stream:", "",
        ]
    }

    private func lines(of stream: JSONValue) -> [String] {
        let consumers = stream.items("consumers")
        var lines = [
            "\(stream.text("path")): stream \(stream.amount("stream")) of source \(stream.text("source")), "
                + "\(Quantities.bytes(stream.amount("seen"))) seen", "",
        ]
        lines += segments(stream.items("segments"))
        if consumers.isEmpty { lines += ["", "  no consumer reads it"] }
        for consumer in consumers { lines += [""] + account(of: consumer) }
        let losses = stream.items("losses")
        if !losses.isEmpty { lines += [""] + table(of: losses) }
        return lines
    }

    private func segments(_ segments: [JSONValue]) -> [String] {
        guard !segments.isEmpty else { return ["  nothing was seen of it yet"] }
        var table = TextTable([.right("FROM"), .right("TO"), .left("STATE"), .left("KIND"), .left("FILE")])
        for segment in segments {
            table.add([
                Quantities.count(segment.amount("start")), Quantities.count(segment.amount("end")),
                segment.text("state"), segment.text("codec"),
                segment.text("state") == "gone" ? "-" : segment.text("path"),
            ])
        }
        return table.lines(indentation: 2)
    }

    /// The equation seen = consumed + skipped + pending + lost, term by term.
    private func account(of consumer: JSONValue) -> [String] {
        var terms: [(amount: UInt64, text: String)] = [
            (
                consumer.amount("consumed"),
                "consumed, \(Quantities.count(consumer.amount("lines"))) lines" + cut(consumer.amount("lines_cut"))
            )
        ]
        terms += reasons(consumer["skipped"], "skipped")
        terms.append((consumer.amount("pending"), "pending"))
        terms += reasons(consumer["lost"], "lost")
        let seen = consumer.amount("seen")
        let width = ([seen] + terms.map(\.amount)).map { Quantities.count($0).count }.max() ?? 0
        func line(_ sign: String, _ amount: UInt64, _ text: String) -> String {
            let number = Quantities.count(amount)
            return "  \(sign) \(String(repeating: " ", count: width - number.count))\(number)  \(text)"
        }
        let position = Quantities.count(consumer.amount("position"))
        var lines = ["  \(consumer.text("consumer")) stands at \(position)", line(" ", seen, "bytes seen")]
        for (index, term) in terms.enumerated() { lines.append(line(index == 0 ? "=" : "+", term.amount, term.text)) }
        let open = consumer.amount("open_ended_losses")
        if open > 0 { lines.append("    and what was written but never seen, \(open) times") }
        if !consumer.flag("balanced") { lines.append("    THE ACCOUNT DOES NOT BALANCE: this is a bug in outrider") }
        return lines
    }

    private func cut(_ count: UInt64) -> String { count == 0 ? "" : ", \(Quantities.count(count)) of them cut" }

    private func reasons(_ terms: JSONValue?, _ what: String) -> [(amount: UInt64, text: String)] {
        let terms = terms?.members ?? []
        if terms.isEmpty { return [(0, what)] }
        return terms.map { (UInt64(clamping: $0.value.integer ?? 0), "\(what): \($0.name.printable)") }
    }

    /// Seconds in a Double are good to a fraction of a microsecond: rounded, not cut, to the milliseconds that are shown.
    private func time(of loss: JSONValue) -> String {
        guard let seconds = loss["time"]?.double, let milliseconds = Int64(exactly: (seconds * 1000).rounded()),
            abs(milliseconds) < 9_000_000_000_000
        else { return "?" }
        return UTCText.text(WallTime(nanoseconds: milliseconds * 1_000_000))
    }

    private func table(of losses: [JSONValue]) -> [String] {
        var table = TextTable([
            .left("LOST AT"), .left("CONSUMER"), .left("REASON"), .right("FROM"), .right("TO"), .left(""),
        ])
        for loss in losses {
            table.add([
                time(of: loss), loss.text("consumer"), loss.text("reason"),
                Quantities.count(loss.amount("from")), Quantities.count(loss.amount("to")),
                loss.flag("open_ended") ? "or more" : "",
            ])
        }
        return table.lines(indentation: 2)
    }
}
