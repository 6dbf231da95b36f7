import Foundation

/// A program that the agent meets in real life. Where it is not installed its tests are skipped by name, with `advice`.
struct Component: Sendable {
    let path: String?
    let advice: Comment

    typealias Comment = String

    var isInstalled: Bool { path != nil }
    /// Only inside tests that are enabled by `isInstalled`.
    var url: URL { URL(fileURLWithPath: path ?? "/nonexistent") }

    static let python = Component("python3", package: "python3")
    static let prometheus = Component("prometheus", package: "prometheus")
    static let promtool = Component("promtool", package: "prometheus")
    static let nginx = Component("nginx", package: "nginx-light")
    static let logrotate = Component("logrotate", package: "logrotate")

    static let nsenter = Component("nsenter", package: "util-linux")

    /// `unshare`, where this user may mount something in a mount namespace of its own.
    static let mountNamespace: Component = {
        let unshare = Component("unshare", package: "util-linux")
        guard let path = unshare.path,
            succeeds(path, ["--mount", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"])
        else {
            return Component(path: nil, advice: "a mount namespace of one's own needs root")
        }
        return unshare
    }()

    /// What compiles C: the toolchain's own, or the system's.
    static let compiler: Component = {
        let clang = Component("clang", package: "clang")
        return clang.isInstalled ? clang : Component("cc", package: "gcc")
    }()

    /// A Python that has the library, which need not be the first on the PATH.
    static let pythonWithPrometheusClient: Component = {
        let candidates = [python.path, "/usr/bin/python3"].compactMap(\.self)
        return Component(
            path: candidates.first { succeeds($0, ["-c", "import prometheus_client"]) },
            advice: "Python's prometheus_client is not installed: apt-get install python3-prometheus-client")
    }()

    private init(path: String?, advice: String) {
        self.path = path
        self.advice = advice
    }

    private init(_ program: String, package: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin"]
        self.init(
            path: places.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) },
            advice: "\(program) is not installed: apt-get install \(package)")
    }

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
