import TestSupport
import Testing

@testable import SeriesStore

/// Rows of samples.
@Suite struct TickRowTests {
    private struct Sample {
        var serial: Int64
        var bits: UInt64
        var before: UInt64?
    }

    private func row(_ samples: [Sample]) -> [UInt8] {
        var writer = TickRowWriter()
        for sample in samples { writer.append(sample.serial, sample.bits, after: sample.before) }
        return writer.finish()
    }

    private func entries(_ bytes: [UInt8]) throws -> [TickRow.Entry] {
        var reader = TickRowReader(bytes)
        var entries: [TickRow.Entry] = []
        while let entry = try reader.nextEntry() { entries.append(entry) }
        return entries
    }

    @Test(arguments: 0..<200) func randomRowsComeBack(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var samples: [Sample] = []
        var serial: Int64 = 0
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            serial = Int.random(in: 0..<5, using: &random) == 0 ? .random(in: 0...1 << 40, using: &random) : serial + 1
            let choices: [UInt64] = [0, 1, random.next(), Double(serial).bitPattern]
            let bits = choices[Int.random(in: 0..<4, using: &random)]
            let befores: [UInt64?] = [nil, bits, random.next(), bits ^ 0xff00]
            let before = befores[Int.random(in: 0..<4, using: &random)]
            samples.append(Sample(serial: serial, bits: bits, before: before))
        }
        let expected = samples.map {
            TickRow.Entry(serial: $0.serial, difference: $0.bits ^ ($0.before ?? 0), isFirst: $0.before == nil)
        }
        #expect(try entries(row(samples)) == expected)
    }

    @Test func whatDoesNotChangeTakesNextToNothing() {
        let samples = (1...10_000).map { Sample(serial: $0, bits: 7, before: 7) }
        #expect(row(samples).count < 10)
    }

    @Test(arguments: 0..<300) func foreignBytesAreRefusedOrRead(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<Int.random(in: 1...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        var reader = TickRowReader(bytes)
        var last: Int64 = -1
        do {
            // A run of what is unchanged may be long, and takes no bytes.
            for _ in 0..<100_000 {
                guard let entry = try reader.nextEntry() else { break }
                last = entry.serial
                #expect(last >= 0)
            }
        } catch {
            #expect(error.detail == "a row of samples cannot be understood")
        }
    }

    @Test func rowsThatEndEarlyAreRefused() throws {
        let whole = row((1...20).map { Sample(serial: $0 * 3, bits: UInt64($0) << 40, before: nil) })
        var refused = 0
        for length in 1..<whole.count {
            do { #expect(try entries(Array(whole[..<length])).count < 20) } catch { refused += 1 }
        }
        #expect(refused > whole.count / 3)
    }
}
