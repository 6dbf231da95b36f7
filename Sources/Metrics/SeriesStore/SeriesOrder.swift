import QueryModel
import Synchronization

/// All series of an index in the order of their labels, which is found out when somebody asks for the first time, and shared by
/// all views of the same series.
final class SeriesOrder: Sendable {
    private struct State {
        /// An order of before, in which series may be missing, and others not exist any more.
        var earlier: [Int]
        var current: [Int]?
    }

    private let state: Mutex<State>

    init() { state = Mutex(State(earlier: [])) }

    /// Of other series, most of which are the same as those of `order`.
    init(after order: SeriesOrder) {
        let earlier = order.state.withLock { $0.current ?? $0.earlier }
        state = Mutex(State(earlier: earlier))
    }

    /// The numbers of all series, which `all` gives in ascending order.
    func numbers(_ all: [Int], _ labels: (Int) -> LabelSet) -> [Int] {
        state.withLock { state in
            if let current = state.current { return current }
            var isMissing = [Bool](repeating: false, count: (all.last ?? -1) + 1)
            for number in all { isMissing[number] = true }
            var numbers: [Int] = []
            numbers.reserveCapacity(all.count)
            for number in state.earlier where number < isMissing.count && isMissing[number] {
                isMissing[number] = false
                numbers.append(number)
            }
            for number in all where isMissing[number] { numbers.append(number) }
            // Nearly sorted as a rule, which makes this one walk.
            let sorted = numbers.map { (number: $0, labels: labels($0)) }.sorted { $0.labels < $1.labels }.map(\.number)
            state = State(earlier: [], current: sorted)
            return sorted
        }
    }
}
