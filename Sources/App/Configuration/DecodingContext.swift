import YAMLNodes

/// What all readers of one configuration share: the diagnostics, the environment, and the key that is being read.
final class DecodingContext {
    private(set) var diagnostics: [Diagnostic] = []
    private let environment: (String) -> String?
    private let workingDirectory: String
    /// What messages speak of: a key, or an item of its list.
    private(set) var subject = "the file"

    init(environment: @escaping (String) -> String?, workingDirectory: String) {
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    func error(_ message: String, at location: TextLocation, hint: String) {
        diagnostics.append(Diagnostic(at: location, message: message, hint: hint))
    }

    func warning(_ message: String, at location: TextLocation, hint: String) {
        diagnostics.append(Diagnostic(at: location, .warning, message: message, hint: hint))
    }

    /// Runs `body` with messages about the value of `key`.
    func within<Result>(key: String, _ body: () -> Result) -> Result { with(subject: "`\(key)`", body) }

    /// Runs `body` with messages about an item of the value that is being read.
    func withinItem<Result>(_ body: () -> Result) -> Result {
        with(subject: subject.hasPrefix("an item") ? subject : "an item of \(subject)", body)
    }

    private func with<Result>(subject inner: String, _ body: () -> Result) -> Result {
        let outer = subject
        subject = inner
        defer { subject = outer }
        return body()
    }

    /// Reports that a node is not what its key asks for.
    func mismatch(_ node: YAMLNode, _ type: ValueType, detail: String? = nil, hint: String) {
        let reason = detail.map { ": \($0)" } ?? ""
        let found = found(node)
        error("\(subject) must be \(type.phrase), not \(found)\(reason)", at: node.location, hint: hint)
    }

    /// The text of a scalar with its variables replaced; nil, and reported, when there is none.
    func scalar(_ node: YAMLNode, _ type: ValueType) -> ScalarText? {
        guard case .scalar(let written, _) = node.content, !node.isNull else {
            mismatch(node, type, hint: "write \(type.phrase)")
            return nil
        }
        do throws(VariableSubstitution.Problem) {
            let (text, isFromEnvironment) = try VariableSubstitution.apply(to: written, environment: environment)
            return ScalarText(
                text: text, written: written, isFromEnvironment: isFromEnvironment, location: node.location)
        } catch {
            self.error(error.message, at: node.location, hint: error.hint)
            return nil
        }
    }

    /// A path as seen from the folder of the file in which it is written.
    func absolutePath(_ path: String, at location: TextLocation) -> String {
        PathText.simplified(PathText.join(folder(of: location), path))
    }

    /// A glob as seen from the folder of the file in which it is written; that folder itself is no glob.
    func absoluteGlob(_ glob: String, at location: TextLocation) -> String {
        PathText.simplified(PathText.join(GlobText.literal(folder(of: location)), glob))
    }

    private func folder(of location: TextLocation) -> String {
        PathText.join(workingDirectory, PathText.folder(of: location.file))
    }

    /// What a node is, in words. Of a scalar what is written, never what a variable held.
    private func found(_ node: YAMLNode) -> String {
        switch node.content {
        case .sequence(let items): return items.isEmpty ? "an empty list" : "a list"
        case .mapping: return "a mapping"
        case .scalar(let text, _):
            if node.isNull { return "nothing" }
            if text.isEmpty { return "empty text" }
            let line = text.prefix { !$0.isNewline }
            return line.count > 40 || line.count < text.count ? "`\(line.prefix(40))…`" : "`\(text)`"
        }
    }
}
