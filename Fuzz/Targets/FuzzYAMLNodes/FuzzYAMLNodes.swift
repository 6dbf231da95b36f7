import FuzzDriver
import YAMLNodes

/// Configuration texts: whatever they are, there is a tree within the limits or a problem that says where.
@main enum FuzzYAMLNodes {
    private static let limits = YAMLLimits(size: 1 << 12, nodes: 500, depth: 20)

    static func main() {
        fuzz { text in
            let document = YAMLDocument(Array(text), file: "f", limits: limits)
            for problem in document.problems {
                check(problem.location.line >= 1 && problem.location.column >= 1, "a place in the file")
                check(!problem.message.isEmpty, "a message")
            }
            guard let root = document.root else { return }
            check(text.count <= limits.size, "texts that are too long are not read")
            var count = 0
            visit(root, depth: 1, &count)
            check(count <= limits.nodes, "\(count) nodes")
        }
    }

    private static func visit(_ node: YAMLNode, depth: Int, _ count: inout Int) {
        count += 1
        check(depth <= limits.depth + 1, "\(depth) levels")
        check(node.location.line >= 1 && node.location.column >= 1, "a place in the file")
        switch node.content {
        case .scalar: break
        case .sequence(let items): for item in items { visit(item, depth: depth + 1, &count) }
        case .mapping(let entries):
            check(Set(entries.map(\.key)).count == entries.count, "no key occurs twice")
            for entry in entries { visit(entry.value, depth: depth + 1, &count) }
        }
    }
}
