import Glibc

/// What this process uses of its machine.
public struct ProcessUsage: Sendable {
    /// User and system time.
    public var cpuSeconds: Double
    /// Memory that is in RAM now, shared pages included.
    public var residentBytes: UInt64
    /// Descriptors that are open, the one that counts them included.
    public var openDescriptors: Int
    /// The soft limit on open descriptors.
    public var descriptorLimit: UInt64

    /// Asks the kernel; what it does not say is 0.
    public static func now() -> ProcessUsage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessUsage(
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), residentBytes: residentBytes(),
            openDescriptors: ((try? LinuxFileAccess().list("/proc/self/fd")) ?? nil)?.count ?? 0,
            descriptorLimit: descriptorLimit())
    }

    /// The soft limit on open descriptors now.
    static func descriptorLimit() -> UInt64 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(limit.rlim_cur)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// The second field of /proc/self/statm, in pages (proc(5)).
    private static func residentBytes() -> UInt64 {
        guard let file = (try? LinuxFileAccess().open("/proc/self/statm")) ?? nil else { return 0 }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { (try? file.read(into: $0, at: 0)) ?? 0 }
        let fields = bytes[..<count].split(separator: 0x20)
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Lifts the limit on open files to what the system allows: every followed log is held open.
    public static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
