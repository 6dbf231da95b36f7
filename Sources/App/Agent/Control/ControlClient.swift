import FileAccess
public import JSONText
import LogModel

/// Asks the agent that runs on a state directory.
public enum ControlClient {
    /// An answer that is longer than this is not one of ours.
    private static let maximumLength = 256 << 20

    /// What the agent answers; nil when none runs on this directory.
    ///
    /// - Throws: `ControlRefusal` when the agent does not do it, `FileAccessError` when it cannot be reached.
    public static func ask(_ request: ControlRequest, directory: String) throws -> JSONValue? {
        guard let connection = try LocalConnection.connect(directory: directory, name: ControlRequest.socketName) else {
            return nil
        }
        let start = LinuxTime().monotonicNow()
        try connection.write(Array("\(request.line)\n".utf8), deadline: start.advanced(by: ControlServer.patience))
        let bytes = try connection.read(
            limit: maximumLength,
            deadline: start.advanced(by: ControlServer.workTime + ControlServer.patience + ControlServer.patience))
        guard let document = try? JSONValue(parsing: bytes), let answer = ControlAnswer(document: document) else {
            throw ControlRefusal(
                code: "answer_malformed", message: "the agent in \(directory) gave an answer that cannot be understood",
                hint: "use an outrider of the same version as the agent")
        }
        switch answer {
        case .answer(let value): return value
        case .refusal(let refusal): throw refusal
        }
    }
}
