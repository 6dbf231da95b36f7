import Logging
import Synchronization

/// Keeps what is logged.
final class LogRecorder: Sendable {
    /// A message with its level.
    struct Record: Equatable {
        var level: Logger.Level
        var message: String
    }

    private let storage = Mutex<[Record]>([])

    /// All of it, in the order in which it was said.
    var records: [Record] { storage.withLock { $0 } }

    /// A logger whose messages are kept here.
    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private func keep(_ record: Record) { storage.withLock { $0.append(record) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.keep(Record(level: event.level, message: event.message.description))
        }
    }
}
