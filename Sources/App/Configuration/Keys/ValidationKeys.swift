import Extraction

/// The keys of `validate`.
enum ValidationKeys {
    static let warnOutside = Field(
        "warn_outside", .range, absence: "no warnings", doc: "Values outside are taken, and counted as warned.",
        example: "[-5, 5]")
    static let rejectOutside = Field(
        "reject_outside", .range, absence: "no limits",
        doc: "Values outside never reach the metric, and are counted as rejected.", example: "[-50, 50]")

    static let schema = ObjectSchema(
        phrase: "`validate`", doc: "Which values a metric takes; NaN and infinities are always rejected.",
        keys: [warnOutside.schema, rejectOutside.schema])

    static let reader = ValueReader<ValidationSettings>.object(schema) { object in
        let (warn, reject) = (object.located(warnOutside), object.located(rejectOutside))
        if let warn, let reject { check(warn, inside: reject.value, object.context) }
        return ValidationSettings(warnOutside: warn?.value, rejectOutside: reject?.value)
    }

    private static func check(
        _ warn: Located<ClosedRange<Double>>, inside reject: ClosedRange<Double>, _ context: DecodingContext
    ) {
        guard warn.value.lowerBound < reject.lowerBound || warn.value.upperBound > reject.upperBound else { return }
        context.error(
            "`warn_outside` reaches beyond `reject_outside`, where every value is rejected already", at: warn.location,
            hint: "make `warn_outside` the narrower range")
    }
}
