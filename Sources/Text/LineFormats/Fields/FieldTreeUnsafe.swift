/// The paths of a reader as a tree of keys, by which a line's members are looked up while it is scanned.
///
/// A key may itself contain dots, so a path of n parts can be found in 2^(n-1) ways: `a.b.c` is c in b in a, but also c in
/// `a.b`, `b.c` in a, or the one key `a.b.c`. Each way is a branch of the tree and its end is a *candidate*; a path's first
/// candidate that a line has is its value. They are ordered by the shortest first key, so that the nested form wins.
///
/// SAFETY: the storage is written by `init` only and lives as long as the tree, which is why it can be shared. All indexes in
/// it are made by `init`.
final class FieldTree: @unchecked Sendable {
    /// More parts would make trees too big.
    static let maximumPartCount = 8

    struct Node {
        var edges: Range<Int32>
        /// The keys that may be here, by `filterBit`.
        var filter: UInt64
        /// The candidates here and below: those before the upper bound, from the lower bound on.
        var candidates: Range<Int32>
        /// Whether a path ends here; it is the first of the candidates.
        var isEnd: Bool
        /// Whether one of the keys is an index of an array.
        var hasIndexes: Bool
    }

    struct Edge {
        /// The key's first eight bytes, as `KeyHead` has them.
        var head: UInt64
        var length: Int32
        /// Where the key stands in `keys`.
        var start: Int32
        var node: Int32
        /// The key as an index of an array, or -1.
        var arrayIndex: Int32
    }

    let pathCount: Int
    let candidateCount: Int
    let nodes: UnsafeMutablePointer<Node>
    let edges: UnsafeMutablePointer<Edge>
    let keys: UnsafeMutablePointer<UInt8>
    /// By path: its candidates, the preferred one first, are those in `ways` before this index.
    private let wayEnds: ContiguousArray<Int>
    private let ways: ContiguousArray<Int>

    /// A tree of dotted paths.
    convenience init(paths: [String]) throws(FieldPathError) {
        var root = Branch()
        for (index, path) in paths.enumerated() {
            if path.isEmpty { throw .empty }
            let parts = path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            if parts.count > Self.maximumPartCount {
                throw .tooManyParts(path: path, maximum: Self.maximumPartCount)
            }
            root.enter(parts.map { ArraySlice($0) }, path: index)
        }
        self.init(root, pathCount: paths.count)
    }

    /// A tree of keys in which dots are characters. Candidates are in the order of the keys.
    convenience init(keys: [String]) {
        var root = Branch()
        for (index, key) in keys.enumerated() { root.enter([Array(key.utf8)[...]], path: index) }
        self.init(root, pathCount: keys.count)
    }

    private init(_ root: Branch, pathCount: Int) {
        var builder = Builder(pathCount: pathCount)
        builder.add(root)
        self.pathCount = pathCount
        candidateCount = builder.candidateCount
        nodes = copied(builder.nodes)
        edges = copied(builder.edges)
        keys = copied(builder.keys)
        wayEnds = ContiguousArray(builder.ways.indices.map { builder.ways[...$0].reduce(0) { $0 + $1.count } })
        ways = ContiguousArray(builder.ways.joined())
    }

    deinit {
        nodes.deallocate()
        edges.deallocate()
        keys.deallocate()
    }

    func makeTable() -> FieldTable { FieldTable(count: pathCount, candidateCount: candidateCount) }

    /// Gives each path the value of its first candidate that the line has.
    @inline(__always)
    func settle(_ table: FieldTable) {
        var way = 0
        for path in 0..<pathCount {
            let end = wayEnds[path]
            var value = table.candidates[ways[way]]
            while value.kind == .absent, way + 1 < end {
                way += 1
                value = table.candidates[ways[way]]
            }
            table.values[path] = value
            way = end
        }
    }
}

/// The first eight bytes of a key as a number, zero where the key is shorter.
enum KeyHead {
    /// Reads the head of a key at `start`; nothing is read from `end` on.
    @inline(__always)
    static func load(_ bytes: UnsafeRawPointer, _ start: Int, length: Int, end: Int) -> UInt64 {
        if start + 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            return length >= 8 ? word : word & ~(UInt64.max &<< UInt64(truncatingIfNeeded: length &* 8))
        }
        return loadSlowly(bytes, start, length: length)
    }

    private static func loadSlowly(_ bytes: UnsafeRawPointer, _ start: Int, length: Int) -> UInt64 {
        var head: UInt64 = 0
        for index in 0..<min(length, 8) {
            head |= UInt64(bytes.load(fromByteOffset: start + index, as: UInt8.self)) << UInt64(8 * index)
        }
        return head
    }

    /// One of 64 bits by which most keys are told apart.
    @inline(__always)
    static func filterBit(_ head: UInt64, length: Int) -> UInt64 {
        let mixed = (head ^ UInt64(truncatingIfNeeded: length) &<< 56) &* 0x9E37_79B9_7F4A_7C15
        return 1 &<< (mixed &>> 58)
    }
}

private func copied<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    for (index, element) in elements.enumerated() { (copy + index).initialize(to: element) }
    return copy
}

/// A node while the tree is being made.
private struct Branch {
    /// The paths that end here: the same path may be given twice.
    var paths: [Int] = []
    var children: [(key: [UInt8], branch: Branch)] = []

    /// Enters all ways in which keys can be made of `parts`.
    mutating func enter(_ parts: [ArraySlice<UInt8>], path: Int) {
        if parts.isEmpty {
            paths.append(path)
            return
        }
        for count in 1...parts.count {
            let key = Array(parts[..<count].joined(separator: CollectionOfOne(UInt8(ascii: "."))))
            let index =
                children.firstIndex { $0.key == key }
                ?? {
                    children.append((key, Branch()))
                    return children.count - 1
                }()
            children[index].branch.enter(Array(parts[count...]), path: path)
        }
    }
}

private struct Builder {
    var nodes: [FieldTree.Node] = []
    var edges: [FieldTree.Edge] = []
    var keys: [UInt8] = []
    var candidateCount = 0
    /// By path: its candidates with the lengths of the keys that lead there, by which they are ordered.
    var ways: [[Int]]
    private var orders: [[[Int]]]
    private var lengths: [Int] = []

    init(pathCount: Int) {
        ways = Array(repeating: [], count: pathCount)
        orders = Array(repeating: [], count: pathCount)
    }

    @discardableResult
    mutating func add(_ branch: Branch) -> Int32 {
        let index = nodes.count
        let firstCandidate = Int32(candidateCount)
        let firstEdge = edges.count
        nodes.append(
            FieldTree.Node(
                edges: Int32(firstEdge)..<Int32(firstEdge + branch.children.count), filter: 0,
                candidates: firstCandidate..<firstCandidate, isEnd: !branch.paths.isEmpty, hasIndexes: false))
        if !branch.paths.isEmpty {
            for path in branch.paths { enter(path) }
            candidateCount += 1
        }
        for (key, _) in branch.children { edges.append(edge(key, in: index)) }
        for (offset, child) in branch.children.enumerated() {
            lengths.append(child.key.count)
            edges[firstEdge + offset].node = add(child.branch)
            lengths.removeLast()
        }
        nodes[index].candidates = firstCandidate..<Int32(candidateCount)
        return Int32(index)
    }

    /// Enters the next candidate as one of `path`, behind those with a shorter first key.
    private mutating func enter(_ path: Int) {
        let place = orders[path].firstIndex { lengths.lexicographicallyPrecedes($0) } ?? orders[path].count
        orders[path].insert(lengths, at: place)
        ways[path].insert(candidateCount, at: place)
    }

    private mutating func edge(_ key: [UInt8], in node: Int) -> FieldTree.Edge {
        let head = key.withUnsafeBytes { bytes in
            bytes.baseAddress.map { KeyHead.load($0, 0, length: key.count, end: key.count) } ?? 0
        }
        let start = keys.count
        keys += key
        nodes[node].filter |= KeyHead.filterBit(head, length: key.count)
        let arrayIndex = arrayIndex(key)
        if arrayIndex >= 0 { nodes[node].hasIndexes = true }
        return FieldTree.Edge(
            head: head, length: Int32(key.count), start: Int32(start), node: 0, arrayIndex: arrayIndex)
    }

    /// A decimal number without needless zeros, or -1.
    private func arrayIndex(_ key: [UInt8]) -> Int32 {
        guard (1...9).contains(key.count), key.allSatisfy({ $0 &- 0x30 < 10 }), key.count == 1 || key[0] != 0x30 else {
            return -1
        }
        return key.reduce(0) { $0 * 10 + Int32($1 - 0x30) }
    }
}
