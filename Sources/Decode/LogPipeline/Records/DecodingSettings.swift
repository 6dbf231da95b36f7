public import LineFormats

/// Which lines belong together.
public enum RecordBoundary: Hashable, Sendable {
    /// A line that matches this expression begins a record; the others belong to the one before them.
    case firstLine(String)
    /// A line that matches this expression belongs to the record before it; the others begin one.
    case continuation(String)
}

/// How lines are put together to records.
public struct MultilineSettings: Hashable, Sendable {
    /// Which lines belong together.
    public var boundary: RecordBoundary
    /// How long a record that may go on is waited for when nothing comes.
    public var patience: Duration
    /// A record that has as many lines, or bytes, is whole.
    public var maximumLineCount: Int
    /// As `maximumLineCount`, in bytes of text.
    public var maximumLength: Int

    /// Records with these bounds.
    public init(
        boundary: RecordBoundary, patience: Duration = .seconds(5), maximumLineCount: Int = 500,
        maximumLength: Int = 64 * 1024
    ) {
        self.boundary = boundary
        self.patience = patience
        self.maximumLineCount = maximumLineCount
        self.maximumLength = maximumLength
    }
}

/// How the bytes of a source become records.
public struct DecodingSettings: Hashable, Sendable {
    /// What stands around each line.
    public var container: ContainerFormat
    /// Which fields records have.
    public var fields: FieldFormat
    /// Which lines belong together; nil for each by itself.
    public var multiline: MultilineSettings?
    /// Whether colours and other control sequences of terminals are taken out.
    public var stripsColours: Bool
    /// How characters are written.
    public var encoding: TextEncoding

    /// Lines as they are, unless told otherwise.
    public init(
        container: ContainerFormat = .none, fields: FieldFormat = .none, multiline: MultilineSettings? = nil,
        stripsColours: Bool = false,
        encoding: TextEncoding = .utf8
    ) {
        self.container = container
        self.fields = fields
        self.multiline = multiline
        self.stripsColours = stripsColours
        self.encoding = encoding
    }

    /// Whether records are lines as they stand in the file.
    public var keepsLines: Bool { keepsText && multiline == nil }
    /// Whether the text of records stands in the file as it is.
    var keepsText: Bool { container == .none && !stripsColours && encoding == .utf8 }
}
