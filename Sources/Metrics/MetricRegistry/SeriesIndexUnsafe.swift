import SeriesModel

/// The label values of one update, where they lie.
///
/// SAFETY: valid only while the batch, the constants and the ranges are; made and used within one call. `value` checks every
/// range against its buffer.
struct RawLabels {
    let bytes: UnsafeRawBufferPointer
    let constants: UnsafeRawBufferPointer
    let ranges: UnsafeBufferPointer<MatchBuffer.LabelRange>

    var count: Int { ranges.count }

    @inline(__always)
    func value(_ index: Int) -> UnsafeRawBufferPointer {
        let range = ranges[index]
        let buffer = range.isConstant ? constants : bytes
        let (start, length) = (Int(range.start), Int(range.length))
        precondition(start + length <= buffer.count, "BUG: a label range lies outside its batch")
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
    }

    /// A copy of the values in which every byte that is not UTF-8 is replaced by U+FFFD; nil when there was none.
    func repaired() -> [[UInt8]]? {
        guard (0..<count).contains(where: { !isUTF8(value($0)) }) else { return nil }
        return (0..<count).map { Array(String(decoding: value($0), as: UTF8.self).utf8) }
    }

    /// A copy of the values.
    func copied() -> [[UInt8]] { (0..<count).map { Array(value($0)) } }

    /// Lends values that are not part of a batch.
    static func with<Result>(_ values: [[UInt8]], _ body: (RawLabels) -> Result) -> Result {
        var ranges: [MatchBuffer.LabelRange] = []
        var start = 0
        for value in values {
            ranges.append(MatchBuffer.LabelRange(start: UInt32(start), length: UInt32(value.count)))
            start += value.count
        }
        let bytes = values.flatMap { $0 }
        return bytes.withUnsafeBytes { bytes in
            ranges.withUnsafeBufferPointer { ranges in
                body(RawLabels(bytes: bytes, constants: UnsafeRawBufferPointer(start: nil, count: 0), ranges: ranges))
            }
        }
    }
}

private func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return true }
    return bytes.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) != nil }
}

/// Finds the number of a series by its metric and the raw bytes of its label values, without an allocation.
///
/// Open addressing with linear probing; an entry is the upper half of the hash and the series' number plus one, 0 when it is
/// empty. A series' key is its label values, each behind its length. The seed differs from process to process, so that a
/// log's writer cannot choose values that collide; nothing that is stored or shown depends on it.
///
/// SAFETY: pointers into `keys` are used within one call and bounded by the lengths that `append` wrote.
struct SeriesIndex {
    private var table = ContiguousArray<UInt64>(repeating: 0, count: 64)
    private var keys: ContiguousArray<UInt8> = []
    private var keyStarts: ContiguousArray<Int> = []
    private var keyLengths: ContiguousArray<UInt32> = []
    private var metrics: ContiguousArray<UInt32> = []
    private var hashes: ContiguousArray<UInt64> = []
    private let seed = UInt64.random(in: .min ... .max)
    /// Numbers of series that were removed, to be given again.
    private var freed: [Int] = []
    /// Bytes of `keys` that belong to no series any more.
    private var unusedBytes = 0

    var count: Int { keyStarts.count }

    /// The number of the series; nil when there is none.
    func find(metric: Int, labels: RawLabels) -> Int? {
        let hash = hash(metric: metric, labels: labels)
        let mask = table.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = table[place]
            guard entry != 0 else { return nil }
            if entry >> 32 == hash >> 32 {
                let series = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
                if metrics[series] == UInt32(metric), hasKey(series, labels) { return series }
            }
            place = (place + 1) & mask
        }
    }

    /// Adds a series that is not there yet, and returns its number: one that was freed, or the count of those before it.
    mutating func append(metric: Int, labels: RawLabels) -> Int {
        let hash = hash(metric: metric, labels: labels)
        let series = freed.popLast() ?? count
        if series == count {
            keyStarts.append(keys.count)
            keyLengths.append(0)
            metrics.append(UInt32(metric))
            hashes.append(hash)
        } else {
            (keyStarts[series], metrics[series], hashes[series]) = (keys.count, UInt32(metric), hash)
        }
        for index in 0..<labels.count {
            let value = labels.value(index)
            withUnsafeBytes(of: UInt32(value.count)) { keys.append(contentsOf: $0) }
            keys.append(contentsOf: value)
        }
        keyLengths[series] = UInt32(keys.count - keyStarts[series])
        if count * 2 > table.count { grow() } else { insert(series) }
        return series
    }

    /// Forgets a series; its number may be given to another one from now on.
    mutating func remove(_ series: Int) {
        let mask = table.count - 1
        var hole = Int(truncatingIfNeeded: hashes[series]) & mask
        while table[hole] & 0xFFFF_FFFF != UInt64(series + 1) { hole = (hole + 1) & mask }
        // What stands behind moves up, unless it would then stand before the place where its search begins.
        var place = (hole + 1) & mask
        while table[place] != 0 {
            let home = Int(truncatingIfNeeded: hashes[Int(table[place] & 0xFFFF_FFFF) - 1]) & mask
            if (place - home) & mask >= (place - hole) & mask {
                table[hole] = table[place]
                hole = place
            }
            place = (place + 1) & mask
        }
        table[hole] = 0
        unusedBytes += Int(keyLengths[series])
        metrics[series] = .max
        freed.append(series)
        if unusedBytes > 4096, unusedBytes * 2 > keys.count { compact() }
    }

    /// Whether a number was freed and not given again.
    private func isFree(_ series: Int) -> Bool { metrics[series] == .max }

    /// Leaves out the keys of series that were removed.
    private mutating func compact() {
        var kept: ContiguousArray<UInt8> = []
        for series in 0..<count where !isFree(series) {
            let start = kept.count
            kept.append(contentsOf: keys[keyStarts[series]..<keyStarts[series] + Int(keyLengths[series])])
            keyStarts[series] = start
        }
        (keys, unusedBytes) = (kept, 0)
    }

    private mutating func grow() {
        table = ContiguousArray(repeating: 0, count: table.count * 2)
        for series in 0..<count where !isFree(series) { insert(series) }
    }

    private mutating func insert(_ series: Int) {
        let hash = hashes[series]
        let mask = table.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while table[place] != 0 { place = (place + 1) & mask }
        table[place] = (hash >> 32) << 32 | UInt64(series + 1)
    }

    private func hasKey(_ series: Int, _ labels: RawLabels) -> Bool {
        keys.withUnsafeBytes { keys in
            var offset = keyStarts[series]
            for index in 0..<labels.count {
                let value = labels.value(index)
                let length = Int(keys.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                guard length == value.count else { return false }
                offset += 4
                guard isEqual(keys, offset, value) else { return false }
                offset += length
            }
            return true
        }
    }

    @inline(__always)
    private func isEqual(_ keys: UnsafeRawBufferPointer, _ start: Int, _ value: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= value.count {
            let (left, right) = (
                keys.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self),
                value.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            guard left == right else { return false }
            offset += 8
        }
        while offset < value.count {
            guard keys[start + offset] == value[offset] else { return false }
            offset += 1
        }
        return true
    }

    private func hash(metric: Int, labels: RawLabels) -> UInt64 {
        var hash = fold(seed ^ UInt64(metric), 0x9E37_79B9_7F4A_7C15)
        for index in 0..<labels.count {
            let value = labels.value(index)
            hash = fold(hash ^ UInt64(value.count), 0xD6E8_FEB8_6659_FD93)
            var offset = 0
            while offset + 8 <= value.count {
                hash = fold(hash ^ value.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 0xA076_1D64_78BD_642F)
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < value.count {
                rest = rest << 8 | UInt64(value[offset])
                offset += 1
            }
            hash = fold(hash ^ rest, 0xE703_7ED1_A0B4_28DB)
        }
        return hash
    }

    @inline(__always)
    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ seed).multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
