import YAMLNodes

/// What all readers of one configuration share: the diagnostics, the environment, and the key that is being read.
final class DecodingContext {
    private(set) var diagnostics: [Diagnostic] = []
    private let environment: (String) -> String?
    private let workingDirectory: String
    /// What messages speak of: a key, or an item of its list.
    private(set) var subject = "the file"

    /// Where the configuration uses the libraries, by the name that their files have.
    private var uses: [String: Located<String>] = [:]

    init(environment: @escaping (String) -> String?, workingDirectory: String) {
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    func error(_ message: String, at location: TextLocation, hint: String) {
        report(.error, message, at: location, hint: hint)
    }

    func warning(_ message: String, at location: TextLocation, hint: String) {
        report(.warning, message, at: location, hint: hint)
    }

    /// From now on what is said of a place in a library's file is said of the place that uses it: only that can be changed.
    func note(use name: Located<String>, ofFile file: String) {
        uses[file] = Located(value: name.value, location: uses[name.location.file]?.location ?? name.location)
    }

    /// Where the library with this file is used, be it by another library.
    func use(ofFile file: String) -> TextLocation? { uses[file]?.location }

    private func report(_ severity: Diagnostic.Severity, _ message: String, at location: TextLocation, hint: String) {
        guard let use = uses[location.file] else {
            diagnostics.append(Diagnostic(at: location, severity, message: message, hint: hint))
            return
        }
        diagnostics.append(
            Diagnostic(
                at: use.location, severity, message: "in the library `\(use.value)`, \(message)",
                hint:
                    "change what does not go with it, or leave it out; `outrider docs patterns \(use.value)` prints it")
        )
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
