import QueryModel
import TestSupport
import Testing

@testable import SeriesStore

/// Compressed samples.
@Suite struct SampleChunkTests {
    private func expectRoundTrip(_ samples: [(Int64, Double)]) {
        var chunk = SampleChunk()
        for (timestamp, value) in samples { chunk.append(timestamp, value) }
        var (timestamps, values): ([Int64], [Double]) = ([], [])
        chunk.decode(into: &timestamps, &values)
        #expect(timestamps == samples.map(\.0))
        #expect(values.map(\.bitPattern) == samples.map(\.1.bitPattern))
        #expect(chunk.count == samples.count)
        #expect(chunk.end == samples.last?.0 ?? 0)
    }

    @Test func samplesComeBackToTheBit() {
        expectRoundTrip([(0, 0)])
        expectRoundTrip([(1_700_000_000_000, 1), (1_700_000_015_000, 1), (1_700_000_030_000, 2.5)])
        expectRoundTrip([(-5, .infinity), (0, -.infinity), (3, SampleValue.stale), (4, SampleValue.nan), (5, -0.0)])
        expectRoundTrip([(.min, 1), (0, .leastNonzeroMagnitude), (.max, .greatestFiniteMagnitude)])
    }

    /// Differences at and around the borders of each width.
    @Test(arguments: [13, 14, 16, 17, 19, 20, 33, 61])
    func everyWidthOfTimesComesBack(width: Int) {
        for offset in -2...2 as ClosedRange<Int64> {
            let step = (1 << Int64(width)) + offset
            expectRoundTrip([(0, 1), (step, 1), (step + 1, 2), (2 * step, 3)])
        }
    }

    @Test(arguments: 0..<200) func randomSamplesComeBack(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var samples: [(Int64, Double)] = []
        var timestamp = Int64.random(in: -1_000_000...1_000_000, using: &random)
        var value = 0.0
        for _ in 0..<Int.random(in: 1...SampleChunk.maximumCount, using: &random) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: value = Double(bitPattern: random.next())
            case 1: value += 1
            case 2: value = Double.random(in: -1...1, using: &random)
            case 3: value = value.magnitude < 1e300 ? value * 2 : 0
            default: break
            }
            samples.append((timestamp, value))
            let isSteady = Int.random(in: 0..<4, using: &random) > 0
            timestamp += isSteady ? 15_000 : Int64.random(in: 1...(1 << 40), using: &random)
        }
        expectRoundTrip(samples)
    }

    @Test func aSteadySeriesCostsTwoBitsASample() {
        var chunk = SampleChunk()
        for index in 0..<SampleChunk.maximumCount { chunk.append(Int64(index) * 15_000, 42) }
        #expect(chunk.bytes.count <= 16 + 2 + 8 + SampleChunk.maximumCount / 4)
    }

    @Test func aCounterCostsAboutTwoBytesASample() {
        var random = SeededRandom(seed: 3)
        var chunk = SampleChunk()
        var value = 1_000.0
        for index in 0..<SampleChunk.maximumCount {
            value += Double(Int.random(in: 0...20, using: &random))
            chunk.append(Int64(index) * 15_000, value)
        }
        #expect(Double(chunk.bytes.count) / Double(SampleChunk.maximumCount) < 2.6)
    }

    @Test func missingBytesEndTheSamples() {
        var chunk = SampleChunk()
        for index in 0..<50 { chunk.append(Int64(index) * 15_000, Double(index) / 3) }
        for length in 0..<chunk.bytes.count {
            Array(chunk.bytes[..<length]).withUnsafeBufferPointer { bytes in
                var decoder = SampleDecoder(bytes, count: 50)
                var read = 0
                while let (timestamp, value) = decoder.next() {
                    #expect(timestamp == Int64(read) * 15_000)
                    #expect(value == Double(read) / 3)
                    read += 1
                }
                #expect(read < 50)
            }
        }
    }
}
