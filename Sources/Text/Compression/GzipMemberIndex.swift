/// Where the members of a gzip file begin, so that reading in its middle need not begin at its start.
///
/// Members that say how long they are (`GzipMemberHeader`) are stepped over by reading 28 bytes of each. Before one that does not,
/// or whose two lengths differ, the index ends: what lies behind is found by decompressing from there. Nothing is read before it is
/// asked for, and of a file of any size at most `capacity` places are kept; between them members are stepped over again.
public struct GzipMemberIndex: Sendable {
    /// The beginning of a member.
    public struct Place: Hashable, Sendable {
        /// Where it lies in the file.
        public var compressedOffset: UInt64
        /// Which byte of the content is its first.
        public var offset: UInt64

        /// The beginning of a file.
        public static let start = Place(compressedOffset: 0, offset: 0)

        /// A place that is known.
        public init(compressedOffset: UInt64, offset: UInt64) {
            self.compressedOffset = compressedOffset
            self.offset = offset
        }
    }

    /// The most places that are kept.
    public static let capacity = 4096
    private static let lengthByteCount = 4

    /// Ascending, with at least `spacing` bytes of content between one and the next.
    private var places = [Place.start]
    private var spacing: UInt64 = 0

    /// An index that knows nothing yet.
    public init() {}

    /// How many places are kept.
    public var placeCount: Int { places.count }

    /// The nearest place from which the byte `offset` of the content can be reached by decompressing: the beginning of its member
    /// where the members tell their lengths. Behind the content it is where the last of these ends.
    ///
    /// - Parameters:
    ///   - offset: a byte of the content.
    ///   - source: gives the file's bytes. Always the same file, which may have grown.
    /// - Returns: the place, whose `offset` is `offset` or less.
    /// - Throws: what `source` throws.
    public mutating func place(of offset: UInt64, source: GzipReader.Source) throws -> Place {
        var place = nearest(to: offset)
        var header = try Self.read(at: place.compressedOffset, behind: nil, source).header
        while let current = header {
            let (end, isOver) = place.offset.addingReportingOverflow(UInt64(current.contentLength))
            guard !isOver, end <= offset else { break }
            let next = Place(
                compressedOffset: place.compressedOffset + UInt64(current.memberLength), offset: end)
            let (length, following) = try Self.read(at: next.compressedOffset, behind: current, source)
            guard length == current.contentLength else { break }
            place = next
            keep(next)
            header = following
        }
        return place
    }

    private func nearest(to offset: UInt64) -> Place {
        var (low, high) = (0, places.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if places[middle].offset <= offset { low = middle } else { high = middle }
        }
        return places[low]
    }

    private mutating func keep(_ place: Place) {
        guard let last = places.last, place.offset >= last.offset, place.compressedOffset > last.compressedOffset,
            place.offset - last.offset >= spacing
        else { return }
        places.append(place)
        if places.count > Self.capacity { thin() }
    }

    /// Keeps every second place, and from now on only places that lie so far apart.
    private mutating func thin() {
        places = stride(from: 0, to: places.count, by: 2).map { places[$0] }
        let average = ((places.last?.offset ?? 0) / UInt64(places.count))
        spacing = max(spacing * 2, average, 1)
    }

    /// The header at an offset and, when a member lies before it, the length with which that ends. One call of the source, as long
    /// as that does not hand out less than it has.
    private static func read(
        at offset: UInt64, behind previous: GzipMemberHeader?, _ source: GzipReader.Source
    ) throws -> (length: UInt32?, header: GzipMemberHeader?) {
        let before = previous == nil ? 0 : lengthByteCount
        return try withUnsafeTemporaryAllocation(
            byteCount: lengthByteCount + GzipMemberHeader.byteCount, alignment: 8
        ) { room in
            let buffer = UnsafeMutableRawBufferPointer(rebasing: room[..<(before + GzipMemberHeader.byteCount)])
            var count = 0
            while count < buffer.count {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                let got = try source(part, offset - UInt64(before) + UInt64(count))
                if got == 0 { break }
                count += got
            }
            guard count >= before else { return (nil, nil) }
            let found = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            let header = GzipMemberHeader(UnsafeRawBufferPointer(rebasing: found[before...]))
            return (before == 0 ? nil : found.littleEndian(at: 0), header)
        }
    }
}
