/// A moment right before or after a system call that changes a disk, where tests stop the agent.
package struct CrashPoint: Hashable, Sendable, CustomStringConvertible {
    /// Which side of the call.
    package enum Moment: String, Sendable, CaseIterable {
        case before
        case after
    }
    /// The operation and the call, such as `replace.rename`.
    package let label: String
    package let moment: Moment

    package init(_ moment: Moment, _ label: String) {
        self.moment = moment
        self.label = label
    }

    package var description: String { "\(moment.rawValue) \(label)" }
}

/// Called at every crash point; what it throws ends the operation there, with nothing cleaned up, as a kill would.
package typealias CrashHook = @Sendable (CrashPoint) throws(FileAccessError) -> Void
