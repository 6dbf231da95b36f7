import Agent
import JSONText

/// One screen of health.
struct StatusScreen {
    let status: JSONValue

    var lines: [String] {
        var lines = [headline] + facts
        let consumers = status.items("consumers")
        if !consumers.isEmpty { lines += [""] + ConsumersTable(consumers).lines }
        lines += rejections + undecoded
        return lines + [""] + troubles
    }

    /// A few of the latest values that were kept from their metrics.
    private var rejections: [String] {
        let rejected = status.items("rejected_values")
        guard !rejected.isEmpty else { return [] }
        let shown = rejected.prefix(Self.shownRejections)
        let rest = rejected.count - shown.count
        return [
            "",
            counted(rejected.count, "value")
                + " kept from \(rejected.count == 1 ? "its metric" : "their metrics") lately",
        ]
            + shown.flatMap { rejection in
                let value = rejection["value"]?.double.map { Quantities.value($0) + ": " } ?? ""
                let reason = rejection.text("reason").replacing("_", with: " ")
                let place = "\(rejection.text("path").printable) at byte \(rejection.amount("offset"))"
                return [
                    "  - \(rejection.text("metric")) \(value)\(reason), in \(place)",
                    "    \(rejection.text("line").onOneLine.printable)",
                ]
            } + (rest > 0 ? ["  and \(rest) more; --json has them all"] : [])
    }

    private static let shownRejections = 5

    /// What could not be read of sources as they are configured, ever since there is a ledger.
    private var undecoded: [String] {
        let sources = status.items("decoding")
        guard !sources.isEmpty else { return [] }
        return ["", counted(sources.count, "source") + " with what could not be read as configured"]
            + sources.map { source in
                let counts = Self.undecodedKinds.filter { source.amount($0.key) > 0 }.map {
                    "\(counted(Int(clamping: source.amount($0.key)), $0.noun)) \($0.verb)"
                }
                return "  - \(source.text("source").printable): \(counts.joined(separator: ", "))"
            }
    }

    private static let undecodedKinds = [
        (key: "lines_undecoded", noun: "line", verb: "without readable fields"),
        (key: "lines_malformed", noun: "line", verb: "that no container runtime wrote"),
        (key: "records_cut", noun: "record", verb: "cut at the greatest size"),
        (key: "characters_replaced", noun: "character", verb: "replaced"),
    ]

    private var headline: String {
        let uptime = Quantities.time(seconds: status["uptime_seconds"]?.double ?? 0)
        let process = status["process"]?.integer.map { ", process \($0)" } ?? ""
        return "outrider \(status.text("version")) is \(state)\(process), up \(uptime)"
    }

    private var state: String {
        switch status.text("state") {
        case "degraded": "running without a durable ledger"
        case "": "in an unknown state"
        case let state: state
        }
    }

    private var facts: [String] {
        let metrics = status.text("metrics_address")
        var facts = [
            ("state", status.text("state_directory")), ("ledger", ledger),
            (
                "metrics",
                metrics.hasSuffix(":0") ? "\(metrics) (any free port; see the log)" : "http://\(metrics)/metrics"
            ),
            ("configured", status.text("configuration")), ("reloads", reloads),
        ]
        if let history { facts.append(("history", history)) }
        if let streams = status["streams"]?.integer { facts.append(("streams", "\(streams) followed")) }
        let width = facts.map { $0.0.count }.max() ?? 0
        return facts.map { "  \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)" }
    }

    private var ledger: String {
        guard let ledger = status["ledger"] else { return "nothing published yet" }
        let age = Quantities.time(seconds: ledger["published_seconds_ago"]?.double ?? 0)
        let epoch = "epoch \(Quantities.count(ledger.amount("epoch")))"
        return ledger.flag("durable")
            ? "durable, \(epoch), committed \(age) ago" : "NOT durable, \(epoch), published \(age) ago"
    }

    private var history: String? {
        guard let history = status["history"], history["series"] != nil else { return nil }
        func size(_ key: String) -> String { Quantities.bytes(history.amount(key)) }
        let held =
            "\(Quantities.count(history.amount("samples"))) samples of \(Quantities.count(history.amount("series"))) series"
        let room = "\(size("bytes")) of \(size("limit_bytes"))"
        return history.flag("durable") ? "\(held), \(room)" : "\(held), \(room), in memory only"
    }

    private var reloads: String {
        guard let reloads = status["reloads"] else { return "none" }
        let (taken, refused) = (reloads.amount("succeeded"), reloads.amount("failed"))
        if taken + refused == 0 { return "none" }
        let last = reloads.flag("last_was_good") ? "" : " (the last one too: what was taken before is in force)"
        return "\(taken) taken, \(refused) refused\(last)"
    }

    private var troubles: [String] {
        var troubles: [(text: String, hint: String?)] = []
        if let ledger = status["ledger"], let error = ledger["error"]?.string {
            troubles.append((error.onOneLine.printable, ledger["hint"]?.string?.onOneLine.printable))
        }
        if let history = status["history"], let error = history["error"]?.string {
            troubles.append((error.onOneLine.printable, history["hint"]?.string?.onOneLine.printable))
        }
        let refused = status["history"]?.amount("series_refused") ?? 0
        if refused > 0 {
            troubles.append(
                (
                    "the history has no room for \(Quantities.count(refused)) series of the page",
                    AgentRuntime.historyRoomHint
                ))
        }
        let unbalanced = status.amount("unbalanced_accounts")
        if unbalanced > 0 {
            troubles.append(("\(unbalanced) accounts do not balance", "this is a bug in outrider: please report it"))
        }
        troubles += status.items("problems").compactMap(\.string).map { ($0.onOneLine.printable, nil) }
        if troubles.isEmpty { return ["no problems"] }
        return [counted(troubles.count, "problem")]
            + troubles.flatMap { ["  - \($0.text)"] + ($0.hint.map { ["    \($0)"] } ?? []) }
    }
}
