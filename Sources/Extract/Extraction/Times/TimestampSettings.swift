public import CivilTime
public import LineFormats

/// How the lines of a source say when they were written.
public struct TimestampSettings: Hashable, Sendable {
    /// How times are written; nil where they are to be recognised.
    public var layout: TimestampLayout?
    /// The zone of times that name none.
    public var zone: TimeZoneRules
    /// The path of the field that holds the time; nil for the line itself.
    public var field: String?
    /// Whose time counts for lines that say none by themselves.
    public var container: ContainerFormat

    /// Times that are recognised in the line, in UTC where they name no zone, unless told otherwise.
    public init(
        layout: TimestampLayout? = nil, zone: TimeZoneRules = .utc, field: String? = nil,
        container: ContainerFormat = .none
    ) {
        self.layout = layout
        self.zone = zone
        self.field = field
        self.container = container
    }
}
