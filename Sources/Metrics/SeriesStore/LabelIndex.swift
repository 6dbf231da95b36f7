import QueryModel

/// Which series have which labels. Numbers are ascending in every list.
struct LabelIndex: Sendable {
    /// By name, then by value.
    private var lists: [ByteString: [ByteString: [Int]]] = [:]
    /// All series.
    private(set) var all: [Int] = []

    mutating func insert(_ number: Int, _ labels: LabelSet) {
        Self.insert(number, into: &all)
        for label in labels.labels {
            Self.insert(number, into: &lists[label.name, default: [:]][label.value, default: []])
        }
    }

    mutating func remove(_ number: Int, _ labels: LabelSet) {
        Self.remove(number, from: &all)
        for label in labels.labels {
            Self.remove(number, from: &lists[label.name, default: [:]][label.value, default: []])
            if lists[label.name]?[label.value]?.isEmpty ?? true { lists[label.name]?[label.value] = nil }
            if lists[label.name]?.isEmpty ?? true { lists[label.name] = nil }
        }
    }

    private static func insert(_ number: Int, into list: inout [Int]) {
        guard let last = list.last, last >= number else { return list.append(number) }
        let place = lowerBound(of: number, in: list)
        if place == list.count || list[place] != number { list.insert(number, at: place) }
    }

    private static func remove(_ number: Int, from list: inout [Int]) {
        let place = lowerBound(of: number, in: list)
        if place < list.count, list[place] == number { list.remove(at: place) }
    }

    private static func lowerBound(of number: Int, in list: [Int]) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The names of all labels, in their order.
    var names: [ByteString] { lists.keys.sorted() }

    /// The values of a label, in their order.
    func values(of name: ByteString) -> [ByteString] { (lists[name] ?? [:]).keys.sorted() }

    /// The series that may fulfil all matchers: all that do, and no more than the index can tell.
    func candidates(_ matchers: [LabelMatcher]) -> [Int] {
        var best: [Int]?
        for matcher in matchers {
            guard let list = list(of: matcher) else { continue }
            if list.count < best?.count ?? .max { best = list }
        }
        return best ?? all
    }

    /// The series that fulfil a matcher that asks for a value; nil where a series without the label fulfils it, too.
    private func list(of matcher: LabelMatcher) -> [Int]? {
        guard !matcher.matches(ByteString.empty) else { return nil }
        let values = lists[matcher.name] ?? [:]
        if matcher.operation == .equal { return values[matcher.value] ?? [] }
        let lists = values.filter { matcher.matches($0.key) }.values
        guard lists.count != 1 else { return lists.first }
        return lists.flatMap { $0 }.sorted()
    }
}
