/// What names a series: labels in the order of their names, none twice, none empty.
///
/// A set is one piece of memory, because queries copy, compare and hash sets more often than they read a label: for each
/// label the length of the name, the name, the length of the value, the value. A length is one byte, or 255 and three bytes,
/// little-endian; longer texts are cut. Prometheus hashes the same bytes where it chooses series by hash.
///
/// SAFETY: the only unsafe pointer is that which `hash(into:)` lends to the hasher for one call.
public struct LabelSet: Hashable, Sendable {
    /// The labels one after the other.
    public let encoded: [UInt8]

    /// No labels.
    public static let empty = LabelSet(encoded: [])

    private static let longestText = 0xff_ffff

    private init(encoded: [UInt8]) { self.encoded = encoded }

    /// The set of any labels: of those with the same name the last one counts, and empty values mean no label.
    public init(_ labels: some Sequence<Label>) {
        var latest: [Label] = []
        for label in labels.sorted(by: { $0.name < $1.name }) {
            if latest.last?.name == label.name { latest.removeLast() }
            latest.append(label)
        }
        var encoded: [UInt8] = []
        for label in latest where !label.value.isEmpty { Self.append(label.name, label.value, to: &encoded) }
        self.encoded = encoded
    }

    private static func append(_ name: ByteString, _ value: ByteString, to encoded: inout [UInt8]) {
        for text in [name.bytes, value.bytes] {
            let count = min(text.count, longestText)
            if count < 255 {
                encoded.append(UInt8(count))
            } else {
                encoded += [255, UInt8(count & 0xff), UInt8(count >> 8 & 0xff), UInt8(count >> 16)]
            }
            encoded += text[..<count]
        }
    }

    /// Feeds all bytes at once.
    public func hash(into hasher: inout Hasher) {
        encoded.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    // MARK: - Places

    /// Where a label lies.
    private struct Place {
        var start: Int
        var name: Range<Int>
        var value: Range<Int>
        var end: Int { value.upperBound }
    }

    /// The label that begins at `start`; nil behind the last one.
    @inline(__always)
    private func place(at start: Int) -> Place? {
        guard start < encoded.count else { return nil }
        let name = text(at: start)
        return Place(start: start, name: name, value: text(at: name.upperBound))
    }

    @inline(__always)
    private func text(at start: Int) -> Range<Int> {
        let first = Int(encoded[start])
        if first < 255 { return start + 1..<start + 1 + first }
        let count = Int(encoded[start + 1]) | Int(encoded[start + 2]) << 8 | Int(encoded[start + 3]) << 16
        return start + 4..<start + 4 + count
    }

    /// Below, at or above zero as the bytes there come before, are, or come after `other`.
    @inline(__always)
    private func compare(_ range: Range<Int>, _ other: [UInt8], _ otherRange: Range<Int>) -> Int {
        var left = range.lowerBound
        var right = otherRange.lowerBound
        while left < range.upperBound, right < otherRange.upperBound {
            if encoded[left] != other[right] { return Int(encoded[left]) - Int(other[right]) }
            left += 1
            right += 1
        }
        return range.count - otherRange.count
    }

    private func isNamed(_ place: Place, _ name: ByteString) -> Bool {
        place.name.count == name.bytes.count && compare(place.name, name.bytes, name.bytes.indices) == 0
    }

    private func find(_ name: ByteString) -> Place? {
        var next = place(at: 0)
        while let place = next {
            if isNamed(place, name) { return place }
            next = self.place(at: place.end)
        }
        return nil
    }

    // MARK: - Reading

    /// In the order of their names.
    public var labels: [Label] {
        var labels: [Label] = []
        var next = place(at: 0)
        while let place = next {
            labels.append(Label(name: ByteString(encoded[place.name]), value: ByteString(encoded[place.value])))
            next = self.place(at: place.end)
        }
        return labels
    }

    /// The value of a label; empty when there is no such label.
    public subscript(name: ByteString) -> ByteString {
        find(name).map { ByteString(encoded[$0.value]) } ?? .empty
    }

    /// The name of the metric; empty when it has none.
    public var metricName: ByteString { self[.metricName] }

    /// Whether both have the same metric name, or none.
    public func hasSameMetricName(as other: LabelSet) -> Bool {
        let left = find(.metricName)
        let right = other.find(.metricName)
        guard let left, let right else { return left == nil && right == nil }
        return compare(left.value, other.encoded, right.value) == 0
    }

    // MARK: - Changing

    private func filtered(_ isKept: (Place) -> Bool) -> LabelSet {
        var kept: [UInt8] = []
        kept.reserveCapacity(encoded.count)
        var next = place(at: 0)
        while let place = next {
            if isKept(place) { kept += encoded[place.start..<place.end] }
            next = self.place(at: place.end)
        }
        return LabelSet(encoded: kept)
    }

    /// The labels whose names are in `names`, which is a short list.
    public func keeping(_ names: [ByteString]) -> LabelSet {
        filtered { place in names.contains { isNamed(place, $0) } }
    }

    /// The labels whose names are not in `names`, which is a short list.
    public func removing(_ names: [ByteString]) -> LabelSet {
        filtered { place in !names.contains { isNamed(place, $0) } }
    }

    /// All but the name of the metric.
    public var withoutMetricName: LabelSet {
        guard let place = find(.metricName) else { return self }
        // As a rule it is the first label.
        if place.start == 0 { return LabelSet(encoded: Array(encoded[place.end...])) }
        return LabelSet(encoded: Array(encoded[..<place.start] + encoded[place.end...]))
    }

    /// The set with this label added or replaced; removed where `value` is empty.
    public func setting(_ name: ByteString, to value: ByteString) -> LabelSet {
        var changed: [UInt8] = []
        var isPlaced = value.isEmpty
        var next = place(at: 0)
        while let place = next {
            let order = compare(place.name, name.bytes, name.bytes.indices)
            if order >= 0, !isPlaced {
                Self.append(name, value, to: &changed)
                isPlaced = true
            }
            if order != 0 { changed += encoded[place.start..<place.end] }
            next = self.place(at: place.end)
        }
        if !isPlaced { Self.append(name, value, to: &changed) }
        return LabelSet(encoded: changed)
    }
}

extension LabelSet: Comparable {
    /// Label by label: by name, then by value; a set that ends first comes first. The order of results in Prometheus.
    public static func < (left: LabelSet, right: LabelSet) -> Bool {
        var first = left.place(at: 0)
        var second = right.place(at: 0)
        while let one = first, let other = second {
            let names = left.compare(one.name, right.encoded, other.name)
            if names != 0 { return names < 0 }
            let values = left.compare(one.value, right.encoded, other.value)
            if values != 0 { return values < 0 }
            first = left.place(at: one.end)
            second = right.place(at: other.end)
        }
        return first == nil && second != nil
    }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
    /// A set of literals.
    public init(dictionaryLiteral elements: (ByteString, ByteString)...) {
        self.init(elements.map { Label(name: $0.0, value: $0.1) })
    }
}
