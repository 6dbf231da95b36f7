import SeriesModel

/// One of the samples that each series of a metric has on a page.
public struct SamplePlace: Hashable, Sendable {
    /// The name of the sample, such as `latency_seconds_bucket`.
    public let name: String
    /// The value of the label `le`, as OpenMetrics writes it; nil for samples without it.
    public let bound: String?
    /// Whether its value only grows: counters, buckets, counts and sums.
    public let isCounter: Bool

    init(_ name: String, bound: String? = nil, isCounter: Bool) {
        self.name = name
        self.bound = bound
        self.isCounter = isCounter
    }
}

extension MetricFamily {
    /// What each of its series has on a page, in the order of `MetricSnapshot.appendValues`.
    public var samplePlaces: [SamplePlace] {
        switch schema.kind {
        case .counter: [SamplePlace(schema.name, isCounter: true)]
        case .gauge:
            [SamplePlace(schema.name, isCounter: false)]
                + (exposesLastUpdate ? [SamplePlace(schema.name + Self.lastUpdateSuffix, isCounter: false)] : [])
        case .histogram:
            (schema.buckets + [.infinity]).map {
                SamplePlace(schema.name + HistogramSuffix.bucket, bound: BucketBound.openMetrics($0), isCounter: true)
            } + [HistogramSuffix.sum, HistogramSuffix.count].map { SamplePlace(schema.name + $0, isCounter: true) }
        }
    }

    /// How many `samplePlaces` there are.
    public var samplePlaceCount: Int {
        switch schema.kind {
        case .counter: 1
        case .gauge: exposesLastUpdate ? 2 : 1
        case .histogram: schema.buckets.count + 3
        }
    }

    /// The same metric without series.
    public static func empty(like family: MetricFamily) -> MetricFamily {
        MetricFamily(schema: family.schema, exposesLastUpdate: family.exposesLastUpdate)
    }

    /// The labels of a series, without what a sample adds to them. Values are UTF-8.
    public func labelPairs(of series: Int) -> [(name: String, value: [UInt8])] {
        zip(schema.labelNames, labelValues[series]).map { ($0, $1) }
    }

    /// Whether both have the same series in the same places; quick for two pictures between which nothing came or went.
    public func hasSameSeries(as other: MetricFamily) -> Bool {
        exposesLastUpdate == other.exposesLastUpdate && slots == other.slots && created == other.created
            && labelText == other.labelText
    }

    /// Whether a series is the one that an earlier picture has at `place`: that value goes on here.
    public func isSame(_ series: Int, as other: MetricFamily, at place: Int) -> Bool {
        slots[series] == other.slots[place] && created[series] == other.created[place]
            && labels(of: series).elementsEqual(other.labels(of: place))
    }
}

extension MetricSnapshot {
    /// Appends what a page shows of a series, one value for each of the family's `samplePlaces`; nil for a gauge that was
    /// never set.
    public func appendValues(
        of family: MetricFamily, at series: Int, to values: inout ContiguousArray<Double?>
    ) {
        switch family.schema.kind {
        case .counter: values.append(value(of: family, at: series))
        case .gauge:
            values.append(value(of: family, at: series))
            guard family.exposesLastUpdate else { return }
            let time = cell(Int(family.slots[series].rawValue) + 1)
            values.append(time.isNaN ? nil : time)
        case .histogram:
            let (slot, count) = (Int(family.slots[series].rawValue), family.schema.buckets.count)
            var cumulative = 0.0
            for bucket in 0..<count {
                cumulative += cell(slot + bucket)
                values.append(cumulative)
            }
            values.append(cell(slot + count + 2))
            values.append(value(of: family, at: series))
            values.append(cell(slot + count + 2))
        }
    }
}

/// How the upper bound of a bucket is written as a label.
enum BucketBound {
    /// In the canonical form of OpenMetrics, which shows that a bound is no integer; Prometheus 3 makes it of the other one, too.
    static func openMetrics(_ bound: Double) -> String {
        String(decoding: bytes(bound, as: .openMetrics), as: UTF8.self)
    }

    static func bytes(_ bound: Double, as format: ExpositionFormat) -> [UInt8] {
        var text: [UInt8] = []
        SampleValue.append(bound, to: &text)
        if format == .openMetrics, bound.isFinite, text.allSatisfy({ $0 != 0x2E && $0 != 0x65 }) {
            text.append(contentsOf: [0x2E, 0x30])
        }
        return text
    }
}
