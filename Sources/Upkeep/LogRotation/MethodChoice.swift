public import FileAccess

/// How a log becomes a generation.
public enum RotationMethod: String, Hashable, Sendable, CaseIterable {
    /// The file gets another name, and its writers open the log anew.
    case rename
    /// What is there is copied, and its whole blocks are taken out of the file, which its writers append to all the while.
    case collapse
    /// What is there is copied, and becomes a hole, so that writers who keep an offset of their own go on where they were.
    case punch
    /// What is there is copied, and the file is emptied; what comes between the two is lost.
    case copytruncate
}

/// Which way a log is rotated when nobody says how, and why.
public struct MethodChoice: Hashable, Sendable {
    /// The way; nil when none is without loss for certain.
    public let method: RotationMethod?
    /// For `--dry-run` and messages, without a full stop.
    public let reason: String

    /// Chooses by how those who write have the log open.
    ///
    /// - Parameters:
    ///   - holders: who has it open.
    ///   - canReopen: whether it is known how its writers are made to open it anew.
    public init(_ holders: FileHolders, canReopen: Bool) {
        let writers = holders.holders.filter(\.isWriting)
        let names = Set(writers.map(\.process.description)).sorted().joined(separator: ", ")
        if canReopen {
            (method, reason) = (.rename, "it is known how its writers open it anew")
        } else if writers.isEmpty, holders.hiddenProcesses == 0 {
            (method, reason) = (.rename, "no process has it open for writing")
        } else if writers.isEmpty {
            let count = holders.hiddenProcesses
            method = nil
            reason =
                "\(count) \(count == 1 ? "process" : "processes") of other users may have it open, which cannot be seen"
        } else if writers.allSatisfy(\.appends) {
            (method, reason) = (.collapse, "\(names) always \(writers.count == 1 ? "writes" : "write") at its end")
        } else {
            // A hole suits who appends as well; blocks that are taken out would leave the others' offsets behind.
            (method, reason) = (.punch, "\(names) \(writers.count == 1 ? "keeps" : "keep") an offset in it")
        }
    }
}
