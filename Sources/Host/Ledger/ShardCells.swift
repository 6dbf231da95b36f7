import SeriesModel

/// How a shard's cells lie in the ledger: without the zero bytes at the low end of each double.
///
/// Most cells are counters, whose doubles end in zeros: a shard of them takes a half or a third of its 2,048 bytes, and a
/// page is written for every second or third shard instead of for each.
///
///     128 bytes   two cells a byte, low nibble first: how many high-order bytes of the cell are stored, 0...8
///     the bytes   cell after cell, high-order byte first
///
/// Cells that would not become shorter, or are not one whole shard, are stored as they are behind a byte 1; packed ones
/// behind a byte 0.
enum ShardCells {
    private static let byteCount = SeriesSlot.cellsPerShard * 8
    private static let raw: UInt8 = 1
    private static let packed: UInt8 = 0

    static func encode(_ cells: [UInt8]) -> [UInt8] {
        guard cells.count == byteCount else { return [raw] + cells }
        let headerLength = 1 + SeriesSlot.cellsPerShard / 2
        var result = [UInt8](repeating: 0, count: headerLength)
        result.reserveCapacity(1 + byteCount)
        result[0] = packed
        for cell in 0..<SeriesSlot.cellsPerShard {
            let start = cell * 8
            var low = start
            while low < start + 8, cells[low] == 0 { low += 1 }
            let kept = start + 8 - low
            result[1 + cell / 2] |= UInt8(kept) << (cell % 2 == 0 ? 0 : 4)
            var index = start + 8
            while index > low {
                index -= 1
                result.append(cells[index])
            }
        }
        return result.count <= byteCount ? result : [raw] + cells
    }

    static func decode(_ bytes: [UInt8]) throws(MalformedBytes) -> [UInt8] {
        guard let form = bytes.first else { throw MalformedBytes() }
        if form == raw { return Array(bytes.dropFirst()) }
        var next = 1 + SeriesSlot.cellsPerShard / 2
        guard form == packed, bytes.count >= next else { throw MalformedBytes() }
        var cells = [UInt8](repeating: 0, count: byteCount)
        for cell in 0..<SeriesSlot.cellsPerShard {
            let kept = Int(bytes[1 + cell / 2] >> (cell % 2 == 0 ? 0 : 4) & 0xF)
            guard kept <= 8, next + kept <= bytes.count else { throw MalformedBytes() }
            for offset in 0..<kept { cells[cell * 8 + 7 - offset] = bytes[next + offset] }
            next += kept
        }
        guard next == bytes.count else { throw MalformedBytes() }
        return cells
    }
}
