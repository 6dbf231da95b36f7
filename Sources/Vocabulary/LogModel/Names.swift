/// The name of a configured source: a set of files, or a journal, that is read with one group of settings.
public struct SourceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as the configuration spells it.
    public let rawValue: String
    /// The source of this name, whether it is configured or not.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// The name itself, for messages and labels.
    public var description: String { rawValue }
    /// By name, so that output has a fixed order.
    public static func < (left: SourceName, right: SourceName) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a consumer. Its cursors belong to the name, so it must stay the same across restarts.
public struct ConsumerName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as the configuration spells it.
    public let rawValue: String
    /// The consumer of this name, whether it is configured or not.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// The name itself, for messages and labels.
    public var description: String { rawValue }
    /// By name, so that output has a fixed order.
    public static func < (left: ConsumerName, right: ConsumerName) -> Bool { left.rawValue < right.rawValue }

    /// The consumer that turns lines into metrics; every agent has it.
    public static let metrics = ConsumerName("metrics")
}

/// What one writer wrote under one name, across rotations. Assigned once by the ledger and never used again.
public struct StreamID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The key of the stream's row in the ledger; counted from 1.
    public let rawValue: UInt32
    /// The stream of this number; nothing is looked up.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    /// For messages: `stream 7`.
    public var description: String { "stream \(rawValue)" }
    /// In the order of their numbers.
    public static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// The number of a commit; grows by one with each and is never used again.
public struct EpochID: Hashable, Sendable, Comparable {
    /// The count itself; 0 before the first commit.
    public let rawValue: UInt64
    /// The epoch of this number.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
    /// Whether the left epoch is the earlier one.
    public static func < (left: EpochID, right: EpochID) -> Bool { left.rawValue < right.rawValue }
    /// The epoch that follows this one.
    public var next: EpochID { EpochID(rawValue + 1) }
}
