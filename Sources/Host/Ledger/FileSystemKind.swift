/// What the file system of the state directory means for the ledger.
enum FileSystemKind: Hashable, Sendable {
    /// A disk of this machine.
    case local
    /// Over a network or out of a virtual machine: locks and memory maps are not to be trusted.
    case remote(String)
    /// The upper layer of a container.
    case overlay
    case memory

    /// From `f_type` of statfs(2), the constants of linux/magic.h.
    init(magic: UInt32) {
        switch magic {
        case 0x6969: self = .remote("NFS")
        case 0x0102_1997: self = .remote("9p")
        case 0xFF53_4D42, 0xFE53_4D42, 0x517B: self = .remote("SMB")
        case 0x794C_7630: self = .overlay
        case 0x0102_1994, 0x8584_58F6: self = .memory
        default: self = .local
        }
    }

    var takesWriteAheadLog: Bool { self == .local || self == .memory }

    func notices(directory: String) -> [LedgerNotice] {
        let slower = "commits use the rollback journal, which takes a few more syncs"
        switch self {
        case .local: return []
        case .remote(let name):
            return [LedgerNotice(.rollbackJournal, "state directory \(directory) is on \(name): \(slower)")]
        case .overlay:
            return [
                LedgerNotice(.rollbackJournal, "state directory \(directory) is on overlayfs: \(slower)"),
                LedgerNotice(
                    .containerLayer, "state directory \(directory) lies in the container's own layer and goes with it",
                    hint: "mount a volume there, so that counters survive a new container"),
            ]
        case .memory:
            return [
                LedgerNotice(
                    .memoryOnly, "state directory \(directory) lies in memory and is gone after a reboot",
                    hint: "put it on a disk, so that counters survive a reboot")
            ]
        }
    }
}
