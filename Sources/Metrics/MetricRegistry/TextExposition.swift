import LogModel
public import SeriesModel

/// Pages of metrics for scrapers.
///
/// Families stand sorted by name, each with its HELP and TYPE once and its samples together; no sample has a timestamp, so
/// that Prometheus notices when one goes away. A gauge that was never set is left out.
public enum TextExposition {
    /// Appends a page.
    ///
    /// - Parameters:
    ///   - snapshot: the stored metrics.
    ///   - format: in which format.
    ///   - selfFamilies: what the agent says about itself; families of the same name and kind are put together.
    ///   - targetLabels: labels for every sample that does not have a label of that name itself.
    ///   - extras: what else a page of OpenMetrics has.
    ///   - output: grows by the page, which ends with a line feed unless it is empty.
    public static func write(
        _ snapshot: MetricSnapshot, as format: ExpositionFormat = .text, selfFamilies: [SampleFamily] = [],
        targetLabels: [(name: String, value: String)] = [], extras: PageExtras = PageExtras(),
        into output: inout [UInt8]
    ) {
        let entries = entries(snapshot, selfFamilies)
        let names = FamilyNames(format: format, families: entries.map { ($0.name, $0.kind) })
        for entry in entries {
            var writer = FamilyWriter(
                name: entry.name, format: format, targetLabels: targetLabels, output: output)
            output = []
            let header = names.header(of: entry.name, entry.kind)
            writer.writeHeader(header, unit: entry.unit, help: entry.help)
            writer.extras = names.extras(extras, of: header)
            for content in entry.contents {
                switch content {
                case .values(let family): writer.writeValues(family, snapshot)
                case .lastUpdates(let family): writer.writeLastUpdates(family, snapshot)
                case .own(let family): writer.writeOwn(family)
                }
            }
            output = writer.finish()
        }
        if format == .openMetrics { output.append(contentsOf: "# EOF\n".utf8) }
    }

    private enum Content {
        case values(MetricFamily)
        case lastUpdates(MetricFamily)
        case own(SampleFamily)
    }

    private struct Entry {
        var name: String
        var kind: MetricKind
        var unit = ""
        var help: String
        var contents: [Content]
    }

    private static func entries(_ snapshot: MetricSnapshot, _ selfFamilies: [SampleFamily]) -> [Entry] {
        var entries: [Entry] = []
        for family in snapshot.families {
            let schema = family.schema
            entries.append(
                Entry(
                    name: schema.name, kind: schema.kind, unit: schema.unit, help: family.help,
                    contents: [.values(family)]))
            guard schema.kind == .gauge, family.exposesLastUpdate else { continue }
            entries.append(
                Entry(
                    name: schema.name + MetricFamily.lastUpdateSuffix, kind: .gauge,
                    help: "When \(schema.name) was last set, in Unix time.", contents: [.lastUpdates(family)]))
        }
        var numbers = Dictionary(
            entries.indices.map { (entries[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
        for family in selfFamilies {
            if let number = numbers[family.name] {
                assert(entries[number].kind == family.kind, "BUG: \(family.name) is of two kinds")
                if entries[number].kind == family.kind { entries[number].contents.append(.own(family)) }
            } else {
                numbers[family.name] = entries.count
                entries.append(Entry(name: family.name, kind: family.kind, help: family.help, contents: [.own(family)]))
            }
        }
        return entries.sorted { $0.name < $1.name }
    }
}

/// Writes the lines of one family; begun only when there is a first sample, so that no header stands alone.
private struct FamilyWriter {
    private let name: String
    private let format: ExpositionFormat
    private let targetLabels: [(name: String, value: String)]
    /// Nothing but what the family may have.
    var extras = PageExtras()
    private var output: [UInt8]
    private let start: Int
    private var headerEnd = 0

    init(
        name: String, format: ExpositionFormat, targetLabels: [(name: String, value: String)],
        output: consuming [UInt8]
    ) {
        self.name = name
        self.format = format
        self.targetLabels = targetLabels
        self.output = output
        start = self.output.count
    }

    /// The page with the family, or without it when it has no samples.
    consuming func finish() -> [UInt8] {
        if output.count == headerEnd { output.removeSubrange(start...) }
        return output
    }

    mutating func writeHeader(_ header: FamilyNames.Header, unit: String, help: String) {
        if !help.isEmpty {
            output.append(contentsOf: "# HELP \(header.name) ".utf8)
            for byte in help.utf8 {
                switch byte {
                case 0x5C: output.append(contentsOf: [0x5C, 0x5C])
                case 0x0A: output.append(contentsOf: [0x5C, 0x6E])
                case 0x22 where format == .openMetrics: output.append(contentsOf: [0x5C, 0x22])
                default: output.append(byte)
                }
            }
            output.append(0x0A)
        }
        output.append(contentsOf: "# TYPE \(header.name) \(header.type)\n".utf8)
        if format == .openMetrics, !unit.isEmpty, header.name.hasSuffix("_\(unit)") {
            output.append(contentsOf: "# UNIT \(header.name) \(unit)\n".utf8)
        }
        headerEnd = output.count
    }

    mutating func writeValues(_ family: MetricFamily, _ snapshot: MetricSnapshot) {
        let target = targetText(without: family.schema.labelNames)
        for series in family.slots.indices {
            if family.schema.kind == .histogram {
                writeHistogram(family, series, snapshot, target)
            } else if let value = snapshot.value(of: family, at: series) {
                let exemplar = exemplar(snapshot, Int(family.slots[series].rawValue), family.schema.kind)
                writeSample(target, family.labels(of: series), value, exemplar)
            }
            if extras.showsCreated { writeCreated(family, series, target) }
        }
    }

    private func exemplar(_ snapshot: MetricSnapshot, _ cell: Int, _ kind: MetricKind) -> (Exemplar, FilePlace)? {
        guard let locate = extras.locate, kind != .gauge, let exemplar = snapshot.exemplar(cell),
            let place = locate(Position(stream: exemplar.stream, offset: exemplar.offset))
        else { return nil }
        return (exemplar, place)
    }

    private mutating func writeCreated(_ family: MetricFamily, _ series: Int, _ target: ContiguousArray<UInt8>) {
        let base = family.schema.kind == .counter ? FamilyNames.withoutSuffix(name) : name
        writeSample(
            base: base, suffix: FamilyNames.createdSuffix, target, family.labels(of: series),
            family.created[series].seconds)
    }

    mutating func writeLastUpdates(_ family: MetricFamily, _ snapshot: MetricSnapshot) {
        let target = targetText(without: family.schema.labelNames)
        for series in family.slots.indices {
            let time = snapshot.cell(Int(family.slots[series].rawValue) + 1)
            if !time.isNaN { writeSample(target, family.labels(of: series), time) }
        }
    }

    mutating func writeOwn(_ family: SampleFamily) {
        for sample in family.samples {
            var labels = ContiguousArray<UInt8>()
            for (index, label) in sample.labels.enumerated() {
                LabelText.append(label.name, Array(label.value.utf8), isFirst: index == 0, to: &labels)
            }
            writeSample(targetText(without: sample.labels.map(\.name)), labels[...], sample.value)
        }
    }

    private mutating func writeHistogram(
        _ family: MetricFamily, _ series: Int, _ snapshot: MetricSnapshot, _ target: ContiguousArray<UInt8>
    ) {
        let buckets = family.schema.buckets
        let slot = Int(family.slots[series].rawValue)
        let labels = family.labels(of: series)
        let count = snapshot.cell(slot + buckets.count + 2)
        var cumulative = 0.0
        for (index, bound) in (buckets + [.infinity]).enumerated() {
            cumulative = index < buckets.count ? cumulative + snapshot.cell(slot + index) : count
            var withBound = ContiguousArray(labels)
            LabelText.append("le", BucketBound.bytes(bound, as: format), isFirst: labels.isEmpty, to: &withBound)
            let cell = slot + (index < buckets.count ? index : buckets.count + 2)
            writeSample(
                suffix: HistogramSuffix.bucket, target, withBound[...], cumulative, exemplar(snapshot, cell, .histogram)
            )
        }
        // OpenMetrics has no sum where values may be negative, because it would not be a counter, and no count without a sum.
        let sum = snapshot.value(of: family, at: series) ?? 0
        if format == .openMetrics, sum < 0 || buckets.first.map({ $0 < 0 }) ?? false { return }
        writeSample(suffix: HistogramSuffix.sum, target, labels, sum)
        writeSample(suffix: HistogramSuffix.count, target, labels, count)
    }

    private mutating func writeSample(
        base: String? = nil, suffix: String = "", _ target: ContiguousArray<UInt8>,
        _ labels: ArraySlice<UInt8>, _ value: Double, _ exemplar: (Exemplar, FilePlace)? = nil
    ) {
        output.append(contentsOf: (base ?? name).utf8)
        output.append(contentsOf: suffix.utf8)
        if !target.isEmpty || !labels.isEmpty {
            output.append(0x7B)
            output.append(contentsOf: target)
            if !target.isEmpty, !labels.isEmpty { output.append(0x2C) }
            output.append(contentsOf: labels)
            output.append(0x7D)
        }
        output.append(0x20)
        SampleValue.append(value, to: &output)
        if let (exemplar, place) = exemplar { ExemplarText.append(exemplar, at: place, to: &output) }
        output.append(0x0A)
    }

    private func targetText(without names: [String]) -> ContiguousArray<UInt8> {
        var text = ContiguousArray<UInt8>()
        for label in targetLabels where !names.contains(label.name) {
            LabelText.append(label.name, Array(label.value.utf8), isFirst: text.isEmpty, to: &text)
        }
        return text
    }
}

/// Under which name and type each family is announced.
///
/// In OpenMetrics the family of a counter is named without `_total`, which only its samples have. A counter named otherwise,
/// or one whose shorter name is that of another family, cannot be announced as one: its type is `unknown`, so that its
/// samples keep the name that they have in the other format.
struct FamilyNames {
    struct Header {
        var name: String
        var type: String
    }

    static let counterSuffix = "_total"
    static let createdSuffix = "_created"
    private let format: ExpositionFormat
    private let names: Set<String>

    init(format: ExpositionFormat, families: [(name: String, kind: MetricKind)]) {
        self.format = format
        names = format == .text ? [] : Set(families.map(\.name))
    }

    func header(of name: String, _ kind: MetricKind) -> Header {
        guard format == .openMetrics, kind == .counter else { return Header(name: name, type: kind.rawValue) }
        let shorter = Self.withoutSuffix(name)
        guard name.hasSuffix(Self.counterSuffix), !shorter.isEmpty, !names.contains(shorter) else {
            return Header(name: name, type: "unknown")
        }
        return Header(name: shorter, type: kind.rawValue)
    }

    static func withoutSuffix(_ name: String) -> String { String(name.dropLast(counterSuffix.count)) }

    /// What of the extras a family may have: only counters and histograms that are announced as such, and a created time only
    /// where no other family has its name.
    func extras(_ extras: PageExtras, of header: Header) -> PageExtras {
        guard format == .openMetrics, ["counter", "histogram"].contains(header.type) else { return PageExtras() }
        var extras = extras
        if names.contains(header.name + Self.createdSuffix) { extras.showsCreated = false }
        return extras
    }
}
