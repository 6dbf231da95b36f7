import TestSupport
import Testing

/// How a disk is left behind when what changes it comes to an end in the middle.
struct DiskCrash: Sendable, CustomTestStringConvertible {
    var usesWriteAheadLog: Bool
    var effect: FaultyDisk.Effect
    var isPowerCut: Bool
    var testDescription: String {
        "\(usesWriteAheadLog ? "write-ahead log" : "rollback journal"), \(effect), "
            + (isPowerCut ? "power cut" : "kill -9")
    }

    static let all = [true, false].flatMap { log in
        [FaultyDisk.Effect.crash, .crashHalfway].flatMap { effect in
            [true, false].map { DiskCrash(usesWriteAheadLog: log, effect: effect, isPowerCut: $0) }
        }
    }

    /// Has `body` run on an empty disk that crashes at the first operation which changes it, then at the second, and so on,
    /// until it returns false because there were fewer.
    func atEveryChange(of disk: FaultyDisk, _ body: (_ point: Int) throws -> Bool) rethrows {
        disk.takesWriteAheadLog = usesWriteAheadLog
        var point = 0
        repeat {
            point += 1
            disk.restore([:])
            disk.arm(.change, effect, nth: point)
        } while try body(point)
        // Creation and a few commits are dozens of writes and syncs; fewer would mean that nothing was tested.
        #expect(point > 60)
    }

    /// Starts the machine again after a crash at an operation.
    func reboot(_ disk: FaultyDisk, from point: Int) {
        disk.reboot(
            !isPowerCut ? .afterKill : point % 4 == 0 ? .afterPowerCut : .afterTornPowerCut(seed: UInt64(point)))
    }
}
