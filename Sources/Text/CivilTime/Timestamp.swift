public import LogModel

/// A time that was read from a line.
public struct Timestamp: Hashable, Sendable {
    /// What the text did not say.
    public struct Assumptions: OptionSet, Hashable, Sendable {
        /// One bit for each.
        public let rawValue: UInt8
        /// A set of those bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The year is the latest that does not put the time more than a day after the reference.
        public static let year = Assumptions(rawValue: 1)
        /// The day is the latest that does not put the time more than an hour after the reference.
        public static let date = Assumptions(rawValue: 2)
        /// The zone is the clock's.
        public static let zone = Assumptions(rawValue: 4)
    }

    /// When it is.
    public var instant: WallTime
    /// How many digits of the second's fraction were given: 0 for whole seconds, 3, 6 or 9 for milli-, micro- or
    /// nanoseconds. Those that were not given are zero in `instant`.
    public var fractionDigits: Int
    /// Where it lies in the bytes.
    public var range: Range<Int>
    /// What the text did not say.
    public var assumed: Assumptions
}
