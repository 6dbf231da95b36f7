/// Finds where a key of a line leads in a tree.
///
/// SAFETY: points into the tree's storage and may be used only as long as the tree lives. Nodes are those of the tree. A line
/// is read below its end only.
struct KeyLookup {
    let nodes: UnsafePointer<FieldTree.Node>
    let edges: UnsafePointer<FieldTree.Edge>
    private let keys: UnsafePointer<UInt8>

    init(_ tree: FieldTree) {
        nodes = UnsafePointer(tree.nodes)
        edges = UnsafePointer(tree.edges)
        keys = UnsafePointer(tree.keys)
    }

    /// The node to which the key at `range` of a line leads from `node`, or -1. The line's bytes end at `end`.
    @inline(__always)
    func child(of node: Int, _ bytes: UnsafeRawPointer, _ range: Range<Int>, end: Int) -> Int {
        let length = range.count
        let head = KeyHead.load(bytes, range.lowerBound, length: length, end: end)
        let parent = nodes + node
        guard parent.pointee.filter & KeyHead.filterBit(head, length: length) != 0 else { return -1 }
        for index in Int(parent.pointee.edges.lowerBound)..<Int(parent.pointee.edges.upperBound)
        where edges[index].head == head && Int(edges[index].length) == length {
            if length <= 8 || isEqual(bytes + range.lowerBound, keys + Int(edges[index].start), from: 8, to: length) {
                return Int(edges[index].node)
            }
        }
        return -1
    }

    /// As `child(of:_:_:end:)` for a key that must be unescaped.
    @inline(never)
    func escapedChild(of node: Int, _ escapedKey: UnsafeRawBufferPointer) -> Int {
        var key: ContiguousArray<UInt8> = []
        appendUnescaped(escapedKey, to: &key)
        for index in nodes[node].edges {
            let edge = edges[Int(index)]
            let expected = UnsafeBufferPointer(start: keys + Int(edge.start), count: Int(edge.length))
            if key.elementsEqual(expected) { return Int(edge.node) }
        }
        return -1
    }

    @inline(__always)
    private func isEqual(_ bytes: UnsafeRawPointer, _ key: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
        for index in start..<end where bytes.load(fromByteOffset: index, as: UInt8.self) != key[index] { return false }
        return true
    }
}
