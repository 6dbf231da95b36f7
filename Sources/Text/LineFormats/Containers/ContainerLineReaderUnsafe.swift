/// Reads lines of whichever container runtime their source is written by.
///
/// SAFETY: a line is read within its bounds and only during the call.
public struct ContainerLineReader: Sendable {
    /// Which runtimes are expected.
    public let format: ContainerFormat
    private let docker = DockerLineReader()
    private let cri = CRILineReader()

    /// A reader for lines of that format.
    public init(_ format: ContainerFormat) { self.format = format }

    /// What the runtime wrote around a line, which is without its line end; nil when none of those expected wrote it.
    public func read(_ line: UnsafeRawBufferPointer) -> ContainerLine? {
        switch format {
        case .none: return nil
        case .docker: return try? docker.read(line)
        case .cri: return try? cri.read(line)
        case .auto:
            let first = line.first(where: { $0 > 0x20 }) ?? 0
            if first == UInt8(ascii: "{") { return try? docker.read(line) }
            return first &- UInt8(ascii: "0") < 10 ? try? cri.read(line) : nil
        }
    }
}
