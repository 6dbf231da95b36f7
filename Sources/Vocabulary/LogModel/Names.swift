/// The name of a configured source: a set of files, or a journal, that is read with one group of settings.
public struct SourceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
    public static func < (left: SourceName, right: SourceName) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a consumer. Its cursors belong to the name, so it must stay the same across restarts.
public struct ConsumerName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
    public static func < (left: ConsumerName, right: ConsumerName) -> Bool { left.rawValue < right.rawValue }

    /// The consumer that turns lines into metrics; every agent has it.
    public static let metrics = ConsumerName("metrics")
}

/// What one writer wrote under one name, across rotations. Assigned once by the ledger and never used again.
public struct StreamID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UInt32
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    public var description: String { "stream \(rawValue)" }
    public static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// The number of a commit; grows by one with each and is never used again.
public struct EpochID: Hashable, Sendable, Comparable {
    public let rawValue: UInt64
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
    public static func < (left: EpochID, right: EpochID) -> Bool { left.rawValue < right.rawValue }
    public var next: EpochID { EpochID(rawValue + 1) }
}
