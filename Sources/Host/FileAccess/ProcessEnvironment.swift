import Glibc

/// What this process was given by whoever started it.
public enum ProcessEnvironment {
    /// The value of an environment variable; nil when it is not set. What is not UTF-8 in it is repaired.
    public static func value(of name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether the effective user is root.
    public static var isRoot: Bool { geteuid() == 0 }

    /// The number of this process.
    public static var processIdentifier: Int32 { getpid() }

    /// From now on, writing to a pipe or socket that nobody reads is an error (EPIPE) instead of the end of the process.
    public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Ends the process with a status from 0 to 255.
    public static func end(status: Int32) -> Never { exit(status) }
}
