import FileAccess
import LogModel

/// Standard output for results, standard error for complaints.
enum StandardStreams {
    /// The status of a program that SIGPIPE ended, as shells show it.
    private static let brokenPipeStatus: Int32 = 141

    /// Writes a result. When nobody reads it any more (`outrider … | head`), the program ends quietly.
    static func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        do throws(FileAccessError) { try ProcessStream.output.write(bytes) } catch {
            if error.isBrokenPipe { ProcessEnvironment.end(status: brokenPipeStatus) }
            complain(error.description)
            ProcessEnvironment.end(status: Ending.failure)
        }
    }

    /// Writes lines of a result.
    static func write(line: String) { write(Array("\(line)\n".utf8)) }

    /// Writes `outrider: text` to standard error.
    static func complain(_ text: String) { complain(raw: "outrider: \(text)\n") }

    /// Writes text as it is. An error cannot be told to anybody then, and is not.
    static func complain(raw text: String) {
        guard !text.isEmpty else { return }
        try? ProcessStream.error.write(Array(text.utf8))
    }
}
