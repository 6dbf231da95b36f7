import SeriesStore

extension StoreChanges.Series {
    var historyRow: [SQLiteValue] { [.integer(serial), .integer(Int64(origin.rawValue)), .blob(labels)] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(
            serial: try row.integer(0), origin: try row.value(SeriesOrigin.self, try row.number(1)),
            labels: try row.blob(2))
    }
}

extension StoreChanges.Chunk {
    var historyRow: [SQLiteValue] {
        [.integer(serial), .integer(start), .integer(end), .integer(Int64(count)), .blob(bytes)]
    }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(
            serial: try row.integer(0), start: try row.integer(1), end: try row.integer(2),
            count: try row.number(3), bytes: try row.blob(4))
    }
}

extension StoreChanges.Row {
    var historyRow: [SQLiteValue] { [.integer(number), .integer(timestamp), .blob(bytes)] }

    init(_ row: LedgerRow) throws(MalformedBytes) {
        self.init(number: try row.integer(0), timestamp: try row.integer(1), bytes: try row.blob(2))
    }
}

extension LedgerRowWriter {
    private mutating func write(_ table: LedgerTable, _ row: [SQLiteValue]) throws(SQLiteFailure) {
        try overwrite(table, row, seal: table.seal(row))
    }

    /// Writes what changed; to write it twice is to write it once.
    mutating func write(_ changes: StoreChanges, created: Int64) throws(SQLiteFailure) {
        for series in changes.series { try write(HistorySchema.series, series.historyRow) }
        for serial in changes.removedSeries { try remove(HistorySchema.series, key: [.integer(serial)]) }
        for chunk in changes.chunks { try write(HistorySchema.chunks, chunk.historyRow) }
        for key in changes.removedChunks {
            try remove(HistorySchema.chunks, key: [.integer(key.serial), .integer(key.start)])
        }
        for row in changes.rows { try write(HistorySchema.ticks, row.historyRow) }
        try remove(HistorySchema.ticks, where: "number < ?", .integer(changes.firstRow))
        if let mark = changes.mark { try write(mark, created: created) }
    }

    /// Replaces all that is there.
    mutating func replaceAll(_ contents: StoreContents, created: Int64) throws(SQLiteFailure) {
        for table in HistorySchema.tables { try connection.execute("DELETE FROM \(table.name)") }
        try write(contents.mark ?? TickMark(timestamp: 0, sealedAt: 0), created: created)
        for series in contents.series { try write(HistorySchema.series, series.historyRow) }
        for chunk in contents.chunks { try write(HistorySchema.chunks, chunk.historyRow) }
        for row in contents.rows { try write(HistorySchema.ticks, row.historyRow) }
    }

    private mutating func write(_ mark: TickMark, created: Int64) throws(SQLiteFailure) {
        try write(
            HistorySchema.meta,
            [.integer(1), .integer(created), .integer(mark.timestamp), .integer(mark.sealedAt)])
    }
}

extension LedgerReader {
    /// All that a history holds.
    func history() throws(LedgerError) -> (contents: StoreContents, created: Int64) {
        var digest: Int64 = 0
        var contents = StoreContents()
        let marks = try rows(HistorySchema.meta, &digest) { row throws(MalformedBytes) in
            (created: try row.integer(1), mark: TickMark(timestamp: try row.integer(2), sealedAt: try row.integer(3)))
        }
        guard let meta = marks.first, marks.count == 1 else {
            throw .corrupt(path: path, detail: "its meta row is missing", subject: subject)
        }
        contents.mark = meta.mark.timestamp == 0 ? nil : meta.mark
        contents.series = try rows(HistorySchema.series, &digest, StoreChanges.Series.init(_:))
        contents.chunks = try rows(HistorySchema.chunks, &digest, StoreChanges.Chunk.init(_:))
        contents.rows = try rows(HistorySchema.ticks, &digest, StoreChanges.Row.init(_:))
        return (contents, meta.created)
    }
}
