import CLinux

/// How much the kernel gives the calling thread. No other thread of the process is touched.
public struct ThreadPriority: Hashable, Sendable {
    /// 19 gets least of the processors, -20 most.
    public var nice: Int
    /// Whether it is in the idle class of the disks, which their scheduler serves when nobody else wants anything. Nil when the
    /// kernel does not tell.
    public var isIdleForDisks: Bool?

    /// That of the calling thread now.
    public static func current() -> ThreadPriority {
        var (nice, disk): (Int32, Int32) = (0, 0)
        let isKnown = outrider_thread_priority(&nice, &disk) == 0
        return ThreadPriority(nice: Int(nice), isIdleForDisks: isKnown ? disk >> 13 == 3 : nil)
    }

    /// Lets everybody go before the calling thread, at the processors and at the disks. There is no way back without privileges: this is
    /// for threads that were made for it. False where a sandbox refuses one of the two.
    @discardableResult
    public static func lower() -> Bool { outrider_lower_thread() == 0 }
}

/// The machine's processors, as this process may use them.
public enum Processors {
    /// How many of them the calling thread may run on.
    public static var usableCount: Int { Int(outrider_usable_processors()) }
}
