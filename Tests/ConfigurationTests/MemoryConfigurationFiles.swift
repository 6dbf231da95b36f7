import Configuration
import FileAccess
import LogModel

/// Files that exist only in a test.
struct MemoryConfigurationFiles: ConfigurationFiles {
    var files: [String: String]
    var unreadable: Set<String> = []

    func read(_ path: String) throws(FileAccessError) -> [UInt8]? {
        guard !unreadable.contains(path) else {
            throw FileAccessError(
                code: "permission_denied", message: "\(path) cannot be read: permission denied",
                hint: "run the agent as its owner", healing: .byOperator, errorNumber: 13)
        }
        return files[path].map { Array($0.utf8) }
    }

    func names(in directory: String) throws(FileAccessError) -> [String]? {
        let prefix = directory == "." ? "" : directory + "/"
        let names = files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return names.isEmpty ? nil : Array(Set(names.map { String($0.prefix { $0 != "/" }) }))
    }

    func canonicalPath(_ path: String) throws(FileAccessError) -> String? {
        var names: [Substring] = []
        for name in (path.hasPrefix("/") ? path : "/etc/outrider/\(path)").split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        let canonical = "/" + names.joined(separator: "/")
        let known = files.keys.map { $0.hasPrefix("/") ? $0 : "/etc/outrider/\($0)" }
        return known.contains(canonical) ? canonical : nil
    }

    func workingDirectory() throws(FileAccessError) -> String { "/etc/outrider" }
}

/// Knows expressions only as far as these tests need: brackets that balance, and names of captures.
func sketchedPatternChecker(_ expression: String) -> PatternCheckResult {
    guard openBrackets(expression) == 0 else { return .invalid(reason: "a bracket is not closed") }
    let names = expression.split(separator: "(?<").dropFirst(expression.hasPrefix("(?<") ? 0 : 1)
    let captures = names.map { String($0.prefix { $0 != ">" }) }
    // What else begins so looks behind.
    return .valid(captureNames: Set(captures.filter { !$0.hasPrefix("=") && !$0.hasPrefix("!") }))
}

/// How many brackets are open at the end; one behind a backslash or in a class is text.
private func openBrackets(_ expression: String) -> Int {
    var rest = Substring(expression)
    var open = 0
    while let character = rest.popFirst() {
        switch character {
        case "\\": rest = rest.dropFirst()
        case "(": open += 1
        case ")": open -= 1
        case "[": skipClass(&rest)
        default: break
        }
    }
    return open
}

/// Skips a class behind its `[`. A `]` is text where it comes first.
private func skipClass(_ rest: inout Substring) {
    if rest.first == "^" { rest = rest.dropFirst() }
    if rest.first == "]" { rest = rest.dropFirst() }
    while let character = rest.popFirst(), character != "]" {
        if character == "\\" { rest = rest.dropFirst() }
    }
}

/// The file of a zone that is always so many seconds, fewer than 32,768, ahead of UTC.
func zoneFile(offset: UInt16, abbreviation: String) -> String {
    func number(_ value: UInt16) -> [UInt8] { [0, 0, UInt8(value >> 8), UInt8(value & 255)] }
    var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
    for count in [0, 0, 0, 0, 1, UInt16(abbreviation.utf8.count + 1)] { bytes += number(count) }
    bytes += number(offset) + [0, 0] + Array(abbreviation.utf8) + [0]
    return String(decoding: bytes, as: UTF8.self)
}

let testEnvironment = ["JOB": "bot", "EMPTY": "", "SECRET": "10hunter2", "LOGS": "/srv/logs", "DOLLAR": "$level"]

func load(
    _ files: [String: String], path: String = "outrider.yml", unreadable: Set<String> = []
) throws(ConfigurationError) -> LoadedConfiguration {
    let loader = ConfigurationLoader(
        files: MemoryConfigurationFiles(files: files, unreadable: unreadable), environment: { testEnvironment[$0] },
        defaultStateDirectory: "/var/lib/outrider", patternChecker: sketchedPatternChecker)
    return try loader.load(path: path)
}

/// Loads one file, and gives either the configuration or the printed diagnostics.
func outcome(_ files: [String: String], path: String = "outrider.yml") -> String {
    do throws(ConfigurationError) {
        let loaded = try load(files, path: path)
        return loaded.warnings.map(\.description).joined(separator: "\n")
    } catch {
        return error.description
    }
}
