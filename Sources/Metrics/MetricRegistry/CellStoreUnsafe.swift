import SeriesModel

/// All value cells, in shards that are shared with snapshots until they are written again.
///
/// SAFETY: the only unsafe pointers are those of the closures that write and read a shard's 2,048 bytes; each is bounded by
/// `SeriesSlot.cellsPerShard`.
struct CellStore {
    typealias Shard = ContiguousArray<Double>
    static let bytesPerShard = SeriesSlot.cellsPerShard * 8

    private(set) var shards: [Shard] = []
    /// Per shard the generation that wrote to it last; 0 when the ledger has it as it is.
    private var generations: [UInt64] = []
    /// Cells below `end` that belong to no series, ascending, neither overlapping nor touching.
    private var free: [Range<Int>] = []
    /// Behind the last cell that was ever given out.
    private var end = 0

    var cellCount: Int { shards.count * SeriesSlot.cellsPerShard }

    subscript(cell: Int) -> Double {
        @inline(__always) get { shards[cell >> 8][cell & 255] }
    }

    @inline(__always)
    mutating func set(_ cell: Int, _ value: Double, generation: UInt64) {
        shards[cell >> 8][cell & 255] = value
        generations[cell >> 8] = generation
    }

    /// Adds to a sum, in the cell `cell` and, with what rounding left over, the one behind it.
    @inline(__always)
    mutating func add(_ value: Double, at cell: Int, generation: UInt64) {
        let (shard, place) = (cell >> 8, cell & 255)
        if place < 255 {
            shards[shard].add(value, at: place)
            generations[shard] = generation
        } else {
            var sum = CompensatedSum(sum: self[cell], compensation: self[cell + 1])
            sum.add(value)
            set(cell, sum.sum, generation: generation)
            set(cell + 1, sum.compensation, generation: generation)
        }
    }

    /// Finds room for a series; its cells are zero.
    mutating func allocate(_ count: Int, generation: UInt64) -> SeriesSlot {
        let start: Int
        if let index = free.firstIndex(where: { $0.count >= count }) {
            start = free[index].lowerBound
            free[index] = start + count..<free[index].upperBound
            if free[index].isEmpty { free.remove(at: index) }
        } else {
            start = end
            end += count
            while cellCount < end { appendShard() }
        }
        for cell in start..<start + count { set(cell, 0, generation: generation) }
        return SeriesSlot(UInt32(start))
    }

    /// Gives cells back; they may be given out again from now on.
    mutating func release(_ ranges: [Range<Int>]) {
        var merged: [Range<Int>] = []
        for range in (free + ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, last.upperBound == range.lowerBound {
                merged[merged.count - 1] = last.lowerBound..<range.upperBound
            } else {
                merged.append(range)
            }
        }
        free = merged
    }

    /// Whether a shard was written since it was last known to be durable.
    var hasChanges: Bool { generations.contains { $0 != 0 } }

    func hasChanges(in generation: UInt64) -> Bool { generations.contains(generation) }

    /// The shards that were written since they were last known to be durable.
    func changedShards() -> [ShardRecord] {
        generations.indices.filter { generations[$0] != 0 }.map { index in
            ShardRecord(index: UInt32(index), cells: encode(shards[index]))
        }
    }

    func allShards() -> [ShardRecord] {
        shards.indices.map { ShardRecord(index: UInt32($0), cells: encode(shards[$0])) }
    }

    /// Notes that the ledger has all writes up to a generation.
    mutating func confirm(_ generation: UInt64) {
        for index in generations.indices where generations[index] <= generation { generations[index] = 0 }
    }

    /// Takes shards as the ledger holds them.
    mutating func load(_ records: [ShardRecord]) throws(RegistryError) {
        for record in records.sorted(by: { $0.index < $1.index }) {
            guard record.cells.count == Self.bytesPerShard, record.index < UInt32.max / 256 else {
                throw .inconsistent("shard \(record.index) has \(record.cells.count) bytes")
            }
            guard Int(record.index) >= shards.count else {
                throw .inconsistent("shard \(record.index) is stored twice")
            }
            // Shards between are missing only when no series lies there.
            while shards.count < Int(record.index) { appendShard() }
            appendShard()
            shards[shards.count - 1] = decode(record.cells)
        }
    }

    /// Marks the cells of the loaded series as taken; ascending, not overlapping.
    mutating func occupy(_ ranges: [Range<Int>]) {
        for range in ranges {
            if range.lowerBound > end { free.append(end..<range.lowerBound) }
            end = range.upperBound
        }
    }

    private mutating func appendShard() {
        shards.append(Shard(repeating: 0, count: SeriesSlot.cellsPerShard))
        generations.append(0)
    }

    private func encode(_ shard: Shard) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.bytesPerShard) { bytes, count in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            for (index, value) in shard.enumerated() {
                raw.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * 8, as: UInt64.self)
            }
            count = Self.bytesPerShard
        }
    }

    private func decode(_ bytes: [UInt8]) -> Shard {
        bytes.withUnsafeBytes { raw in
            Shard(
                (0..<SeriesSlot.cellsPerShard).map { index in
                    let pattern = raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    return Double(bitPattern: UInt64(littleEndian: pattern))
                })
        }
    }
}

extension ContiguousArray<Double> {
    @inline(__always)
    fileprivate mutating func add(_ value: Double, at index: Int) {
        withUnsafeMutableBufferPointer { cells in
            var sum = CompensatedSum(sum: cells[index], compensation: cells[index + 1])
            sum.add(value)
            cells[index] = sum.sum
            cells[index + 1] = sum.compensation
        }
    }
}
