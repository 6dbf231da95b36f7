/// Text in UTF-8 that was written otherwise, with the places that its line ends have in the source.
public struct TranscodedText: Sendable {
    /// Where a line ends.
    public struct LineEnd: Hashable, Sendable {
        /// The offset in `bytes` behind the line's `\n`.
        public let text: Int
        /// The offset in the source behind it.
        public let source: UInt64

        init(text: Int, source: UInt64) {
            self.text = text
            self.source = source
        }
    }

    /// The text.
    public internal(set) var bytes: ContiguousArray<UInt8> = []
    /// All line ends in `bytes`, ascending.
    public internal(set) var lineEnds: ContiguousArray<LineEnd> = []

    /// No text.
    public init() {}

    /// Forgets the text and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        lineEnds.removeAll(keepingCapacity: true)
    }
}
