import QueryModel

/// Reads the samples of one range of many series, one after the other, through the same piece of memory.
///
/// SAFETY: chunks are decoded into buffers that have room for all samples of the chunks that reach into the range.
struct RangeReader {
    private let start: Int64
    private let end: Int64
    private var timestamps: [Int64] = []
    private var values: [Double] = []

    init(from start: Int64, through end: Int64) {
        self.start = start
        self.end = end
    }

    /// The samples of a series; nil when there are none in the range.
    mutating func samples(of number: Int, in all: [SeriesStore.Series]) -> SelectedSeries? {
        // Not even looked at as a rule: the range is at the end of what is kept.
        let beginsInOpen = all[number].open.count > 0 && all[number].open.start <= start
        let closed = beginsInOpen ? [] : all[number].closed
        var first = closed.count
        while first > 0, closed[first - 1].end >= start { first -= 1 }
        var room = all[number].open.count
        for index in first..<closed.count { room += closed[index].count }
        if timestamps.count < room {
            timestamps = [Int64](repeating: 0, count: room)
            values = [Double](repeating: 0, count: room)
        }
        let decoder = RangeDecoder(start: start, end: end)
        let count = timestamps.withUnsafeMutableBufferPointer { timestamps in
            values.withUnsafeMutableBufferPointer { values in
                var count = 0
                for index in first..<closed.count {
                    count += decoder.decode(closed[index], timestamps, values, from: count)
                }
                return count + decoder.decode(all[number].open, timestamps, values, from: count)
            }
        }
        guard count > 0 else { return nil }
        return SelectedSeries(
            labels: all[number].labels, timestamps: Array(timestamps[..<count]), values: Array(values[..<count]))
    }
}

private struct RangeDecoder {
    let start: Int64
    let end: Int64

    /// Writes what of a chunk lies in the range from `place` on, and says how much it is.
    func decode(
        _ chunk: some CompressedSamples, _ timestamps: UnsafeMutableBufferPointer<Int64>,
        _ values: UnsafeMutableBufferPointer<Double>, from place: Int
    ) -> Int {
        guard chunk.count > 0, chunk.start <= end, chunk.end >= start, let times = timestamps.baseAddress,
            let numbers = values.baseAddress
        else { return 0 }
        return chunk.decode(from: start, through: end, into: times + place, numbers + place)
    }
}
