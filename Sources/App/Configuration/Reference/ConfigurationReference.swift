/// The documentation of every key, made from the declarations that the loader itself uses.
public enum ConfigurationReference {
    /// A complete configuration for the first page of the documentation.
    public static let example = """
        state_dir: /var/lib/outrider
        http: {metrics: {listen: "127.0.0.1:9817"}}
        sources:
          - name: app
            files: ["/var/log/bot/*.log"]
            start_at: end
        patterns:
          - name: submission
            sources: [app]
            match: 'Submission success: prediction=(?<prediction>\\S+) balance=(?<balance>\\S+) (?<denom>\\w+)'
            event: {name: submission, outcome: success}
            metrics:
              - gauge: bot_prediction
                value: $prediction
                validate: {warn_outside: [-5, 5], reject_outside: [-50, 50]}
              - gauge: bot_wallet_balance
                value: $balance
                labels: {denom: $denom}

        """

    /// A mapping and where it stands, such as `http.metrics` or `sources[]`.
    struct Section {
        var path: String
        var schema: ObjectSchema
    }

    /// Every mapping, the outer before the inner, in the order of the keys.
    static var sections: [Section] { sections(of: RootKeys.schema, path: "") }

    private static func sections(of schema: ObjectSchema, path: String) -> [Section] {
        let inner = schema.keys.flatMap { key -> [Section] in
            let start = path.isEmpty ? key.key : "\(path).\(key.key)"
            switch key.type {
            case .object(let schema): return sections(of: schema, path: start)
            case .oneOrMore(.object(let schema), _): return sections(of: schema, path: start)
            case .list(of: .object(let schema), _): return sections(of: schema, path: "\(start)[]")
            case .list(of: .objects(let schemas), _): return schemas.flatMap { sections(of: $0, path: "\(start)[]") }
            default: return []
            }
        }
        return [Section(path: path, schema: schema)] + inner
    }
}
