import YAMLNodes

/// How digits are grouped before the point.
enum DigitGroups: String, CaseIterable, Sendable {
    case none
    case comma
}

/// The buckets of a histogram, from either of the two keys that give them.
enum MetricBuckets {
    /// What the client libraries of Prometheus use, in seconds.
    static let usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Each bucket of each series costs a line on every page.
    static let limit = 100

    /// Nil when neither key is there, or when what is there is wrong, which was reported.
    static func read(_ object: ObjectReader) -> Located<[Double]>? {
        let explicit = object.located(MetricKeys.buckets)
        let exponential = object.located(MetricKeys.exponentialBuckets)
        if let first = object.keyLocation(MetricKeys.buckets), object.keyLocation(MetricKeys.exponentialBuckets) != nil
        {
            object.context.error(
                "a histogram has both `buckets` and `exponential_buckets`", at: first, hint: "keep one of them")
            return nil
        }
        if let exponential { return exponential.value.map { Located(value: $0, location: exponential.location) } }
        guard let explicit else { return nil }
        return checked(explicit, object.context)
    }

    private static func checked(
        _ bounds: Located<[Located<Double>]>, _ context: DecodingContext
    ) -> Located<[Double]>? {
        guard bounds.value.count <= limit else {
            context.error(
                "a histogram of \(bounds.value.count) buckets is too large", at: bounds.location,
                hint: "write at most \(limit) bounds")
            return nil
        }
        for (bound, next) in zip(bounds.value, bounds.value.dropFirst()) where next.value <= bound.value {
            context.error(
                "the bound `\(NumberText.render(next.value))` is not above the one before it",
                at: next.location, hint: "write the bounds in ascending order, each once")
            return nil
        }
        return Located(value: bounds.value.map(\.value), location: bounds.location)
    }
}

/// The keys of `exponential_buckets`.
enum ExponentialBucketKeys {
    static let start = Field(
        "start", .number, isRequired: true, doc: "The first bound, above 0.", example: "0.001")
    static let factor = Field(
        "factor", .number, isRequired: true, doc: "What each bound is multiplied by for the next one, above 1.",
        example: "2")
    static let count = Field(
        "count", .integer(1...MetricBuckets.limit), isRequired: true, doc: "How many bounds there are.", example: "12")

    static let schema = ObjectSchema(
        phrase: "`exponential_buckets`", doc: "Bounds that grow by a factor.",
        keys: [start.schema, factor.schema, count.schema])

    /// The bounds; nil inside when they are wrong, which was reported.
    static let reader = ValueReader<[Double]?>.object(schema) { object in
        let (start, factor, count) = (object.located(start), object.located(factor), object(count))
        if let start, start.value <= 0 {
            object.context.error("`start` must be above 0", at: start.location, hint: "write the first bound")
        }
        if let factor, factor.value <= 1 {
            object.context.error("`factor` must be above 1", at: factor.location, hint: "write `2` to double each time")
        }
        guard let start, start.value > 0, let factor, factor.value > 1, let count else { return nil }
        var bounds = [start.value]
        while bounds.count < count { bounds.append((bounds.last ?? 0) * factor.value) }
        guard bounds.allSatisfy(\.isFinite) else {
            object.context.error(
                "the last of these bounds is beyond every number", at: factor.location,
                hint: "make `factor` or `count` smaller")
            return nil
        }
        return bounds
    }
}
