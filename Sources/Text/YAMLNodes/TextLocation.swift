/// A place in a text file, for messages to people.
public struct TextLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file as it is named in messages.
    public var file: String
    /// From 1 on; 0 when the whole file is meant.
    public var line: Int
    /// From 1 on, in Unicode scalars, not bytes.
    public var column: Int
    /// Creates a location; without line and column it means the whole file.
    public init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, or only the file when the whole file is meant.
    public var description: String { line > 0 ? "\(file):\(line):\(column)" : file }
}
