/// Why a value does not reach its metric.
public enum RejectionReason: UInt8, Sendable, CaseIterable {
    /// The capture took no part in the match.
    case missing
    case notANumber
    case nan
    case infinite
    case outOfRange
    /// A counter was to be decreased.
    case negative

    /// The reason as the label value of `outrider_values_rejected_total`.
    public var label: String {
        switch self {
        case .missing: "missing"
        case .notANumber: "not_a_number"
        case .nan: "nan"
        case .infinite: "infinite"
        case .outOfRange: "out_of_range"
        case .negative: "negative"
        }
    }
}

/// What becomes of a value.
enum ValueVerdict: Equatable {
    case accepted(Double, isWarned: Bool)
    /// With the number, when it was one.
    case rejected(RejectionReason, number: Double?)
}

/// Which values a metric takes, with infinite bounds where the settings give none.
struct ValueRules {
    let warnOutside: ClosedRange<Double>
    let rejectOutside: ClosedRange<Double>
    let isCounter: Bool

    init(_ settings: ValidationSettings?, isCounter: Bool) {
        let everything = -Double.infinity...Double.infinity
        warnOutside = settings?.warnOutside ?? everything
        rejectOutside = settings?.rejectOutside ?? everything
        self.isCounter = isCounter
    }

    @inline(__always)
    func verdict(_ parsed: ParsedNumber) -> ValueVerdict {
        switch parsed {
        case .finite(let value):
            if isCounter, value < 0 { return .rejected(.negative, number: value) }
            guard rejectOutside.contains(value) else { return .rejected(.outOfRange, number: value) }
            return .accepted(value, isWarned: !warnOutside.contains(value))
        case .notANumber: return .rejected(.notANumber, number: nil)
        case .nan: return .rejected(.nan, number: nil)
        case .infinite: return .rejected(.infinite, number: nil)
        }
    }
}
