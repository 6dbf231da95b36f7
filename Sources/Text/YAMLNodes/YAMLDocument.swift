/// One YAML text as a tree of nodes with their locations.
public struct YAMLDocument: Sendable {
    /// Nil when the text is empty or too broken to be read.
    public let root: YAMLNode?
    /// Everything wrong with the text, in its order. The tree is complete but for these places: of a key that occurs
    /// twice it has the first value.
    public let problems: [YAMLProblem]

    /// Reads `bytes`, which must be UTF-8 and hold at most one document.
    ///
    /// - Parameters:
    ///   - bytes: the whole text; a byte order mark is passed over.
    ///   - file: the name for locations.
    ///   - limits: what the text may demand.
    public init(_ bytes: [UInt8], file: String, limits: YAMLLimits = YAMLLimits()) {
        var builder = NodeBuilder(file: file, limits: limits)
        do throws(YAMLProblem) {
            let text = TextCheck(bytes: bytes, file: file)
            try text.run(limits: limits)
            try readEvents(text.withoutByteOrderMark, file: file) { event throws(YAMLProblem) in
                try builder.take(event)
            }
            root = builder.root
            problems = builder.problems
        } catch {
            root = nil
            problems = builder.problems + [error]
        }
    }
}
