import ArgumentParser
import Configuration
import LogModel

/// How the program ends after an error: what it says, where, and its status.
///
/// Status 0: done. 1: it did not work. 2: the command line or the configuration is wrong.
struct Ending: Equatable {
    /// For standard output, when help was asked for.
    var output: String
    /// For standard error.
    var complaint: String
    var status: Int32

    static let success: Int32 = 0
    static let failure: Int32 = 1
    static let mistake: Int32 = 2

    init(_ error: any Error) {
        switch error {
        case let error as ConfigurationError: self = .mistake("\(error)\n")
        case let error as UnusableConfiguration: self = .mistake(error.mistakes.map(Self.twoLines).joined())
        case let error as ExpressionMistake: self = .mistake(error.complaint)
        case let error as UsageError: self = .mistake(Self.twoLines(error))
        case let error as ListenTextError: self = .mistake(Self.twoLines(error))
        case let error as any DescribedError:
            self = Ending(complaint: Self.twoLines(error), status: Self.failure)
        default: self = Self.parsing(error)
        }
    }

    private init(output: String = "", complaint: String = "", status: Int32) {
        self.output = output
        self.complaint = complaint
        self.status = status
    }

    private static func mistake(_ complaint: String) -> Ending { Ending(complaint: complaint, status: mistake) }

    /// What ArgumentParser makes of an error; its status 64 is our 2.
    private static func parsing(_ error: any Error) -> Ending {
        let code = OutriderCommand.exitCode(for: error)
        // An exit code that a verb throws has nothing more to say.
        if error is ExitCode { return Ending(status: code.rawValue) }
        let text = OutriderCommand.fullMessage(for: error)
        let message = text.isEmpty ? "" : "\(text)\n"
        if code == .success { return Ending(output: message, status: success) }
        return Ending(complaint: message, status: code == .validationFailure ? mistake : code.rawValue)
    }

    /// `outrider: what failed`, then the hint indented by four spaces.
    static func twoLines(_ error: any DescribedError) -> String {
        "outrider: \(error.message.onOneLine)\n" + (error.hint.map { "    \($0.onOneLine)\n" } ?? "")
    }
}
