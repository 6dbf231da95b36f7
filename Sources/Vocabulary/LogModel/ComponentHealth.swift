/// How one part of the agent is.
public struct ComponentHealth: Hashable, Sendable {
    /// From good to bad. Legal next states: any.
    public enum State: String, Sendable, CaseIterable {
        /// It has not begun yet.
        case starting
        /// All is well.
        case good
        /// It does its work, but not all of it.
        case degraded
        /// It does not do its work.
        case failed
    }

    /// The part, such as `reading`.
    public var component: String
    /// How it is.
    public var state: State
    /// When that state began.
    public var since: WallTime
    /// When it last got something done; nil for parts that only wait to be asked, and before the first time.
    public var lastProgress: WallTime?
    /// What is wrong; nil while all is well.
    public var reason: String?
    /// What to do about it.
    public var hint: String?
    /// The health of a part, without a reason unless one is given.
    public init(
        component: String, state: State, since: WallTime, lastProgress: WallTime? = nil, reason: String? = nil,
        hint: String? = nil
    ) {
        self.component = component
        self.state = state
        self.since = since
        self.lastProgress = lastProgress
        self.reason = reason
        self.hint = hint
    }
}
