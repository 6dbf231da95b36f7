import CLinux
import FileAccess
import TestSupport
import Testing

@Suite("Line ends")
struct LineEndsTests {
    private func find(_ bytes: [UInt8], capacity: Int) -> [UInt32] {
        var ends = [UInt32](repeating: .max, count: capacity)
        let count = bytes.withUnsafeBytes { bytes in
            ends.withUnsafeMutableBufferPointer { LineEnds.find(in: bytes, into: $0) }
        }
        return Array(ends[..<count])
    }

    private func reference(_ bytes: [UInt8]) -> [UInt32] {
        bytes.indices.filter { bytes[$0] == 10 }.map { UInt32($0 + 1) }
    }

    @Test("every line end is found, for blocks of all lengths around the vector width", arguments: 0..<200)
    func allLengths(length: Int) {
        var random = SeededRandom(seed: UInt64(length))
        for oneIn in [1, 2, 7, 60, 1000] {
            let bytes = (0..<length).map { _ in Int.random(in: 0..<oneIn, using: &random) == 0 ? UInt8(10) : 0x8A }
            #expect(find(bytes, capacity: length + 64) == reference(bytes))
            #expect(find(bytes, capacity: length) == reference(bytes))
        }
    }

    @Test("it stops at the capacity with the first line ends", arguments: [0, 1, 3, 63, 64, 65, 100])
    func stopsAtCapacity(capacity: Int) {
        var random = SeededRandom(seed: 7)
        let bytes = (0..<4096).map { _ in Int.random(in: 0..<20, using: &random) == 0 ? UInt8(10) : UInt8(97) }
        #expect(find(bytes, capacity: capacity) == Array(reference(bytes).prefix(capacity)))
    }

    @Test("the fast way and memchr agree")
    func agreesWithPortable() {
        var random = SeededRandom(seed: 3)
        let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...40, using: &random) }
        var ends = [UInt32](repeating: 0, count: bytes.count)
        let count = outrider_line_ends_portable(bytes, bytes.count, &ends, ends.count)
        #expect(find(bytes, capacity: bytes.count + 64) == Array(ends[..<count]))
    }
}
