public import LogModel

/// How much of a log's generations is kept. A limit that is nil does not exist.
public struct RetentionLimits: Hashable, Sendable {
    /// How many.
    public var count: Int?
    /// For how long after they were set aside.
    public var age: Duration?
    /// How many bytes on disk, all of them together.
    public var size: UInt64?
    /// From when on a generation goes although it was not read to its end: the disk belongs to the service.
    public var unreadAge: Duration?
    /// How many bytes of generations that were not read to their ends are kept at most.
    public var unreadSize: UInt64?
    /// No limits.
    public init() {}
}

/// A generation as retention sees it.
public struct KeptGeneration: Hashable, Sendable {
    /// Which one.
    public var generation: Generation
    /// Bytes on disk.
    public var size: UInt64
    /// Whether every consumer has passed its end.
    public var isRead: Bool
    /// A generation of so many bytes.
    public init(_ generation: Generation, size: UInt64, isRead: Bool) {
        self.generation = generation
        self.size = size
        self.isRead = isRead
    }
}

/// A generation that goes.
public struct Removal: Hashable, Sendable {
    /// The limit that it is beyond.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case count
        case age
        case size
        /// It was not read, and the cap on those is reached: what it holds is lost.
        case unreadAge
        /// The same, by size.
        case unreadSize
    }

    /// Which one.
    public var generation: Generation
    /// Why.
    public var reason: Reason
    /// Whether somebody has not read it to its end.
    public var losesLines: Bool
}

/// Which generations of one log go, and why.
public enum RetentionPlan {
    /// Plans, with the oldest ones first.
    ///
    /// What was not read to its end stays whatever the limits say, until the cap on that is reached. A limit on the number or the size
    /// counts it with the others, so that what was read goes in its place.
    ///
    /// - Parameters:
    ///   - kept: the generations there are, in any order.
    ///   - limits: how much is to be kept.
    ///   - now: by the clock that names generations.
    /// - Returns: what goes, oldest first.
    public static func removals(_ kept: [KeptGeneration], _ limits: RetentionLimits, now: WallTime) -> [Removal] {
        let oldestFirst = kept.sorted { $0.generation < $1.generation }
        var removals: [Removal] = []
        var count = kept.count
        var size = kept.reduce(0) { $0 + $1.size }
        var unread = kept.reduce(0) { $0 + ($1.isRead ? 0 : $1.size) }
        for each in oldestFirst {
            let age = age(of: each.generation, now)
            let isBeyond: [(Removal.Reason, Bool)] =
                each.isRead
                ? [
                    (.count, limits.count.map { count > $0 } ?? false), (.age, limits.age.map { age > $0 } ?? false),
                    (.size, limits.size.map { size > $0 } ?? false),
                ]
                : [
                    (.unreadAge, limits.unreadAge.map { age > $0 } ?? false),
                    (.unreadSize, limits.unreadSize.map { unread > $0 } ?? false),
                ]
            guard let reason = isBeyond.first(where: \.1)?.0 else { continue }
            removals.append(Removal(generation: each.generation, reason: reason, losesLines: !each.isRead))
            count -= 1
            size -= each.size
            if !each.isRead { unread -= each.size }
        }
        return removals
    }

    private static func age(of generation: Generation, _ now: WallTime) -> Duration {
        let (age, isTooLong) = now.nanoseconds.subtractingReportingOverflow(generation.time.nanoseconds)
        return isTooLong ? .seconds(Int64.max / 1_000_000_000) : .nanoseconds(age)
    }
}
