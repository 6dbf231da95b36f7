import HistorySampling
import LogModel
import Testing

/// When a page is looked at.
@Suite struct TickScheduleTests {
    private struct Clocks {
        /// Milliseconds.
        var wall: Int64
        var monotonic: Int64 = 50_000

        mutating func pass(_ milliseconds: Int64) {
            wall += milliseconds
            monotonic += milliseconds
        }

        var now: MonotonicTime { MonotonicTime(nanoseconds: UInt64(monotonic) * 1_000_000) }
    }

    private func decide(_ schedule: inout TickSchedule, _ clocks: Clocks, _ newest: Int64?) -> TickSchedule.Decision {
        schedule.decide(
            wall: WallTime(nanoseconds: clocks.wall * 1_000_000), monotonic: clocks.now, newest: newest)
    }

    @Test func ticksAreMultiplesOfTheResolution() {
        var clocks = Clocks(wall: 1_000_400)
        var schedule = TickSchedule(step: 15_000, newest: nil, now: clocks.now)
        #expect(decide(&schedule, clocks, nil) == .wait(until: 1_005_000))
        clocks.pass(4_600)
        #expect(decide(&schedule, clocks, nil) == .sample(1_005_000, expiryTime: 1_005_000))
        #expect(decide(&schedule, clocks, 1_005_000) == .wait(until: 1_020_000))
        clocks.pass(15_300)
        #expect(decide(&schedule, clocks, 1_005_000) == .sample(1_020_000, expiryTime: 1_020_300))
        #expect(schedule.missed == 0)
    }

    @Test func whatWasMissedIsNotMadeUpFor() {
        var clocks = Clocks(wall: 1_000_000)
        var schedule = TickSchedule(step: 1000, newest: nil, now: clocks.now)
        _ = decide(&schedule, clocks, nil)
        clocks.pass(1000)
        _ = decide(&schedule, clocks, nil)
        clocks.pass(5900)
        // Too late for one tick, too early for the next.
        #expect(decide(&schedule, clocks, 1_001_000) == .wait(until: 1_007_000))
        clocks.pass(100)
        #expect(decide(&schedule, clocks, 1_001_000) == .sample(1_007_000, expiryTime: 1_007_000))
        #expect(schedule.missed == 5)
    }

    @Test func aSmallStepBackIsWaitedFor() {
        var clocks = Clocks(wall: 1_000_000)
        var schedule = TickSchedule(step: 10_000, newest: 1_200_000, now: clocks.now)
        _ = decide(&schedule, clocks, 1_200_000)
        for _ in 0..<20 {
            clocks.pass(10_000)
            #expect(decide(&schedule, clocks, 1_200_000) == .behind(until: clocks.wall + 10_000))
        }
        clocks.pass(10_000)
        #expect(decide(&schedule, clocks, 1_200_000) == .sample(1_210_000, expiryTime: 1_210_000))
    }

    @Test func aStepBackOfHoursIsBelievedAfterAWhile() {
        var clocks = Clocks(wall: 1_000_000)
        let newest: Int64 = 10_000_000
        var schedule = TickSchedule(step: 10_000, newest: newest, now: clocks.now)
        _ = decide(&schedule, clocks, newest)
        for _ in 0..<60 {
            clocks.pass(10_000)
            #expect(decide(&schedule, clocks, newest) == .behind(until: clocks.wall + 10_000))
        }
        clocks.pass(10_000)
        #expect(decide(&schedule, clocks, newest) == .forget(after: clocks.wall - 1))
        #expect(decide(&schedule, clocks, 990_000) == .sample(clocks.wall, expiryTime: clocks.wall))
    }

    @Test func aClockThatComesBackInTimeCostsNothing() {
        var clocks = Clocks(wall: 20_000_000)
        var schedule = TickSchedule(step: 10_000, newest: nil, now: clocks.now)
        _ = decide(&schedule, clocks, nil)
        clocks.pass(10_000)
        _ = decide(&schedule, clocks, nil)
        clocks.wall -= 10_000_000
        for _ in 0..<30 {
            clocks.pass(10_000)
            #expect(decide(&schedule, clocks, 20_010_000) == .behind(until: clocks.wall + 10_000))
        }
        clocks.wall += 10_000_000
        clocks.pass(10_000)
        #expect(decide(&schedule, clocks, 20_010_000) == .sample(20_320_000, expiryTime: 20_320_000))
    }

    @Test func aLeapAheadLetsNothingExpireAtOnce() {
        var clocks = Clocks(wall: 1_000_000)
        var schedule = TickSchedule(step: 10_000, newest: nil, now: clocks.now)
        _ = decide(&schedule, clocks, nil)
        clocks.pass(10_000)
        #expect(decide(&schedule, clocks, nil) == .sample(1_010_000, expiryTime: 1_010_000))
        clocks.wall += 86_400_000
        for passed in 1...60 as ClosedRange<Int64> {
            clocks.pass(10_000)
            #expect(
                decide(&schedule, clocks, nil)
                    == .sample(clocks.wall, expiryTime: 1_010_000 + passed * 10_000))
        }
        clocks.pass(10_000)
        #expect(decide(&schedule, clocks, nil) == .sample(clocks.wall, expiryTime: clocks.wall))
    }
}
