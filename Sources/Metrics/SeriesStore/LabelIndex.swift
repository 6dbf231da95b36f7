import QueryModel

/// Which series have which labels. Numbers are ascending in every list.
struct LabelIndex: Sendable {
    /// By name, then by value.
    private var lists: [ByteString: [ByteString: [Int]]] = [:]
    /// All series.
    private(set) var all: [Int] = []
    private var order = SeriesOrder()

    mutating func insert(_ number: Int, _ labels: LabelSet) {
        Self.insert(number, into: &all)
        order = SeriesOrder(after: order)
        for label in labels.labels {
            Self.insert(number, into: &lists[label.name, default: [:]][label.value, default: []])
        }
    }

    mutating func remove(_ number: Int, _ labels: LabelSet) {
        Self.remove(number, from: &all)
        order = SeriesOrder(after: order)
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

    // MARK: - Selecting

    /// Few enough series to look at each instead of at lists.
    private static let few = 64

    /// The series that fulfil all matchers, in ascending order.
    func numbers(_ matchers: [LabelMatcher], _ labels: (Int) -> LabelSet) -> [Int] {
        let equalities = matchers.filter { $0.operation == .equal && !$0.value.isEmpty }
        var found = all
        var lists: [[Int]] = equalities.map { self.lists[$0.name]?[$0.value] ?? [] }
        lists.sort { $0.count < $1.count }
        if let smallest = lists.first { found = smallest }
        for list in lists.dropFirst() { found = Self.intersection(found, list) }
        for matcher in matchers where matcher.operation != .equal || matcher.value.isEmpty {
            if found.count <= Self.few {
                found = found.filter { matcher.matches(labels($0)) }
            } else if matcher.matches(ByteString.empty) {
                found = Self.difference(found, union(of: matcher) { !$0 })
            } else {
                found = Self.intersection(found, union(of: matcher) { $0 })
            }
        }
        return found
    }

    /// The series that have the label of a matcher, by whether it is fulfilled.
    private func union(of matcher: LabelMatcher, where isMeant: (Bool) -> Bool) -> [Int] {
        let chosen = (lists[matcher.name] ?? [:]).filter { isMeant(matcher.matches($0.key)) }.values
        if chosen.count == 1, let list = chosen.first { return list }
        var isMember = [Bool](repeating: false, count: (all.last ?? -1) + 1)
        for list in chosen { for number in list { isMember[number] = true } }
        return isMember.indices.filter { isMember[$0] }
    }

    private static func intersection(_ few: [Int], _ many: [Int]) -> [Int] {
        if few.count > many.count { return intersection(many, few) }
        if few.count * 16 < many.count {
            return few.filter { number in
                let place = lowerBound(of: number, in: many)
                return place < many.count && many[place] == number
            }
        }
        var result: [Int] = []
        var place = 0
        for number in few {
            while place < many.count, many[place] < number { place += 1 }
            if place < many.count, many[place] == number { result.append(number) }
        }
        return result
    }

    private static func difference(_ numbers: [Int], _ others: [Int]) -> [Int] {
        var place = 0
        return numbers.filter { number in
            while place < others.count, others[place] < number { place += 1 }
            return place == others.count || others[place] != number
        }
    }

    /// Numbers in the order of their labels.
    func inOrder(_ numbers: [Int], _ labels: (Int) -> LabelSet) -> [Int] {
        if numbers.count * 16 < all.count {
            return numbers.map { (number: $0, labels: labels($0)) }.sorted { $0.labels < $1.labels }.map(\.number)
        }
        let ordered = order.numbers(all, labels)
        guard numbers.count < all.count else { return ordered }
        var isMember = [Bool](repeating: false, count: (all.last ?? -1) + 1)
        for number in numbers { isMember[number] = true }
        return ordered.filter { isMember[$0] }
    }
}
