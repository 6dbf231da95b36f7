import FileAccess
import LogModel
import Logging

/// Writes one line per record to standard error, each in one write.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let time: any TimeSource
    private let isColored: Bool
    private let write: @Sendable (String) -> Void

    init(
        level: Logger.Level, time: any TimeSource = LinuxTime(), isColored: Bool = ProcessStream.error.isTerminal,
        write: @escaping @Sendable (String) -> Void = StandardStreams.complain(raw:)
    ) {
        logLevel = level
        self.time = time
        self.isColored = isColored
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let line = LogLine(
            time: time.wallNow(), level: event.level, message: event.message.description,
            metadata: all.mapValues(\.description), isColored: isColored)
        write(line.text + "\n")
    }
}
