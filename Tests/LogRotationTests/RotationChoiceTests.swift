import FileAccess
import LogModel
import Testing

@testable import LogRotation

/// Which way a log is rotated, and what of it is kept.
@Suite struct RotationChoiceTests {
    private func holders(appending: Int = 0, atOffsets: Int = 0, reading: Int = 0, hidden: Int = 0) -> FileHolders {
        var holders = FileHolders()
        holders.hiddenProcesses = hidden
        for (count, isWriting, appends) in [(appending, true, true), (atOffsets, true, false), (reading, false, true)] {
            for _ in 0..<count {
                let number = Int32(holders.holders.count + 1)
                holders.holders.append(
                    FileHolder(
                        process: ProcessReference(number: number, start: 1, command: "bot"), descriptor: 3,
                        isWriting: isWriting, appends: appends, offset: 0))
            }
        }
        return holders
    }

    @Test func theMethodFollowsFromHowTheWritersHaveItOpen() {
        func method(_ holders: FileHolders, _ canReopen: Bool = false) -> RotationMethod? {
            MethodChoice(holders, canReopen: canReopen).method
        }
        #expect(method(holders()) == .rename)
        #expect(method(holders(reading: 2)) == .rename)
        #expect(method(holders(appending: 2)) == .collapse)
        #expect(method(holders(atOffsets: 1)) == .punch)
        #expect(method(holders(appending: 1, atOffsets: 1)) == .punch)
        #expect(method(holders(appending: 1, hidden: 4)) == .collapse)
        #expect(method(holders(hidden: 4)) == nil)
        #expect(method(holders(appending: 1, hidden: 4), true) == .rename)
        #expect(MethodChoice(holders(appending: 1), canReopen: false).reason == "bot (1) always writes at its end")
        #expect(MethodChoice(holders(atOffsets: 2), canReopen: false).reason == "bot (1), bot (2) keep an offset in it")
    }

    /// Generations of 100 bytes, one a second; `u` for those that were not read.
    private func removals(_ kept: String, _ change: (inout RetentionLimits) -> Void) -> [String] {
        var limits = RetentionLimits()
        change(&limits)
        let generations = kept.enumerated().map { index, mark in
            KeptGeneration(
                Generation(
                    name: "\(index)", time: WallTime(nanoseconds: Int64(index) * 1_000_000_000), sequence: 0,
                    isCompressed: true), size: 100, isRead: mark == "r")
        }
        let now = WallTime(nanoseconds: Int64(kept.count) * 1_000_000_000)
        return RetentionPlan.removals(generations.shuffled(), limits, now: now).map {
            "\($0.generation.name) \($0.reason.rawValue)\($0.losesLines ? " lost" : "")"
        }
    }

    @Test func theOldestGoFirstAndOnlyWhatWasRead() {
        #expect(removals("rrrrr") { _ in } == [])
        #expect(removals("rrrrr") { $0.count = 3 } == ["0 count", "1 count"])
        #expect(removals("rrrrr") { $0.age = .seconds(2) } == ["0 age", "1 age", "2 age"])
        #expect(removals("rrrrr") { $0.size = 250 } == ["0 size", "1 size", "2 size"])
        #expect(removals("urrru") { $0.count = 2 } == ["1 count", "2 count", "3 count"])
        #expect(removals("uuuuu") { ($0.count, $0.age, $0.size) = (0, .zero, 0) } == [])
    }

    @Test func whatWasNotReadGoesAtTheCap() {
        #expect(removals("uuuuu") { $0.unreadSize = 300 } == ["0 unreadSize lost", "1 unreadSize lost"])
        #expect(removals("uruuu") { $0.unreadAge = .seconds(3) } == ["0 unreadAge lost"])
        #expect(
            removals("uruuu") { ($0.unreadSize, $0.count) = (200, 2) } == [
                "0 unreadSize lost", "1 count", "2 unreadSize lost",
            ])
    }
}
