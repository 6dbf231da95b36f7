import CivilTime
import YAMLNodes

/// How a source says when its lines were written, as it is written; parts with mistakes are nil.
struct TimestampDraft: Sendable {
    /// Nil inside where times are recognised.
    var layout: TimestampLayout??
    /// Nil where the key is absent: that of this machine.
    var zone: Located<ZoneChoice>?
    var field: Located<String>?
}

/// The keys of `timestamp`.
enum TimestampKeys {
    static let layout = Field(
        "layout", .timestampLayout, default: "auto",
        doc:
            "How times are written, as for `strptime`: `%Y-%m-%d %H:%M:%S,%L` for `2025-11-23 10:00:00,123`. It is looked for in the first 64 bytes of a line. `auto` recognises ISO 8601 and what Python, syslog, nginx, Apache, Go, Java, glog and others write, and seconds since 1970, and takes nothing for a time that is ambiguous.",
        example: "'%Y-%m-%d %H:%M:%S,%L'")
    static let zone = Field(
        "zone", .timeZone, default: "local",
        doc:
            "The zone of times that name none. `local` is that of this machine: of `$TZ`, or of `/etc/localtime`; in a container that is often UTC.",
        example: "Europe/Berlin")
    static let field = Field(
        "field", .fieldPath, absence: "the line itself",
        doc: "The field that holds the time and nothing else, for lines that have fields.", example: "ts")

    static let schema = ObjectSchema(
        phrase: "`timestamp`", doc: "How the lines of a source say when they were written.",
        keys: [layout.schema, zone.schema, field.schema])

    static let reader = ValueReader<TimestampDraft?>.object(schema) { object in
        TimestampDraft(layout: object(layout), zone: object.located(zone), field: object.located(field))
    }
}
