/// Makes a failing script as small as it gets: takes steps away in ever smaller runs, then makes the setting plainer.
enum Shrinker {
    static func shrink(_ script: Script) -> (script: Script, failure: String) {
        var best = script
        var message = failure(script) ?? "it does not fail when it is run again"
        var size = max(1, best.steps.count / 2)
        while size >= 1 {
            var isSmaller = false
            var lower = 0
            while lower < best.steps.count {
                var candidate = best
                candidate.steps.removeSubrange(lower..<min(lower + size, best.steps.count))
                if let found = failure(candidate) {
                    (best, message, isSmaller) = (candidate, found, true)
                } else {
                    lower += size
                }
            }
            if size == 1, !isSmaller { break }
            if !isSmaller || size > 1 { size = max(1, size / 2) }
        }
        for change in plainer {
            var candidate = best
            change(&candidate)
            if candidate != best, let found = failure(candidate) { (best, message) = (candidate, found) }
        }
        return (best, message)
    }

    private static let plainer: [@Sendable (inout Script) -> Void] = [
        { $0.setting.hasRealLedger = false }, { $0.setting.consumers = max(1, $0.highestConsumer + 1) },
        { $0.setting.overwrites = false },
        { $0.setting.startAtEnd = false }, { $0.setting.wideGlob = false }, { $0.setting.keepsGenerations = true },
        { $0.setting.reusesInodes = false }, { $0.setting.blockSize = 256 }, { $0.setting.maximumLine = 80 },
    ]

    static func failure(_ script: Script) -> String? {
        do {
            try Simulation.run(script)
            return nil
        } catch { return "\(error)" }
    }
}

extension Script {
    fileprivate var highestConsumer: Int {
        steps.map {
            switch $0 {
            case .room(let consumer, _), .refuseCommit(let consumer, _): consumer
            default: 0
            }
        }.max() ?? 0
    }

    /// The script as Swift source, for a regression test.
    var source: String {
        let text = steps.map { "        \(Self.literal($0))," }.joined(separator: "\n")
        return "Script(\n    setting: \(Self.literal(setting)),\n    steps: [\n\(text)\n    ])"
    }

    /// Swift prints enumerations with their module's names; source does without.
    private static func literal(_ value: some Any) -> String {
        var text = "\(value)"
        for name in ["ModelTests.Line", "ModelTests.Step", "ModelTests."] { text = text.replacing(name, with: "") }
        for name in [
            "unique", "banner", "repeated", "empty", "carriageReturn", "nul", "long",
        ] {
            text = text.replacing(" \(name)(", with: " .\(name)(").replacing(", \(name))", with: ", .\(name))")
                .replacing("..\(name)", with: ".\(name)")
        }
        if value is Step { text = "." + (text.hasPrefix(".") ? String(text.dropFirst()) : text) }
        return text
    }
}
