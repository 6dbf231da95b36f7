import ArgumentParser
import Logging

/// How much the agent says about itself.
struct LoggingOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The least level that is logged to standard error.", valueName: "level"))
    var logLevel = LogLevel.info

    /// The logger that everything gets.
    var logger: Logger { Self.logger(logLevel.level) }

    /// A logger for verbs that say by themselves what they do.
    static var warnings: Logger { logger(.warning) }

    private static func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "outrider", factory: { _ in LineLogHandler(level: level) })
    }
}

/// The levels of swift-log, for the command line.
enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
