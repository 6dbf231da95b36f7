/// How much work and memory one match of one line may take before it is given up.
public struct MatchLimits: Hashable, Sendable {
    /// Steps of the matcher. Stops expressions that backtrack for ever, such as `(a+)+$`.
    public var steps: UInt32
    /// Nested backtracking points of the interpreter.
    public var depth: UInt32
    /// Memory of the interpreter, in KiB.
    public var heapInKibibytes: UInt32
    /// The most that the stack of JIT-compiled code may grow to, in bytes.
    public var jitStackInBytes: Int

    /// Limits that every reasonable expression stays within; each has a default.
    public init(
        steps: UInt32 = 1_000_000, depth: UInt32 = 250_000, heapInKibibytes: UInt32 = 16 << 10,
        jitStackInBytes: Int = 1 << 20
    ) {
        self.steps = steps
        self.depth = depth
        self.heapInKibibytes = heapInKibibytes
        self.jitStackInBytes = jitStackInBytes
    }
}
