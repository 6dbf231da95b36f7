import JSONText

/// Where every consumer stands, a line for each of its sources.
struct ConsumersTable {
    let consumers: [JSONValue]
    init(_ consumers: [JSONValue]) { self.consumers = consumers }

    var lines: [String] {
        guard !consumers.isEmpty else { return ["no consumer has a position yet"] }
        var table = TextTable([
            .left("CONSUMER"), .left("SOURCE"), .right("STREAMS"), .right("LINES"), .right("CONSUMED"),
            .right("SKIPPED"), .right("PENDING"), .right("LOST"), .left("NOTE"),
        ])
        for consumer in consumers {
            table.add([
                consumer.text("consumer"), consumer.text("source"), Quantities.count(consumer.amount("streams")),
                Quantities.count(consumer.amount("lines")), Quantities.bytes(consumer.amount("consumed")),
                Quantities.bytes(consumer.total("skipped")), Quantities.bytes(consumer.amount("pending")),
                Self.lost(consumer), consumer["configured"] == false ? "not configured" : "",
            ])
        }
        return table.lines()
    }

    /// With a plus when more may be lost than was ever seen.
    static func lost(_ account: JSONValue) -> String {
        Quantities.bytes(account.total("lost")) + (account.amount("open_ended_losses") > 0 ? " +" : "")
    }
}
