/// Samples of one series in the encoding of `SampleChunk`, wherever their bytes lie.
///
/// SAFETY: bytes are read within `withBytes` only; columns have room for all samples, as their callers promise.
protocol CompressedSamples {
    /// Milliseconds since 1970 of the first sample and of the last one.
    var start: Int64 { get }
    var end: Int64 { get }
    var count: Int { get }
    /// The compressed samples.
    var bytes: [UInt8] { get }
    /// Lends the compressed samples for the length of the call.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result
}

extension CompressedSamples {
    func overlaps(_ start: Int64, _ end: Int64) -> Bool { self.start <= end && self.end >= start }

    /// As the disk gets it.
    func stored(_ serial: Int64) -> StoreChanges.Chunk {
        StoreChanges.Chunk(serial: serial, start: start, end: end, count: count, bytes: bytes)
    }

    /// Appends the samples to two columns.
    func decode(into timestamps: inout [Int64], _ values: inout [Double]) {
        withBytes { bytes in
            var decoder = SampleDecoder(bytes, count: count)
            while let (timestamp, value) = decoder.next() {
                timestamps.append(timestamp)
                values.append(value)
            }
        }
    }

    /// Writes the samples from `start` through `end` to the beginning of two columns that have room for all of them, and says
    /// how many there are. What is younger is not decoded.
    func decode(
        from start: Int64, through end: Int64, into timestamps: UnsafeMutablePointer<Int64>,
        _ values: UnsafeMutablePointer<Double>
    ) -> Int {
        withBytes { bytes in
            var decoder = SampleDecoder(bytes, count: count)
            var kept = 0
            while let (timestamp, value) = decoder.next(), timestamp <= end {
                timestamps[kept] = timestamp
                values[kept] = value
                // Older ones are written over.
                kept += timestamp >= start ? 1 : 0
            }
            return kept
        }
    }
}

/// A chunk as it was stored.
struct StoredChunk: CompressedSamples {
    private let chunk: StoreChanges.Chunk

    /// Nil when it cannot be one.
    init?(_ chunk: StoreChanges.Chunk) {
        guard chunk.start <= chunk.end, (1...SampleChunk.maximumCount).contains(chunk.count),
            (16...ChunkPage.size).contains(chunk.bytes.count)
        else { return nil }
        self.chunk = chunk
    }

    var start: Int64 { chunk.start }
    var end: Int64 { chunk.end }
    var count: Int { chunk.count }
    var bytes: [UInt8] { chunk.bytes }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try chunk.bytes.withUnsafeBufferPointer(body)
    }
}
