/// One thing that happens in a script: to the logs, to the disk, or to the agent. Every step can be taken in every state; one
/// that makes no sense there does nothing, so that a script stays a script when steps are removed from it.
indirect enum Step: Equatable, Sendable {
    // What the service does. `log` is the index of a log.
    case write(log: Int, Line)
    /// The first half of a line; the next write to the log finishes it.
    case writePart(log: Int, Line)
    case sync(log: Int)
    /// Closes the log and opens its live path anew, making the file if there is none.
    case reopen(log: Int)
    /// Closes the handles kept from before the last reopen.
    case closeOld(log: Int)
    /// Writes a line through the handle that was kept when the log was reopened.
    case writeOld(log: Int, Line)

    // What rotates.
    /// Moves the chain up and the live file to `.1`; what falls off at `depth` is overwritten. `keepOld`: the service's next
    /// reopen keeps the old handle for late lines.
    case rotate(log: Int, depth: Int)
    case rotateDated(log: Int)
    /// Whether the next `reopen` leaves the old handle open.
    case keepOldHandle(log: Int)
    /// Moves the numbered copies up and copies the live file to `.1`.
    case copyLive(log: Int, depth: Int)
    case truncate(log: Int)
    case copyAside(log: Int)
    case deleteLive(log: Int)
    case deleteRotated(log: Int, which: Int)
    /// The `.gz` of a rotated file with half of its bytes.
    case gzipHalf(log: Int, which: Int)
    case gzipWhole(log: Int, which: Int)
    /// Removes the plain file beside a whole `.gz`.
    case gzipRemove(log: Int, which: Int)
    case hideWriters(log: Int)
    /// Moves, copies or links the live file to a name that the glob matches and that no rotation gives.
    case moveForeign(log: Int, name: Int)
    case copyForeign(log: Int, name: Int)
    case linkForeign(log: Int, name: Int)
    /// Appends a line to the file of such a name.
    case writeForeign(log: Int, name: Int)
    /// A rotated file from before the agent's first look; nothing after that.
    case placeOld(log: Int, number: Int)
    case setReadable(log: Int, which: Int, Bool)

    // What the agent does.
    case scan
    case observe
    case turn(Int)
    /// Scans, observes and turns until nothing is left.
    case look
    case commit
    case restart
    case crash
    /// The agent commits, and dies at a write or sync of the ledger.
    case crashInCommit(operation: Int, isHalfway: Bool)
    /// The agent dies at its operation number `operation` from now.
    case crashAt(operation: Int)
    /// Others do something between two operations of the agent.
    case during(operation: Int, Step)
    /// Operations `from` to `from + count` of the agent fail for lack of descriptors.
    case failOpen(from: Int, count: Int)
    case powerCut(seed: UInt64)
    case room(consumer: Int, Bool)
    /// The consumer cannot make its output durable until told otherwise.
    case refuseCommit(consumer: Int, Bool)
    case advance(milliseconds: Int)
    case clockStep(seconds: Int)
}

/// A line of a script; what is in it depends on when it is written.
enum Line: Equatable, Sendable {
    /// Unique, with as many filler bytes.
    case unique(filler: Int)
    /// The same bytes whenever it is written.
    case banner
    /// The same bytes as the line with the same number in the generation before.
    case repeated
    case empty
    case carriageReturn
    case nul
    case long

    /// Whether no other line has the same bytes.
    var isUnique: Bool { ![.banner, .repeated, .empty].contains(self) }
}

/// What a script runs on.
struct Setting: Equatable, Sendable {
    var logs = 1
    var consumers = 1
    var reusesInodes = true
    var keepsGenerations = true
    /// The glob matches rotated names too.
    var wideGlob = false
    var startAtEnd = false
    /// Bytes that one read returns.
    var blockSize = 256
    var maximumLine = 80
    /// Commits go to the real ledger over a simulated disk.
    var hasRealLedger = false
    /// The service's handles do not append.
    var overwrites = false
}

struct Script: Equatable, Sendable {
    var setting: Setting
    var steps: [Step]
}
