import Extraction
import YAMLNodes

/// The patterns of an agent that runs without a configuration.
public enum DefaultPatterns {
    /// The content of `rules/patterns/default.yml`; a test compares the two.
    public static let yaml = #"""
        # The patterns of an agent that runs without a configuration (`outrider run --log FILE`).
        # With a configuration, name this file in `include:` to have them too.
        patterns:
          # `2025-11-23 10:00:00,123 - ERROR - text`, `… - module - ERROR - text`, `[…] [ERROR] text`, `ERROR:module:text`
          - name: log-level
            match: '^(?:\[?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?[ -]*(?:[\w.-]+ - )?)?\[?(?<level>WARNING|ERROR|CRITICAL)\b'
            metrics:
              - counter: log_messages_total
                help: Lines of a level that deserves attention.
                labels: {level: $level}

          - name: traceback
            match: '^\s*Traceback \(most recent call last\):'
            metrics:
              - counter: log_tracebacks_total
                help: Python tracebacks.

          - name: heartbeat
            match: '\b(?:HEARTBEAT|[Hh]eartbeat)\b(?! (?:missed|lost|failed|timeout))'
            metrics:
              - counter: log_heartbeats_total
                help: Heartbeats. One that stops growing is a service that stopped.

          - name: submission-value
            match: '[Ss]ubmission success: prediction=(?<prediction>\S+) balance=(?<balance>\S+) (?<denom>\w+)'
            event: {name: submission, outcome: success}
            metrics:
              - gauge: bot_prediction
                help: The latest prediction that was submitted.
                value: $prediction
                validate: {warn_outside: [-5, 5], reject_outside: [-50, 50]}
              - gauge: bot_wallet_balance
                help: The latest balance of the wallet, in the unit that the label names.
                value: $balance
                labels: {denom: $denom}

          # A line that the pattern above takes is not counted here again.
          - name: submission-success
            match: '[Ss]ubmission success(?:ful)?\b(?!: prediction=\S+ balance=\S+ \w)'
            event: {name: submission, outcome: success}

          - name: submission-failure
            match: '[Ss]ubmission (?:failed|failure|error|rejected)\b'
            event: {name: submission, outcome: failure}

        """#

    /// The patterns that `yaml` describes.
    static func settings() -> [PatternSettings] {
        let context = DecodingContext(environment: { _ in nil }, workingDirectory: "/")
        let document = YAMLDocument(Array(yaml.utf8), file: "rules/patterns/default.yml")
        guard document.problems.isEmpty, let root = document.root, let draft = RootKeys.reader.read(root, context)
        else {
            preconditionFailure("BUG: the shipped patterns are no YAML")
        }
        // Without `sources` the file is not whole; captures are checked by a test with the real expressions.
        var assembly = ConfigurationAssembly(
            root: draft, context: context, isWhole: false, defaultStateDirectory: "/",
            patternChecker: { _ in .unchecked })
        assembly.check()
        precondition(context.diagnostics.isEmpty, "BUG: \(context.diagnostics)")
        return assembly.configuration().patterns
    }
}
