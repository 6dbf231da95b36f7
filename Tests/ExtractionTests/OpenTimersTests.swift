import LogModel
import TestSupport
import Testing

@testable import Extraction

@Suite struct OpenTimersTests {
    private func at(_ second: Int) -> WallTime { WallTime(nanoseconds: Int64(second)) }

    @Test func theOldestGoesWhereThereWouldBeTooMany() {
        var timers = OpenTimers()
        for (key, second) in [(1, 30), (2, 10), (3, 20)] as [(UInt8, Int)] {
            #expect(timers.start([key], at: at(second), limit: 3) == OpenTimers.Outcome())
        }
        #expect(timers.start([4], at: at(5), limit: 3) == OpenTimers.Outcome(isOtherDropped: true))
        #expect(timers.end([2]) == nil)
        // One that is started anew takes no room of others.
        #expect(timers.start([4], at: at(40), limit: 3) == OpenTimers.Outcome(isRestarted: true))
        #expect(timers.expire(openedBefore: at(30)) == 1)
        #expect(timers.end([1]) == at(30))
        #expect(timers.end([4]) == at(40))
        #expect(timers.count == 0)
    }

    /// Against the simplest thing that does the same; the notes are what a ledger would hold.
    @Test(arguments: 0..<60)
    func randomUseIsAsInAListAndNotesSayAll(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (timers, model, ledger) = (OpenTimers(), [[UInt8]: Int](), [[UInt8]: WallTime]())
        let limit = Int.random(in: 1...12, using: &random)
        for step in 0..<400 {
            let key = [UInt8.random(in: 0..<16, using: &random)]
            let second = step + Int.random(in: -20...20, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...4:
                var expected = OpenTimers.Outcome(isRestarted: model[key] != nil)
                if model[key] == nil, model.count >= limit,
                    let oldest = model.min(by: { ($0.value, $0.key[0]) < ($1.value, $1.key[0]) })
                {
                    model[oldest.key] = nil
                    expected.isOtherDropped = true
                }
                model[key] = second
                #expect(timers.start(key, at: at(second), limit: limit) == expected)
            case 5...7: #expect(timers.end(key) == model.removeValue(forKey: key).map(at))
            case 8:
                let gone = model.filter { $0.value < second - 30 }
                for key in gone.keys { model[key] = nil }
                #expect(timers.expire(openedBefore: at(second - 30)) == gone.count)
            default:
                let (written, removed) = timers.takeChanges()
                for key in removed { ledger[key] = nil }
                for (key, time) in written { ledger[key] = time }
                #expect(!timers.hasChanges)
                #expect(ledger == model.mapValues(at))
                if step % 3 == 0 {
                    timers = OpenTimers()
                    for (key, time) in ledger { timers.restore(key, time) }
                }
            }
            #expect(timers.count == model.count)
            #expect(Dictionary(timers.all.map { ($0.key, $0.time) }) { $1 } == model.mapValues(at))
        }
    }
}
