import Glibc
import Testing

/// The repository's own files, found from where this file lies.
enum ProjectFiles {
    static let root: String = {
        var components = #filePath.split(separator: "/").dropLast(3)
        components = components[...]
        return "/" + components.joined(separator: "/")
    }()

    static let fixtures = "\(root)/Tests/ConfigurationTests/Fixtures"

    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) {
        guard let file = fopen(path, "w") else {
            Issue.record("cannot write \(path)")
            return
        }
        fputs(text, file)
        fclose(file)
    }

    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

/// Compares `actual` with a file of the repository. A missing or different file fails; `RECORD_SNAPSHOTS=1` writes it,
/// and fails too, so that nobody records by accident.
func expectSnapshot(
    _ actual: String, at path: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
    let expected = ProjectFiles.read(path)
    guard expected != actual else { return }
    if getenv("RECORD_SNAPSHOTS") != nil { ProjectFiles.write(actual, to: path) }
    Issue.record(
        """
        \(path) \(expected == nil ? "is missing" : "differs"); look at it with RECORD_SNAPSHOTS=1 and git diff. It is now:
        \(actual)
        """, sourceLocation: sourceLocation)
}
