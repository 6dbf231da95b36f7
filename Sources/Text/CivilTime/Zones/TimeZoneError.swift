public import LogModel

/// Why the bytes of a time zone file cannot be used.
public struct TimeZoneError: DescribedError, Hashable {
    /// What is wrong, to switch on.
    public enum Kind: String, Sendable {
        /// The file is none in the TZif format (RFC 9636).
        case foreign = "time_zone_foreign"
        /// The file ends early or contradicts itself.
        case damaged = "time_zone_damaged"
        /// The file counts leap seconds, which no log and no Unix clock does.
        case leapSeconds = "time_zone_leap_seconds"
    }

    /// What is wrong, to switch on.
    public let kind: Kind
    /// The zone, where in its file the mistake is, and what it is.
    public let message: String
    /// What to do.
    public let hint: String?

    /// The kind's name.
    public var code: String { kind.rawValue }
    /// Another file is needed.
    public var healing: Healing { .byOperator }

    static func foreign(_ name: String) -> TimeZoneError {
        TimeZoneError(
            kind: .foreign, message: "The file of time zone \(name) does not begin with `TZif`.",
            hint: "Name a zone such as Europe/Berlin, UTC, or an offset such as +01:00.")
    }

    static func damaged(_ name: String, at offset: Int, _ detail: String) -> TimeZoneError {
        TimeZoneError(
            kind: .damaged, message: "The file of time zone \(name) is damaged at byte \(offset): \(detail).",
            hint: "Install the package tzdata anew.")
    }

    static func leapSeconds(_ name: String) -> TimeZoneError {
        TimeZoneError(
            kind: .leapSeconds, message: "The file of time zone \(name) counts leap seconds.",
            hint: "Use the zone without `right/` before its name.")
    }
}
