import CLiteralScan

/// The tables of a plan as the scans in C read them.
///
/// SAFETY: every table is allocated in `init`, filled before `init` returns, not changed after, and freed in `deinit`. The
/// structures that hold pointers to them are lent to C for one call at a time. The bytes that are scanned are only read within
/// their bounds, which the tests prove with pages that may not be read behind them.
final class LiteralTables {
    private let literals: UnsafeMutableBufferPointer<outrider_literal>
    private let values: UnsafeMutableBufferPointer<UInt8>
    private let masks: UnsafeMutableBufferPointer<UInt8>
    private var bucketPlaces: UnsafeMutableBufferPointer<outrider_place>?
    private var buckets: UnsafeMutablePointer<outrider_buckets>?
    private var sampledPlaces: UnsafeMutableBufferPointer<outrider_place>?
    private var slots: UnsafeMutableBufferPointer<outrider_slot>?
    private var present: UnsafeMutableBufferPointer<UInt64>?
    private var samples = outrider_samples()
    private let method: outrider_method
    /// By literal: where its patterns begin in `patterns`; one more behind the last.
    private let patternStarts: UnsafeMutableBufferPointer<Int32>
    private let patterns: UnsafeMutableBufferPointer<Int32>

    /// Tables for `plan`; buckets are looked for by `method`.
    init(_ plan: PrefilterPlan, method: outrider_method) {
        self.method = method
        literals = .allocate(capacity: plan.literals.count)
        let padded = plan.literals.map { ($0.bytes.count + 7) & ~7 }
        values = .allocate(capacity: padded.reduce(0, +))
        values.initialize(repeating: 0)
        masks = .allocate(capacity: values.count)
        masks.initialize(repeating: 0)
        patterns = table(plan.patterns.joined().map(Int32.init))
        patternStarts = table(plan.patterns.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) })
        var text = 0
        for (index, literal) in plan.literals.enumerated() {
            literals.initializeElement(
                at: index, to: outrider_literal(text: UInt32(text), length: UInt32(literal.bytes.count)))
            for (offset, byte) in literal.bytes.enumerated() {
                values[text + offset] = byte
                masks[text + offset] = literal.isCaseless && isLetter(byte) ? 0xDF : 0xFF
            }
            text += padded[index]
        }
        if let buckets = plan.buckets { fill(buckets) }
        if let samples = plan.samples { fill(samples) }
    }

    deinit {
        patternStarts.deallocate()
        patterns.deallocate()
        literals.deallocate()
        values.deallocate()
        masks.deallocate()
        bucketPlaces?.deallocate()
        buckets?.deallocate()
        sampledPlaces?.deallocate()
        slots?.deallocate()
        present?.deallocate()
    }

    /// The patterns that a literal makes candidates.
    @inline(__always)
    func patterns(of literal: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(rebasing: patterns[Int(patternStarts[literal])..<Int(patternStarts[literal + 1])])
    }

    private func fill(_ source: WindowBuckets) {
        let places = source.places.joined().map {
            outrider_place(literal: UInt32($0.literal), anchor: UInt32($0.anchor))
        }
        let placesTable = table(places)
        bucketPlaces = placesTable
        let target = UnsafeMutablePointer<outrider_buckets>.allocate(capacity: 1)
        target.initialize(to: outrider_buckets())
        target.pointee.width = UInt32(source.width)
        target.pointee.places = UnsafePointer(placesTable.baseAddress)
        var end = 0
        withUnsafeMutableBytes(of: &target.pointee.bucket_ends) { raw in
            for (bucket, places) in source.places.enumerated() {
                end += places.count
                raw.storeBytes(of: UInt32(end), toByteOffset: 4 * bucket, as: UInt32.self)
            }
        }
        withUnsafeMutableBytes(of: &target.pointee.low) { $0.copyBytes(from: source.low) }
        withUnsafeMutableBytes(of: &target.pointee.high) { $0.copyBytes(from: source.high) }
        withUnsafeMutableBytes(of: &target.pointee.exact) { $0.copyBytes(from: source.exact) }
        buckets = target
    }

    private func fill(_ source: WindowSamples) {
        // Sixteen bits or more for each window, so that few others pass; four slots, so that few collide.
        let bits = UInt32.bitWidth - (source.places.count * 16).leadingZeroBitCountIn32
        let hashBits = min(max(bits, 12), 20)
        let slotCount = 1 << (UInt32.bitWidth - (source.places.count * 4).leadingZeroBitCountIn32)
        let present = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 1 << (hashBits - 6))
        present.initialize(repeating: 0)
        let slots = UnsafeMutableBufferPointer<outrider_slot>.allocate(capacity: slotCount)
        slots.initialize(repeating: outrider_slot())
        var places: [outrider_place] = []
        let shift = UInt32(32 - hashBits)
        for (key, found) in source.places.sorted(by: { $0.key < $1.key }) {
            let hash = Int(outrider_window_hash(key) >> shift)
            present[hash >> 6] |= 1 << UInt64(hash & 63)
            var slot = hash & (slotCount - 1)
            while slots[slot].count > 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = outrider_slot(key: key, first: UInt32(places.count), count: UInt32(found.count))
            places += found.map { outrider_place(literal: UInt32($0.literal), anchor: UInt32($0.anchor)) }
        }
        let placesTable = table(places)
        samples.stride = UInt32(source.stride)
        samples.fold = source.isFolded ? 0x2020_2020 : 0
        samples.shift = shift
        samples.present = UnsafePointer(present.baseAddress)
        samples.slots = UnsafePointer(slots.baseAddress)
        samples.slot_mask = UInt32(slotCount - 1)
        samples.places = UnsafePointer(placesTable.baseAddress)
        self.present = present
        self.slots = slots
        sampledPlaces = placesTable
    }

    /// Finds the literals in `bytes`: those of the buckets, those of the samples, each by ascending place.
    func scan(_ bytes: UnsafeRawBufferPointer, buckets found: LiteralHits, samples sampled: LiteralHits) {
        found.removeAll()
        sampled.removeAll()
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        var set = outrider_literals(
            literals: UnsafePointer(literals.baseAddress), values: UnsafePointer(values.baseAddress),
            masks: UnsafePointer(masks.baseAddress))
        if let buckets {
            found.fill(until: bytes.count) { from, hits, room in
                outrider_scan_buckets(buckets, &set, method, base, bytes.count, from, hits, room)
            }
        }
        if present != nil {
            sampled.fill(until: bytes.count) { from, hits, room in
                outrider_scan_samples(&samples, &set, base, bytes.count, from, hits, room)
            }
        }
    }
}

private func table<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let table = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = table.initialize(from: elements)
    return table
}

extension Int {
    fileprivate var leadingZeroBitCountIn32: Int { UInt32(self).leadingZeroBitCount }
}

/// Where literals were found; the memory is reused from batch to batch.
///
/// SAFETY: `storage` is allocated and grown here only; the first `count` elements are initialised. Pointers into it are lent
/// for one call.
final class LiteralHits {
    private var storage: UnsafeMutableBufferPointer<outrider_hit> = .allocate(capacity: 256)
    private(set) var count = 0

    deinit { storage.deallocate() }

    func removeAll() { count = 0 }

    /// The hits; valid until the next change.
    @inline(__always)
    var hits: UnsafeBufferPointer<outrider_hit> { UnsafeBufferPointer(rebasing: storage[..<count]) }

    /// Calls `scan` with the room that is left, and more and more of it, until it has come to `end`.
    func fill(until end: Int, _ scan: (UnsafeMutablePointer<Int>, UnsafeMutablePointer<outrider_hit>?, Int) -> Int) {
        var position = 0
        while true {
            let rest = UnsafeMutableBufferPointer(rebasing: storage[count...])
            count += scan(&position, rest.baseAddress, rest.count)
            guard position < end else { return }
            let grown = UnsafeMutableBufferPointer<outrider_hit>.allocate(capacity: storage.count * 2)
            _ = grown.initialize(from: storage[..<count])
            storage.deallocate()
            storage = grown
        }
    }
}
