import FuzzDriver
import QueryModel

@testable import SeriesStore

/// What lies in a damaged history: labels, a chunk or a row of any bytes are refused, or give a store that can be read, stored
/// and restored.
@main enum FuzzHistory {
    static func main() {
        fuzz { input in
            guard let contents = contents(Array(input)) else { return }
            let store = SeriesStore()
            do throws(MalformedHistory) { try store.restore(contents) } catch {
                check(store.seriesCount == 0 && store.memory == 0, "nothing is left of what was refused")
                return
            }
            let found = store.view.select([], from: .min, through: .max)
            _ = store.forget(after: 2000)
            store.expire(now: 1 << 40)
            check(store.memory >= 0, "memory is not negative")
            _ = store.takeChanges()
            let again = SeriesStore()
            guard (try? again.restore(store.takeContents())) != nil else { return }
            check(again.seriesCount <= found.count, "no series comes from nowhere")
        }
    }

    private static func contents(_ input: [UInt8]) -> StoreContents? {
        guard input.count > 3 else { return nil }
        let rest = Array(input[3...])
        var contents = StoreContents()
        contents.series = (1...4).map { (serial: Int64) in
            let labels: LabelSet = ["__name__": "m", "i": ByteString("\(serial)")]
            return StoreChanges.Series(serial: serial, origin: .page, labels: labels.encoded)
        }
        switch input[0] & 3 {
        case 0: contents.series[1].labels = rest
        case 1:
            contents.chunks = [
                StoreChanges.Chunk(
                    serial: 1, start: Int64(input[1]), end: Int64(input[1]) + Int64(input[2]), count: Int(input[2]),
                    bytes: rest)
            ]
        default:
            let cut = min(rest.count, Int(input[1]))
            contents.rows = [
                StoreChanges.Row(number: 1, timestamp: 1000, bytes: Array(rest[..<cut])),
                StoreChanges.Row(number: 2, timestamp: Int64(input[2]) * 10, bytes: Array(rest[cut...])),
            ]
        }
        return contents
    }
}
