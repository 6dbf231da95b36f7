public import CivilTime
import FileAccess
import LogModel

/// Why there are no rules for a zone, as a sentence without its full stop.
struct TimeZoneProblem: Error {
    var message: String
    var hint: String
}

/// The zones that this machine knows: the files of tzdata, and which one is its own.
public struct TimeZoneFiles {
    private let files: any ConfigurationFiles
    private let environment: (String) -> String?

    /// Looks for the files of zones in `$TZDIR`, or where they usually are.
    public init(_ files: any ConfigurationFiles, environment: @escaping (String) -> String?) {
        self.files = files
        self.environment = environment
    }

    private var folder: String { environment("TZDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo" }

    /// The rules of this machine's zone, as the C library has them; UTC when there are none, which is then said.
    public var local: (rules: TimeZoneRules, problem: String?) {
        do throws(TimeZoneProblem) {
            return (try localRules(), nil)
        } catch {
            return (.utc, error.message)
        }
    }

    private func localRules() throws(TimeZoneProblem) -> TimeZoneRules {
        guard let variable = environment("TZ") else { return try rules(path: "/etc/localtime", name: "local") ?? .utc }
        let text = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
        if text.isEmpty { return .utc }
        if text.hasPrefix("/") {
            if let rules = try rules(path: text, name: text) { return rules }
        } else if ZoneText.isName(text), let rules = try rules(path: "\(folder)/\(text)", name: text) {
            return rules
        }
        guard let rules = TimeZoneRules(posix: text) ?? TimeZoneRules(fixed: text) else {
            throw TimeZoneProblem(
                message: "the variable TZ names no zone that is known here", hint: "name the zone of the source")
        }
        return rules
    }

    /// The rules of a zone by the name that tzdata has for it.
    func rules(named name: String) throws(TimeZoneProblem) -> TimeZoneRules {
        if let rules = try rules(path: "\(folder)/\(name)", name: name) { return rules }
        guard let names = try? files.names(in: folder), !names.isEmpty else {
            throw TimeZoneProblem(
                message: "there are no time zones in \(folder)",
                hint: "install the package tzdata, or write an offset such as `+01:00`")
        }
        throw TimeZoneProblem(
            message: "there is no time zone named `\(name)`",
            hint: nearest(name).map { "write `\($0)`" }
                ?? "write a name as they are in \(folder), such as `Europe/Berlin`, `UTC`, or an offset such as `+01:00`"
        )
    }

    /// A zone whose name differs by a slip of the pen.
    private func nearest(_ name: String) -> String? {
        let names = (try? files.names(in: folder)) ?? []
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return NearestName.of(name, among: names) }
        guard let area = names.contains(parts[0]) ? parts[0] : NearestName.of(parts[0], among: names),
            let places = try? files.names(in: "\(folder)/\(area)"),
            let place = places.contains(parts[1]) ? parts[1] : NearestName.of(parts[1], among: places)
        else { return nil }
        return "\(area)/\(place)"
    }

    /// Nil when there is no such file.
    private func rules(path: String, name: String) throws(TimeZoneProblem) -> TimeZoneRules? {
        let bytes: [UInt8]?
        do throws(FileAccessError) {
            bytes = try files.read(path)
        } catch {
            // A folder such as `Europe`.
            if error.code == "not_a_regular_file" { return nil }
            throw TimeZoneProblem(
                message: "the file of time zone \(name) cannot be read: \(error.message)",
                hint: error.hint ?? "make it readable")
        }
        guard let bytes else { return nil }
        do throws(TimeZoneError) {
            return try TimeZoneRules(tzif: bytes, name: name)
        } catch {
            throw TimeZoneProblem(
                message: FormProblem.phrase(error.message),
                hint: error.hint.map(FormProblem.phrase) ?? "name another one")
        }
    }
}
