public import LogModel

/// The memory that streams are read into, one for all of them, with room in front for the bytes that an anchor covers.
///
/// SAFETY: the memory is allocated once and freed with the object; `payload` is a view of it and must not outlive the buffer.
/// The pipeline's thread is the only one that touches it.
public final class ReadBuffer {
    private let storage: UnsafeMutableRawBufferPointer
    /// Bytes that one read can return.
    public let capacity: Int

    /// `capacity`: bytes that one read can return.
    public init(capacity: Int) {
        self.capacity = capacity
        self.storage = .allocate(byteCount: capacity + Anchor.maximumLength, alignment: 64)
    }

    deinit { storage.deallocate() }

    /// Where the bytes of a read lie, from the first on.
    public var payload: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: storage[Anchor.maximumLength...])
    }

    /// The last `length` bytes in front of the payload, followed by `count` bytes of payload.
    func window(anchorLength length: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        let lower = Anchor.maximumLength - length
        return UnsafeMutableRawBufferPointer(rebasing: storage[lower..<(Anchor.maximumLength + count)])
    }

    /// The anchor of the place `offset` bytes into the payload, when `anchorLength` valid bytes lie in front of it.
    public func anchor(at offset: Int, anchorLength: Int) -> Anchor {
        let length = min(Anchor.maximumLength, offset + anchorLength)
        let upper = Anchor.maximumLength + offset
        return Anchor(
            length: UInt16(length),
            hash: ContentHash(UnsafeRawBufferPointer(rebasing: storage[(upper - length)..<upper])))
    }
}
