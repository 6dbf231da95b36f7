import Configuration
import FileAccess

/// Which files of records cannot be made now: an agent does not start without them.
struct RecordSurvey {
    private let access: any FileAccess
    init(_ access: any FileAccess) { self.access = access }

    /// Each of two lines.
    func warnings(_ records: [ConfiguredRecord]) throws -> [String] {
        try records.compactMap { record in
            try obstacle(record).map { obstacle in
                let text = Diagnostic(
                    at: record.location, .warning,
                    message: "the record `\(record.name)` cannot be written: \(obstacle)",
                    hint: "create the folder, or name another file: an agent does not start without it")
                return "\(text)\n"
            }
        }
    }

    private func obstacle(_ record: ConfiguredRecord) throws -> String? {
        let names = record.path.split(separator: "/")
        let folder = "/" + names.dropLast().joined(separator: "/")
        do throws(FileAccessError) {
            guard let status = try access.status(folder) else { return "there is no folder `\(folder)`" }
            if status.kind != .directory { return "`\(folder)` is no folder" }
            if try access.status(record.path)?.kind == .directory { return "`\(record.path)` is a folder" }
            return nil
        } catch {
            return error.message.onOneLine
        }
    }
}
