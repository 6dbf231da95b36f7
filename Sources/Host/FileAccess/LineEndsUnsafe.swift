import CLinux

/// Finds where lines end.
public enum LineEnds {
    /// Writes the offset behind each `\n` of `bytes` to `ends`, ascending, and returns how many it wrote.
    ///
    /// Stops when `ends` is full; the caller goes on from the last offset. Room for 64 more than there are lines keeps it on
    /// the fast way to the end.
    ///
    /// SAFETY: reads only `bytes` and writes only `ends`, and keeps neither.
    public static func find(
        in bytes: UnsafeRawBufferPointer, into ends: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        precondition(bytes.count <= UInt32.max, "BUG: a block of lines of 4 GiB or more")
        guard let source = bytes.baseAddress, let target = ends.baseAddress else { return 0 }
        return outrider_line_ends(source.assumingMemoryBound(to: UInt8.self), bytes.count, target, ends.count)
    }
}
