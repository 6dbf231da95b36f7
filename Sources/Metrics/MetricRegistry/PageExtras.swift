public import LogModel

/// Where a line stands.
public struct FilePlace: Hashable, Sendable {
    /// The path of the file.
    public var path: String
    /// Bytes before the line, in a compressed file those of its content.
    public var offset: UInt64
    /// A place in a file.
    public init(path: String, offset: UInt64) {
        self.path = path
        self.offset = offset
    }
}

/// What a page of OpenMetrics has beyond values; a page of text never does.
public struct PageExtras {
    /// Finds the file in which a place of a stream lies now; nil when there is none. Exemplars are written only with it.
    public var locate: ((Position) -> FilePlace?)?
    /// Whether each counter and histogram also shows since when it counts.
    public var showsCreated: Bool

    /// Nothing, unless it is asked for.
    public init(locate: ((Position) -> FilePlace?)? = nil, showsCreated: Bool = false) {
        self.locate = locate
        self.showsCreated = showsCreated
    }
}

/// What stands behind the value of a sample: ` # {file="…",offset="…"} value time`.
enum ExemplarText {
    /// The most characters that names and values of labels may have together.
    static let maximumLength = 128
    private static let names = (file: "file", offset: "offset")

    static func append(_ exemplar: Exemplar, at place: FilePlace, to output: inout [UInt8]) {
        let offset = String(place.offset)
        let room = maximumLength - names.file.count - names.offset.count - offset.count
        var labels = ContiguousArray<UInt8>()
        LabelText.append(names.file, Array(shortened(place.path, to: room).utf8), isFirst: true, to: &labels)
        LabelText.append(names.offset, Array(offset.utf8), isFirst: false, to: &labels)
        output.append(contentsOf: " # {".utf8)
        output.append(contentsOf: labels)
        output.append(contentsOf: "} ".utf8)
        SampleValue.append(exemplar.value, to: &output)
        output.append(0x20)
        SampleValue.append(exemplar.time.seconds, to: &output)
    }

    /// The end of a path says more than its beginning.
    private static func shortened(_ path: String, to room: Int) -> String {
        let scalars = path.unicodeScalars
        guard scalars.count > room else { return path }
        return "…" + String(String.UnicodeScalarView(scalars.suffix(room - 1)))
    }
}
