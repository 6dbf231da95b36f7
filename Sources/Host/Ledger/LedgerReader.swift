import LogModel
import SeriesModel

/// Reads and verifies everything that a ledger holds.
struct LedgerReader {
    let connection: SQLiteConnection
    let path: String
    var subject = "ledger"

    struct Meta {
        var epoch: EpochID
        var bootIdentifier: String?
        var created: WallTime
        var digest: Int64
    }

    /// All rows, each with its seal verified, and all of them by the digest.
    func contents() throws(LedgerError) -> (contents: LedgerContents, meta: Meta) {
        var digest: Int64 = 0
        let meta = try meta()
        var contents = LedgerContents()
        contents.epoch = meta.epoch
        contents.bootIdentifier = meta.bootIdentifier
        contents.streams = try streams(&digest)
        contents.scanned = try rows(LedgerSchema.sources, &digest, ScannedSource.init(_:))
        contents.consumers = try rows(LedgerSchema.consumers, &digest, ConsumerState.init(_:))
        contents.notes = try rows(LedgerSchema.notes, &digest, LineNote.init(_:))
        contents.losses = try rows(LedgerSchema.losses, &digest, LossRecord.init(_:))
        contents.metrics.schemas = try rows(LedgerSchema.schemas, &digest, MetricSchemaRecord.init(_:))
        contents.metrics.series = try rows(LedgerSchema.series, &digest, SeriesRecord.init(_:))
        contents.metrics.shards = try rows(LedgerSchema.shards, &digest, ShardRecord.init(_:))
        guard digest == meta.digest else { throw corrupt("rows are missing or out of date") }
        return (contents, meta)
    }

    func losses() throws(LedgerError) -> [LossRecord] {
        var digest: Int64 = 0
        return try rows(LedgerSchema.losses, &digest, LossRecord.init(_:))
    }

    func meta() throws(LedgerError) -> Meta {
        var digest: Int64 = 0
        let found = try rows(LedgerSchema.meta, &digest) { row throws(MalformedBytes) in
            let boot = try row.text(2)
            return Meta(
                epoch: EpochID(try row.offset(1)), bootIdentifier: boot.isEmpty ? nil : boot,
                created: WallTime(nanoseconds: try row.integer(3)), digest: try row.integer(4))
        }
        guard found.count == 1, let meta = found.first else { throw corrupt("its meta row is missing") }
        return meta
    }

    private func streams(_ digest: inout Int64) throws(LedgerError) -> [StreamRecord] {
        var streams = try rows(LedgerSchema.streams, &digest, StreamRecord.init(_:))
        var index = 0
        let segments = try rows(LedgerSchema.segments, &digest) { row throws(MalformedBytes) in
            (stream: StreamID(try row.number(0)), segment: try Segment(row))
        }
        for (stream, segment) in segments {
            while index < streams.count, streams[index].id < stream { index += 1 }
            guard index < streams.count, streams[index].id == stream else {
                throw corrupt("a segment belongs to no stream")
            }
            streams[index].segments.append(segment)
        }
        return streams
    }

    /// All rows of a table, each verified; `digest` grows by their seals.
    func rows<Row>(
        _ table: LedgerTable, _ digest: inout Int64, _ decode: (LedgerRow) throws(MalformedBytes) -> Row
    ) throws(LedgerError) -> [Row] {
        var result: [Row] = []
        do {
            let reading = try connection.statement(table.readAll)
            defer { reading.reset() }
            while try reading.step() {
                guard var values = reading.row(), let last = values.popLast(), last == .integer(table.seal(values))
                else {
                    throw corrupt("a row of table \(table.name) does not match its seal")
                }
                if case .integer(let seal) = last { digest &+= seal }
                result.append(try decode(LedgerRow(values: values)))
            }
        } catch is MalformedBytes {
            throw corrupt("a row of table \(table.name) cannot be understood")
        } catch {
            throw .opening(error, path: path, subject: subject)
        }
        return result
    }

    private func corrupt(_ detail: String) -> LedgerError { .corrupt(path: path, detail: detail, subject: subject) }
}
