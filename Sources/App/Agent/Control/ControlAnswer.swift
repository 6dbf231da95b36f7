import Configuration
public import JSONText
public import LogModel

/// What a running agent answers.
public enum ControlAnswer: Hashable, Sendable {
    case answer(JSONValue)
    case refusal(ControlRefusal)

    /// The document that goes over the socket.
    public var document: JSONValue {
        switch self {
        case .answer(let answer): ["ok": true, "answer": answer]
        case .refusal(let refusal):
            [
                "ok": false,
                "error": [
                    "code": .string(refusal.code), "message": .string(refusal.message),
                    "hint": refusal.hint.map(JSONValue.string) ?? .null,
                    "details": .array(refusal.details.map(JSONValue.string)),
                ],
            ]
        }
    }

    /// Reads a document; nil when it is none of ours.
    public init?(document: JSONValue) {
        if document["ok"] == true, let answer = document["answer"] {
            self = .answer(answer)
        } else if let error = document["error"], let code = error["code"]?.string,
            let message = error["message"]?.string
        {
            self = .refusal(
                ControlRefusal(
                    code: code, message: message, hint: error["hint"]?.string,
                    details: (error["details"]?.array ?? []).compactMap(\.string)))
        } else {
            return nil
        }
    }
}

/// Why a running agent did not do what it was asked for.
public struct ControlRefusal: DescribedError, Hashable {
    /// What to switch on, such as `consumer_unknown`.
    public let code: String
    /// What was not done, and why.
    public let message: String
    /// What to do instead.
    public let hint: String?
    /// More lines, such as every mistake in a configuration.
    public let details: [String]
    /// What was asked for must change, or the agent.
    public var healing: Healing { .byOperator }

    /// A refusal with its text.
    public init(code: String, message: String, hint: String? = nil, details: [String] = []) {
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
    }

    /// What an error means to whoever asked.
    init(_ error: any Error) {
        switch error {
        case let error as ControlRefusal: self = error
        case let error as ConfigurationError:
            self.init(
                code: error.code, message: error.message, hint: nil, details: error.diagnostics.map(\.description))
        case let error as any DescribedError:
            self.init(code: error.code, message: error.message, hint: error.hint)
        default: self.init(code: "failed", message: "\(error)")
        }
    }
}
