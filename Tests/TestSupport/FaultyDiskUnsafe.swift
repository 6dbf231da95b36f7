import CFaultyVFS
package import Ledger
package import LogModel

/// A disk in memory that a ledger can lie on, and that fails, fills up, crashes and loses power on demand.
///
/// SAFETY: owns one `faulty_disk`, which keeps every file that has a name or is open; the pointer is never handed out.
/// The disk must outlive the ledgers on it. It has no lock: a test that gives its ledger to a thread touches the disk only
/// while that thread is known to rest.
package final class FaultyDisk: @unchecked Sendable {
    /// What a fault is aimed at.
    package struct Operations: OptionSet, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
        package static let read = Operations(rawValue: Int32(FAULTY_READ))
        package static let write = Operations(rawValue: Int32(FAULTY_WRITE))
        package static let sync = Operations(rawValue: Int32(FAULTY_SYNC))
        package static let truncate = Operations(rawValue: Int32(FAULTY_TRUNCATE))
        package static let delete = Operations(rawValue: Int32(FAULTY_DELETE))
        package static let open = Operations(rawValue: Int32(FAULTY_OPEN))
        /// Everything that changes the disk or makes a change durable.
        package static let change: Operations = [.write, .sync, .truncate, .delete]
    }

    /// What a fault does.
    package enum Effect: Sendable, CaseIterable {
        case inputOutputError
        case noSpace
        /// The first half of a write arrives, then there is no space.
        case shortWrite
        /// The operation and all after it fail until `reboot`.
        case crash
        /// As `crash`, but the first half of a write is done.
        case crashHalfway
    }

    /// How the disk comes up again.
    package enum Reboot: Hashable, Sendable {
        /// kill -9: all that was written is there.
        case afterKill
        /// A power cut that takes every unsynced write.
        case afterPowerCut
        /// A power cut that keeps a random part of the unsynced writes, in any order, torn at 512-byte sectors.
        case afterTornPowerCut(seed: UInt64)
    }

    private let disk: OpaquePointer
    private let name: String
    /// Which database lies on it.
    package let databaseName: String
    /// Whether the ledger on it uses a write-ahead log; set before it is opened.
    package var takesWriteAheadLog = true
    /// The directory that the files seem to lie in.
    package static let directory = "/state"

    /// - Parameters:
    ///   - name: unlike that of every other disk in the process.
    ///   - database: the name of the database on it.
    package init(_ name: String, database: String = "ledger.db") {
        self.name = name
        databaseName = database
        guard let disk = faulty_disk_create(name) else { preconditionFailure("BUG: disk \(name) exists already") }
        self.disk = disk
    }

    deinit { faulty_disk_destroy(disk) }

    /// The `nth` of these operations from now on has the effect, and so have `repeats` - 1 after it.
    package func arm(_ operations: Operations, _ effect: Effect, nth: Int = 1, repeats: Int = 1) {
        let code =
            switch effect {
            case .inputOutputError: FAULTY_EIO
            case .noSpace: FAULTY_ENOSPC
            case .shortWrite: FAULTY_SHORT_WRITE
            case .crash: FAULTY_CRASH
            case .crashHalfway: FAULTY_CRASH_HALFWAY
            }
        faulty_disk_arm(disk, operations.rawValue, code, UInt64(nth), UInt64(repeats))
    }

    package func disarm() { faulty_disk_disarm(disk) }

    /// How often the armed fault took place.
    package var faults: Int { Int(faulty_disk_faults(disk)) }
    package var hasCrashed: Bool { faulty_disk_has_crashed(disk) != 0 }
    package var bytesWritten: Int { Int(faulty_disk_bytes_written(disk)) }

    /// How many operations of these kinds there were.
    package func count(_ operations: Operations) -> Int { Int(faulty_disk_count(disk, operations.rawValue)) }

    /// Comes up again. Files that were open stay dead: open the ledger anew.
    package func reboot(_ how: Reboot) {
        switch how {
        case .afterKill: faulty_disk_reboot(disk, FAULTY_KILL, 0)
        case .afterPowerCut: faulty_disk_reboot(disk, FAULTY_POWER_CUT_CLEAN, 0)
        case .afterTornPowerCut(let seed): faulty_disk_reboot(disk, FAULTY_POWER_CUT_TORN, seed)
        }
    }

    /// The disk takes this many bytes in all files together; nil is no limit.
    package func setCapacity(_ bytes: Int?) { faulty_disk_set_capacity(disk, bytes.map { UInt64($0) } ?? .max) }

    package func setReadOnly(_ isReadOnly: Bool) { faulty_disk_set_read_only(disk, isReadOnly ? 1 : 0) }

    /// The size of a file; nil where there is none.
    package func size(_ name: String) -> Int? {
        let size = faulty_disk_size(disk, path(name))
        return size < 0 ? nil : Int(size)
    }

    /// All files and what is in them.
    package var files: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in allNames() { files[name] = read(name, offset: 0, count: size(name) ?? 0) }
        return files
    }

    /// Makes the disk hold exactly these files, durably.
    package func restore(_ files: [String: [UInt8]]) {
        for name in allNames() { _ = faulty_disk_remove(disk, path(name)) }
        for (name, bytes) in files {
            bytes.withUnsafeBytes { _ = faulty_disk_put(disk, path(name), $0.baseAddress, $0.count) }
        }
    }

    /// Changes bits of a byte at rest.
    package func flip(_ name: String, at offset: Int, mask: UInt8) {
        _ = faulty_disk_flip(disk, path(name), UInt64(offset), mask)
    }

    private func path(_ name: String) -> String { "\(Self.directory)/\(name)" }

    private func allNames() -> [String] {
        var names: [String] = []
        while let name = faulty_disk_file(disk, names.count) {
            names.append(String(String(cString: name).dropFirst(Self.directory.count + 1)))
        }
        return names
    }
}

extension FaultyDisk: LedgerStorage {
    package var databasePath: String { path(databaseName) }
    package var freeSpace: Int? { nil }
    package var vfsName: String? { name }

    package func prepare() -> StoragePreparation { StoragePreparation(takesWriteAheadLog: takesWriteAheadLog) }

    package func names() -> [String] { allNames() }

    /// SQLite makes it.
    package func createDatabase() {}

    package func rename(_ name: String, to newName: String) {
        guard faulty_disk_rename(disk, path(name), path(newName)) != 0 else {
            preconditionFailure("BUG: \(name) cannot become \(newName)")
        }
    }

    package func remove(_ name: String) { _ = faulty_disk_remove(disk, path(name)) }

    package func synchronizeNames() {}

    package func identity(_ name: String) -> FileIdentity? {
        let identity = faulty_disk_identity(disk, path(name))
        return identity == 0 ? nil : FileIdentity(device: 1, inode: identity)
    }

    package func read(_ name: String, offset: Int, count: Int) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = faulty_disk_read(disk, path(name), UInt64(offset), &buffer, count)
        return got == count ? buffer : Array(buffer.prefix(got))
    }

    package func release() {}
}
