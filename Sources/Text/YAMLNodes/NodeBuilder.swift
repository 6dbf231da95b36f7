/// Puts events together to a tree without recursion, so that deep texts cannot exhaust the stack.
struct NodeBuilder {
    /// A node with what it costs its readers.
    private struct Measured {
        var node: YAMLNode
        /// Nodes in it, itself included, aliases expanded.
        var count: Int
        /// Collections within each other, itself included.
        var height: Int
    }

    /// A collection whose end has not come yet.
    private struct Frame {
        var start: YAMLEvent
        var isMapping: Bool
        var items: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        var firstLocations: [String: TextLocation] = [:]
        var key: YAMLNode?
        var count = 1
        var height = 1
    }

    let file: String
    let limits: YAMLLimits
    private(set) var root: YAMLNode?
    private(set) var problems: [YAMLProblem] = []
    private var frames: [Frame] = []
    private var anchors: [String: Measured] = [:]
    private var nodeCount = 0
    private var documents = 0

    init(file: String, limits: YAMLLimits) {
        self.file = file
        self.limits = limits
    }

    mutating func take(_ event: YAMLEvent) throws(YAMLProblem) {
        switch event.kind {
        case .documentStart: try startDocument(event)
        case .alias(let name): try takeAlias(name, event)
        case .scalar(let text, let style):
            check(event, .scalar)
            let node = YAMLNode(.scalar(text, style), at: event.location, tag: event.tag)
            try finish(Measured(node: node, count: 1, height: 0), anchor: event.anchor)
        case .sequenceStart: try open(event, isMapping: false)
        case .mappingStart: try open(event, isMapping: true)
        case .collectionEnd: try close()
        case .structure: break
        }
    }

    private mutating func startDocument(_ event: YAMLEvent) throws(YAMLProblem) {
        documents += 1
        guard documents > 1 else { return }
        throw YAMLProblem(
            location: event.location, message: "a second document begins here",
            hint: "remove the line `---`: a file holds one document")
    }

    private mutating func open(_ event: YAMLEvent, isMapping: Bool) throws(YAMLProblem) {
        // The anchor is taken away until the node is complete: an alias inside it would never end.
        if let anchor = event.anchor { anchors[anchor] = nil }
        try checkDepth(frames.count + 1, event.location)
        check(event, isMapping ? .mapping : .sequence)
        frames.append(Frame(start: event, isMapping: isMapping))
    }

    private mutating func close() throws(YAMLProblem) {
        guard let frame = frames.popLast() else { preconditionFailure("BUG: a collection ends that never began") }
        let content: YAMLNode.Content = frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items)
        let node = YAMLNode(content, at: frame.start.location, tag: frame.start.tag)
        let measured = Measured(node: node, count: frame.count, height: frame.height)
        try finish(measured, anchor: frame.start.anchor, isCounted: true)
    }

    private mutating func check(_ event: YAMLEvent, _ check: TagCheck) {
        if let problem = check.problem(of: event) { problems.append(problem) }
    }

    private mutating func takeAlias(_ name: String, _ event: YAMLEvent) throws(YAMLProblem) {
        guard let target = anchors[name] else {
            throw YAMLProblem(
                location: event.location, message: "`*\(name)` refers to an anchor that is not complete before it",
                hint: "define `&\(name)` above this line, outside of the value that uses it")
        }
        try checkDepth(frames.count + target.height, event.location)
        try finish(target, anchor: nil, at: event.location)
    }

    /// Puts a complete node into the collection around it, or makes it the root.
    private mutating func finish(
        _ measured: Measured, anchor: String?, isCounted: Bool = false, at use: TextLocation? = nil
    ) throws(YAMLProblem) {
        if let anchor { anchors[anchor] = measured }
        // The items of a collection were counted when they came; then only the collection itself is new.
        nodeCount += isCounted ? 1 : measured.count
        guard nodeCount <= limits.nodes else { throw tooManyNodes(use ?? measured.node.location) }
        guard !frames.isEmpty else {
            root = measured.node
            return
        }
        frames[frames.count - 1].count += measured.count
        frames[frames.count - 1].height = max(frames[frames.count - 1].height, measured.height + 1)
        try append(measured.node, at: use ?? measured.node.location)
    }

    private mutating func append(_ node: YAMLNode, at location: TextLocation) throws(YAMLProblem) {
        let last = frames.count - 1
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        guard let key = frames[last].key else {
            frames[last].key = try checkedKey(node, at: location)
            return
        }
        frames[last].key = nil
        addEntry(key, node)
    }

    private func checkedKey(_ node: YAMLNode, at location: TextLocation) throws(YAMLProblem) -> YAMLNode {
        guard case .scalar(let text, _) = node.content else {
            throw YAMLProblem(
                location: location, message: "a list or a mapping stands where a key belongs",
                hint: "write `key: value`")
        }
        guard text != "<<" else {
            throw YAMLProblem(
                location: location, message: "merge keys (`<<`) are not supported",
                hint: "repeat the keys, or use an alias for a whole value")
        }
        var key = node
        key.location = location
        return key
    }

    private mutating func addEntry(_ key: YAMLNode, _ value: YAMLNode) {
        guard case .scalar(let text, _) = key.content else { return }
        let last = frames.count - 1
        if let first = frames[last].firstLocations[text] {
            problems.append(
                YAMLProblem(
                    location: key.location, message: "the key `\(text)` occurs twice in one mapping",
                    hint: "keep one of the two; the other is at line \(first.line), column \(first.column)"))
            return
        }
        frames[last].firstLocations[text] = key.location
        frames[last].entries.append(YAMLEntry(key: text, keyLocation: key.location, value: value))
    }

    private func checkDepth(_ depth: Int, _ location: TextLocation) throws(YAMLProblem) {
        guard depth > limits.depth else { return }
        throw YAMLProblem(
            location: location, message: "lists and mappings lie more than \(limits.depth) deep in each other",
            hint: "write a flatter structure")
    }

    private func tooManyNodes(_ location: TextLocation) -> YAMLProblem {
        YAMLProblem(
            location: location, message: "the text has more than \(limits.nodes) values when its aliases are expanded",
            hint: "write less, or split the file; aliases of aliases multiply")
    }
}
