import FileAccess
import LogModel
import SeriesModel
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerFormatTests {
    /// docs/FORMATS.md shows the very statements that make the tables.
    @Test func theDocumentShowsTheSchema() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(try LinuxFileAccess().open("/\(root)/docs/FORMATS.md"))
        var bytes = [UInt8](repeating: 0, count: Int(try file.status().size))
        _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        let document = String(decoding: bytes, as: UTF8.self)
        for table in LedgerSchema.tables + HistorySchema.tables {
            #expect(document.contains(table.creation + ";\n"), "docs/FORMATS.md lacks:\n\(table.creation);")
        }
        let count = LedgerSchema.tables.count + HistorySchema.tables.count
        #expect(document.split(separator: "CREATE TABLE").count == count + 1)
        #expect(document.contains("`user_version` \(LedgerSchema.version)"))
        #expect(document.contains("`application_id` 0x\(String(LedgerSchema.applicationID, radix: 16))"))
        #expect(
            document.contains(
                "0x\(String(HistorySchema.applicationID, radix: 16)) (\"outh\"), `user_version` \(HistorySchema.version)"
            ))
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, .max])
    func numbersComeBack(number: UInt64) throws {
        var bytes: [UInt8] = []
        bytes.appendVarint(number)
        bytes.appendFixed(number)
        bytes.appendCounted([7, 8])
        var reader = PackedReader(bytes)
        #expect(try reader.varint() == number)
        #expect(try reader.fixed() == number)
        #expect(try reader.counted() == [7, 8])
        #expect(reader.isAtEnd)
    }

    @Test func cutBytesAreMalformedAtEveryLength() throws {
        var epochs = SampleEpochs(seed: 1)
        _ = epochs.next()
        let state = try #require(epochs.contents.consumers.first)
        let packed = state.packed()
        #expect(try ConsumerState(consumer: state.consumer, stream: state.stream, packed: packed) == state)
        for length in 0..<packed.count {
            #expect(throws: MalformedBytes.self) {
                try ConsumerState(consumer: state.consumer, stream: state.stream, packed: Array(packed.prefix(length)))
            }
        }
        #expect(throws: MalformedBytes.self) {
            try ConsumerState(consumer: state.consumer, stream: state.stream, packed: packed + [0])
        }
    }

    @Test func cellsComeBackWhateverTheyHold() throws {
        var random = SeededRandom(seed: 1)
        let tables: [[Double]] = [
            [], [1], (0..<256).map(Double.init), (0..<256).map { _ in Double.random(in: -1...1, using: &random) },
            [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude],
        ]
        for cells in tables.map([UInt8].cells) + [[], [1, 2, 3]] {
            #expect(try ShardCells.decode(ShardCells.encode(cells)) == cells)
        }
    }

    @Test func cellsOfCountersTakeLittleMoreThanHalfTheirRoom() {
        let counters = ShardCells.encode(.cells((0..<256).map { Double($0 * 12_345) }))
        #expect(counters.count < 1250)
        var random = SeededRandom(seed: 2)
        let noise = ShardCells.encode(.cells((0..<256).map { _ in Double.random(in: 0..<1, using: &random) }))
        #expect(noise.count <= 2049)
    }
}
