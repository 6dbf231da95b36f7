/// The bytes that end a line in a file. They stand where a character begins, at a multiple of their number from the file's
/// beginning.
public struct LineEnd: Hashable, Sendable {
    /// One byte, or the two of a unit of UTF-16.
    public let bytes: [UInt8]

    /// A line end of these bytes, one or two.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// `\n` in every encoding that writes ASCII as it is.
    public static let newline = LineEnd([0x0A])

    /// The offset behind the first line end in bytes that begin where a character does; nil when there is none.
    public func first<Text: RandomAccessCollection>(in text: Text) -> Int?
    where Text.Element == UInt8, Text.Index == Int {
        if bytes.count == 1 { return text.firstIndex(of: bytes[0]).map { $0 - text.startIndex + 1 } }
        for place in stride(from: 0, through: text.count - bytes.count, by: bytes.count) where isLineEnd(text, place) {
            return place + bytes.count
        }
        return nil
    }

    /// The offset behind the last line end in bytes that begin at `offset` of the file; nil when there is none.
    public func last<Text: RandomAccessCollection>(in text: Text, at offset: UInt64) -> Int?
    where Text.Element == UInt8, Text.Index == Int {
        if bytes.count == 1 { return text.lastIndex(of: bytes[0]).map { $0 - text.startIndex + 1 } }
        let end = Int((offset + UInt64(text.count)) % UInt64(bytes.count))
        for place in stride(from: text.count - end - bytes.count, through: 0, by: -bytes.count)
        where isLineEnd(text, place) {
            return place + bytes.count
        }
        return nil
    }

    private func isLineEnd<Text: RandomAccessCollection>(_ text: Text, _ place: Int) -> Bool
    where Text.Element == UInt8, Text.Index == Int {
        bytes.indices.allSatisfy { text[text.startIndex + place + $0] == bytes[$0] }
    }
}
