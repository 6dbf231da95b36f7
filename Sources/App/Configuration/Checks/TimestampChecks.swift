import CivilTime
import Extraction
import LineFormats
import LogModel
import LogPipeline
import YAMLNodes

/// Times of lines: zones must exist, and fields can only be named where there are some.
struct TimestampChecks {
    let context: DecodingContext
    let zones: TimeZoneFiles

    /// Settings of all sources whose times are not just recognised in UTC. Reports what is wrong.
    func settings(_ sources: [SourceDraft]) -> [SourceName: TimestampSettings] {
        let local = zones.local
        var isLocalProblemSaid = false
        var found: [SourceName: TimestampSettings] = [:]
        for source in sources {
            if let field = source.timestamp?.field, let decoding = source.decoding.settings, decoding.fields == .none {
                context.error(
                    "lines of this source have no fields: its \(decoding.lackOfFields)", at: field.location,
                    hint: "remove `field`, or \(decoding.fieldHint)")
            }
            var rules = local.rules
            switch source.timestamp?.zone?.value {
            case .fixed(let fixed): rules = fixed
            case .named(let name): rules = named(name, source.timestamp?.zone?.location) ?? .utc
            case .local, nil:
                if let problem = local.problem, let place = source.timestamp?.zone?.location ?? source.name?.location,
                    !isLocalProblemSaid
                {
                    isLocalProblemSaid = true
                    context.warning(
                        "times without a zone are taken for UTC: \(problem)", at: place,
                        hint: "add `timestamp: {zone: UTC}` to the source, or the zone that is meant")
                }
            }
            guard let name = source.name?.value else { continue }
            let settings = TimestampSettings(
                layout: source.timestamp?.layout ?? nil, zone: rules, field: source.timestamp?.field?.value,
                container: source.decoding.settings?.container ?? .none)
            if settings != TimestampSettings() { found[SourceName(name)] = settings }
        }
        return found
    }

    private func named(_ name: String, _ location: TextLocation?) -> TimeZoneRules? {
        do throws(TimeZoneProblem) {
            return try zones.rules(named: name)
        } catch {
            if let location { context.error(error.message, at: location, hint: error.hint) }
            return nil
        }
    }
}
