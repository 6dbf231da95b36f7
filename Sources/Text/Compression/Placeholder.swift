public final class GzipReader {
    public private(set) var offset: UInt64 = 0
    public init(_ read: @escaping (UnsafeMutableRawBufferPointer, UInt64) throws -> Int) {}
    public func read(into: UnsafeMutableRawBufferPointer) throws -> Int { 0 }
    public func skip(to: UInt64) throws {}
}
