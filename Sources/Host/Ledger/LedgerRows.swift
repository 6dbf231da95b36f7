import LogModel
import SeriesModel

/// A row as it was read, without its seal. The subscripts throw where the type or the range is wrong.
struct LedgerRow {
    let values: [SQLiteValue]

    func integer(_ column: Int) throws(MalformedBytes) -> Int64 {
        guard case .integer(let number) = values[column] else { throw MalformedBytes() }
        return number
    }

    func offset(_ column: Int) throws(MalformedBytes) -> UInt64 { UInt64(bitPattern: try integer(column)) }

    func number<Number: FixedWidthInteger>(_ column: Int, _: Number.Type = Number.self) throws(MalformedBytes) -> Number
    {
        guard let number = Number(exactly: try integer(column)) else { throw MalformedBytes() }
        return number
    }

    func text(_ column: Int) throws(MalformedBytes) -> String {
        guard case .text(let text) = values[column] else { throw MalformedBytes() }
        return text
    }

    func blob(_ column: Int) throws(MalformedBytes) -> [UInt8] {
        guard case .blob(let bytes) = values[column] else { throw MalformedBytes() }
        return bytes
    }

    /// A case of an enumeration by its raw value.
    func value<Value: RawRepresentable>(
        _: Value.Type, _ rawValue: Value.RawValue
    ) throws(MalformedBytes) -> Value {
        guard let value = Value(rawValue: rawValue) else { throw MalformedBytes() }
        return value
    }
}

extension SQLiteValue {
    static func offset(_ value: UInt64) -> SQLiteValue { .integer(Int64(bitPattern: value)) }
    static func number(_ value: some FixedWidthInteger) -> SQLiteValue { .integer(Int64(value)) }
}

extension StreamRecord {
    var ledgerRow: [SQLiteValue] {
        var files: [UInt8] = []
        files.appendVarint(UInt64(known.count))
        for file in known {
            files.appendVarint(UInt64(file.head.length))
            files.appendFixed(file.head.hash.rawValue)
            files.appendVarint(file.length)
            files.appendVarint(file.identity.device)
            files.appendVarint(file.identity.inode)
            files.appendVarint(UInt64(file.identity.generation))
        }
        return [.number(id.rawValue), .text(source.rawValue), .text(path), .blob(files)]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        var reader = PackedReader(try row.blob(3))
        var files: [KnownFile] = []
        for _ in 0..<(try reader.count()) {
            let head = HeadFingerprint(
                length: try reader.small(), hash: ContentHash(rawValue: try reader.fixed()))
            let length = try reader.varint()
            let identity = FileIdentity(
                device: try reader.varint(), inode: try reader.varint(), generation: try reader.small())
            files.append(KnownFile(head: head, length: length, identity: identity))
        }
        guard reader.isAtEnd else { throw MalformedBytes() }
        self.init(
            id: StreamID(try row.number(0)), source: SourceName(try row.text(1)), path: try row.text(2), segments: [],
            known: files)
    }
}

extension ScannedSource {
    var ledgerRow: [SQLiteValue] { [.text(source.rawValue), .offset(globs.rawValue)] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(source: SourceName(try row.text(0)), globs: ContentHash(rawValue: try row.offset(1)))
    }
}

extension Segment {
    func ledgerRow(stream: StreamID, ordinal: Int) -> [SQLiteValue] {
        [
            .number(stream.rawValue), .number(ordinal), .offset(start), .offset(length), .offset(base), .text(path),
            .number(codec.rawValue), .offset(identity.device), .offset(identity.inode), .number(identity.generation),
            .number(head.length), .offset(head.hash.rawValue), .number(state.rawValue),
        ]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(
            start: try row.offset(2), length: try row.offset(3), base: try row.offset(4), path: try row.text(5),
            codec: try row.value(SegmentCodec.self, try row.number(6)),
            identity: FileIdentity(
                device: try row.offset(7), inode: try row.offset(8), generation: try row.number(9)),
            head: HeadFingerprint(length: try row.number(10), hash: ContentHash(rawValue: try row.offset(11))),
            state: try row.value(State.self, try row.number(12)))
    }
}

extension ConsumerState {
    var ledgerRow: [SQLiteValue] { [.text(consumer.rawValue), .number(stream.rawValue), .blob(packed())] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        try self.init(
            consumer: ConsumerName(try row.text(0)), stream: StreamID(try row.number(1)), packed: try row.blob(2))
    }
}

extension LineNote.ID {
    var ledgerKey: [SQLiteValue] { [.number(stream.rawValue), .number(kind.rawValue), .text(name), .blob(key)] }
}

extension LineNote {
    var ledgerRow: [SQLiteValue] { id.ledgerKey + [.integer(time.nanoseconds), .blob(value)] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(
            id: ID(
                stream: StreamID(try row.number(0)), kind: try row.value(Kind.self, try row.number(1)),
                name: try row.text(2), key: try row.blob(3)),
            time: WallTime(nanoseconds: try row.integer(4)), value: try row.blob(5))
    }
}

extension LossRecord {
    func ledgerRow(number: Int64) -> [SQLiteValue] {
        [
            .integer(number), .number(stream.rawValue), .text(consumer.rawValue), .text(reason.rawValue),
            .offset(lowerOffset), .offset(upperOffset), .integer(isOpenEnded ? 1 : 0), .text(path),
            .integer(time.nanoseconds),
        ]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(
            stream: StreamID(try row.number(1)), consumer: ConsumerName(try row.text(2)),
            reason: try row.value(LossReason.self, try row.text(3)), lowerOffset: try row.offset(4),
            upperOffset: try row.offset(5), isOpenEnded: try row.integer(6) != 0, path: try row.text(7),
            time: WallTime(nanoseconds: try row.integer(8)))
    }
}

extension MetricSchemaRecord {
    var ledgerRow: [SQLiteValue] {
        var names: [UInt8] = []
        names.appendVarint(UInt64(schema.labelNames.count))
        for name in schema.labelNames { names.appendCounted(name.utf8) }
        var buckets: [UInt8] = []
        buckets.appendVarint(UInt64(schema.buckets.count))
        for bound in schema.buckets { buckets.appendFixed(bound.bitPattern) }
        return [
            .number(id.rawValue), .text(schema.name), .text(schema.kind.rawValue), .blob(names), .blob(buckets),
            .text(schema.unit),
        ]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        var reader = PackedReader(try row.blob(3))
        var names: [String] = []
        for _ in 0..<(try reader.count()) {
            guard let name = String(validating: try reader.counted(), as: UTF8.self) else { throw MalformedBytes() }
            names.append(name)
        }
        guard reader.isAtEnd else { throw MalformedBytes() }
        reader = PackedReader(try row.blob(4))
        var buckets: [Double] = []
        for _ in 0..<(try reader.count()) { buckets.append(Double(bitPattern: try reader.fixed())) }
        guard reader.isAtEnd else { throw MalformedBytes() }
        self.init(
            id: MetricSchemaID(try row.number(0)),
            schema: MetricSchema(
                name: try row.text(1), kind: try row.value(MetricKind.self, try row.text(2)), labelNames: names,
                buckets: buckets, unit: try row.text(5)))
    }
}

extension SeriesRecord {
    var ledgerRow: [SQLiteValue] {
        var labels: [UInt8] = []
        labels.appendVarint(UInt64(labelValues.count))
        for value in labelValues { labels.appendCounted(value) }
        return [.number(slot.rawValue), .number(schema.rawValue), .blob(labels), .integer(created.nanoseconds)]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        var reader = PackedReader(try row.blob(2))
        var values: [[UInt8]] = []
        for _ in 0..<(try reader.count()) { values.append(try reader.counted()) }
        guard reader.isAtEnd else { throw MalformedBytes() }
        self.init(
            slot: SeriesSlot(try row.number(0)), schema: MetricSchemaID(try row.number(1)), labelValues: values,
            created: WallTime(nanoseconds: try row.integer(3)))
    }
}

extension ShardRecord {
    var ledgerRow: [SQLiteValue] { [.number(index), .blob(ShardCells.encode(cells))] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(index: try row.number(0), cells: try ShardCells.decode(try row.blob(1)))
    }
}
