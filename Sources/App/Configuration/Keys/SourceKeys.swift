import FileAccess
import FileTail
import LogModel
import LogPipeline
import YAMLNodes

/// A source as it is written; parts with mistakes are nil.
struct SourceDraft: Sendable {
    var name: Located<String>?
    var decoding: DecodingDraft
    var timestamp: TimestampDraft?
    var settings: FileSourceSettings?
    /// The globs of `files`, each with its place.
    var files: [Located<FilePattern>]
    /// The globs of `exclude`.
    var exclude: [FilePattern]
    var sample: Located<String>?

    func isExcluded(_ path: String) -> Bool { exclude.contains { $0.matches(path) } }
}

/// The keys of an item of `sources`.
enum SourceKeys {
    static let name = Field(
        "name", .name, isRequired: true,
        doc:
            "By what patterns, records and the agent's own metrics know the source; no two sources share it. How far its files were read belongs to the name: under another one all of them are new, `start_at` says where reading begins, and lines that were counted before may be counted again.",
        example: "app")
    static let files = Field(
        "files", .list(of: .glob, isNonEmpty: true), isRequired: true,
        doc: "The files to read. New files that match are found while the agent runs.",
        example: "[\"/var/log/bot/*.log\"]")
    static let exclude = Field(
        "exclude", .list(of: .glob), default: "[]", doc: "Files that are left out although `files` matches them.",
        example: "[\"/var/log/bot/debug*.log\"]")
    static let startAt = Field(
        "start_at", .startPosition, default: "end",
        doc:
            "Where to begin in a file that was never seen before: at its `end`, at its `beginning`, or at the beginning only if it was modified within a time. What is passed over is accounted as skipped.",
        example: "24h")
    static let maximumLineLength = Field(
        "max_line", .size(64...(16 << 20)), default: "256KiB",
        doc:
            "How much of a line of the file is read; the rest of a longer one is passed over, counted in `outrider_consumer_cut_lines_total`. Parts of a line that a container runtime cut are joined until they have this length; what follows is a record by itself, counted in `outrider_records_cut_total{source}`.",
        example: "64KiB")
    static let rescanInterval = Field(
        "rescan_interval", .duration(.milliseconds(100) ... .seconds(3600)), default: "10s",
        doc: "How often the globs are matched anew even if no folder reports a change.", example: "1m")

    static let timestamp = Field(
        "timestamp", TimestampKeys.reader, absence: "times are recognised, in this machine's zone",
        doc:
            "How lines say when they were written, for what goes by their own time: heartbeats and timers. Only lines whose time matters are looked at. One that says no time has that which a container runtime wrote around it, or that of the nearest of the 100 lines before it that says one, or else the time at which it is read; lines for which neither they nor a runtime say it are counted in `outrider_timestamp_errors_total{source}`. A year or a date that is not written is the latest that is not in the future.",
        example: "{layout: '%Y-%m-%d %H:%M:%S,%L', zone: UTC}")

    static let sample = Field(
        "sample", .path, absence: "patterns are not tried on a sample",
        doc:
            "A file with lines as the source has them, for `outrider check` alone: it warns of patterns that match nothing in it, and of labels whose values look as if there were no end to them.",
        example: "samples/app.log")

    static let schema = ObjectSchema(
        phrase: "a source", doc: "Files that are read alike, and how.",
        keys: [
            name.schema, files.schema, exclude.schema, startAt.schema, maximumLineLength.schema, rescanInterval.schema,
        ] + DecodingKeys.all + [timestamp.schema, sample.schema])

    static let reader = ValueReader<SourceDraft>.object(schema) { object in
        let (name, files, exclude) = (object.located(name), object(files), object(exclude))
        let decoding = DecodingKeys.read(object)
        var settings = settings(object, name: name?.value, files: files, exclude: exclude)
        if let encoding = decoding.settings?.encoding { settings?.lineEnd = LineEnd(encoding.lineEnd) }
        return SourceDraft(
            name: name, decoding: decoding, timestamp: object(timestamp) ?? nil, settings: settings,
            files: files ?? [], exclude: (exclude ?? []).map(\.value), sample: object.located(sample))
    }

    /// Reads every key before it gives up, so that each mistake is reported.
    private static func settings(
        _ object: ObjectReader, name: String?, files: [Located<FilePattern>]?, exclude: [Located<FilePattern>]?
    ) -> FileSourceSettings? {
        let startAt = object(startAt)
        let (maximumLineLength, rescanInterval) = (object(maximumLineLength), object(rescanInterval))
        guard let name, let files, let exclude, let startAt, let maximumLineLength, let rescanInterval else {
            return nil
        }
        return FileSourceSettings(
            name: SourceName(name), include: files.map(\.value.text), exclude: exclude.map(\.value.text),
            startAt: startAt,
            maximumLineLength: maximumLineLength, rescanInterval: rescanInterval)
    }
}
