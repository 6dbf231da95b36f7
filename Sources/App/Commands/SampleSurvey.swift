import Agent
import Configuration
import Extraction
import FileAccess
import LogModel
import YAMLNodes

/// Which patterns and labels are probably not meant as they are, by samples of what they are for.
struct SampleSurvey {
    /// A file with lines of a source.
    struct Sample {
        var source: SourceName
        var path: String
        /// As messages name it.
        var name: String
    }

    private let loaded: LoadedConfiguration
    private let access: any FileAccess
    init(_ loaded: LoadedConfiguration, _ access: any FileAccess) {
        self.loaded = loaded
        self.access = access
    }

    /// The warnings of samples that the configuration names, and of `others`, each of two lines.
    func warnings(_ others: [Sample]) throws -> [String] {
        var warnings: [String] = []
        let trial = try SampleTrial(loaded.configuration)
        var names: [String] = []
        for sample in loaded.samples {
            let name = "`\(sample.path)`"
            guard let file = try open(sample.path, name, sample.location, &warnings) else { continue }
            try trial.read(sample.source) { try file.next() }
            names.append(name)
        }
        for sample in others {
            guard let file = try access.open(sample.path) else { throw UsageError("there is no file \(sample.path)") }
            let blocks = FileBlocks(file)
            try trial.read(sample.source) { try blocks.next() }
            names.append("`\(sample.name)`")
        }
        guard !names.isEmpty else { return warnings }
        let findings = trial.findings
        return warnings + silent(findings.silentPatterns, names) + findings.unboundedLabels.map(warning)
            + findings.overfullMetrics.map(warning)
    }

    private func open(
        _ path: String, _ name: String, _ location: TextLocation, _ warnings: inout [String]
    ) throws -> FileBlocks? {
        do throws(FileAccessError) {
            if let file = try access.open(path) { return FileBlocks(file) }
            warnings.append(text(location, "the sample \(name) does not exist", "correct the path, or take it out"))
        } catch {
            warnings.append(
                text(
                    location, "the sample \(name) cannot be read: \(error.message.onOneLine)",
                    error.hint ?? "make it readable"))
        }
        return nil
    }

    /// Of a library only the whole is worth a word: nobody's log has everything that it knows.
    private func silent(_ patterns: [String], _ names: [String]) -> [String] {
        let samples = names.joined(separator: ", ")
        let all = Dictionary(
            grouping: loaded.configuration.patterns.compactMap { loaded.places.pattern($0.name) }.filter(isOfLibrary),
            by: \.file)
        let quiet = Dictionary(
            grouping: patterns.compactMap { loaded.places.pattern($0) }.filter(isOfLibrary), by: \.file)
        let libraries = quiet.filter { $0.value.count == all[$0.key]?.count }.keys.sorted().map { library in
            "outrider: warning: no pattern of the \(library) matches anything in \(samples)\n    leave it out, unless such lines are rare\n"
        }
        let own = patterns.compactMap { name -> String? in
            let place = loaded.places.pattern(name)
            guard place.map({ !isOfLibrary($0) }) ?? true else { return nil }
            return text(
                place, "the pattern `\(name)` matches nothing in \(samples)",
                "`outrider explain --lines FILE` says where it stops")
        }
        return own + libraries
    }

    private func isOfLibrary(_ location: TextLocation) -> Bool { location.file.hasPrefix("library ") }

    private func warning(_ label: UnboundedLabel) -> String {
        let values = "such as `\(label.example.printable)`"
        let reason =
            switch label.growth {
            case .identifiers: "its values are unique identifiers, \(values)"
            case .hexadecimal: "its values are hexadecimal numbers, \(values)"
            case .times: "its values are times, \(values)"
            case .ascendingNumbers: "its values are numbers that grow, from \(label.example.printable) on"
            case .variety:
                "\(counted(label.valueCount, "value")) in \(counted(label.matchCount, "line")), \(values)"
            }
        return text(
            loaded.places.label(label.label, of: label.metric),
            "the label `\(label.label)` of `\(label.metric)` looks unbounded: \(reason)",
            "every value is a series of its own: leave the label out, or capture only what has few values; `max_series` bounds it"
        )
    }

    private func warning(_ metric: OverfullMetric) -> String {
        text(
            loaded.places.metric(metric.metric),
            "`\(metric.metric)` has more than the \(counted(metric.limit, "series")) that it may have: \(counted(metric.overflow, "update")) went to its overflow series",
            "leave out a label, or raise its `max_series`")
    }

    private func text(_ location: TextLocation?, _ message: String, _ hint: String) -> String {
        location.map { "\(Diagnostic(at: $0, .warning, message: message, hint: hint))\n" }
            ?? "outrider: warning: \(message)\n    \(hint)\n"
    }
}
