import Consumption
import LogModel

/// Keeps the lines it gets, as values that are committed together with its cursors.
final class ModelConsumer: LineConsumer {
    struct Delivery: Equatable {
        var stream: StreamID
        var content: [UInt8]
    }

    struct Refusal: Error {}

    let name: ConsumerName
    var hasRoom = true
    var refusesCommit = false
    private(set) var deliveries: [Delivery]
    private(set) var bytes: [StreamID: UInt64] = [:]

    init(name: ConsumerName, deliveries: [Delivery]) {
        self.name = name
        self.deliveries = deliveries
    }

    func consume(_ batch: LineBatch) -> Acceptance {
        guard hasRoom else { return .noRoom }
        for index in 0..<batch.lineCount {
            let content = ReferenceModel.normalised(Array(batch.bytes[batch.lineRange(index)]))
            deliveries.append(Delivery(stream: batch.stream, content: content))
        }
        return .taken
    }

    func prepareCommit() throws { if refusesCommit { throw Refusal() } }
}
