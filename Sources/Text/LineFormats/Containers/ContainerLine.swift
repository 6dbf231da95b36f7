/// What a container runtime wrote around one line of a container's output, or around a part of a long one.
public struct ContainerLine: Hashable, Sendable {
    /// Which of its outputs the container wrote to.
    public enum Stream: UInt8, Hashable, Sendable {
        case stdout
        case stderr
    }

    /// Which of its outputs the container wrote to.
    public let stream: Stream
    /// Where the time stands in the line, written as RFC 3339 has it.
    public let time: Range<Int>
    /// Where the text stands in the line, without its own line end.
    public let text: Range<Int>
    /// Whether the text must be unescaped (`appendUnescaped`).
    public let hasEscapes: Bool
    /// Whether the text goes on in the next line of the same stream.
    public let isPartial: Bool

    init(stream: Stream, time: Range<Int>, text: Range<Int>, hasEscapes: Bool, isPartial: Bool) {
        self.stream = stream
        self.time = time
        self.text = text
        self.hasEscapes = hasEscapes
        self.isPartial = isPartial
    }
}

extension ContainerLine.Stream {
    /// The stream of that name.
    @inline(__always)
    init?(_ name: UnsafeRawBufferPointer) {
        guard name.count == 6, name[0] == UInt8(ascii: "s"), name[1] == UInt8(ascii: "t"), name[2] == UInt8(ascii: "d")
        else { return nil }
        switch (name[3], name[4], name[5]) {
        case (UInt8(ascii: "o"), UInt8(ascii: "u"), UInt8(ascii: "t")): self = .stdout
        case (UInt8(ascii: "e"), UInt8(ascii: "r"), UInt8(ascii: "r")): self = .stderr
        default: return nil
        }
    }
}
