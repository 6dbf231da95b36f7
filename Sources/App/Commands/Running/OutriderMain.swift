import ArgumentParser
import FileAccess

/// The program from its first line to its exit status.
public enum OutriderMain {
    /// Runs the verb that the command line names, and ends the process: with status 0 when it did what it was asked to, 1 when
    /// that failed, 2 when the command line or the configuration is wrong.
    public static func run() async -> Never {
        ProcessEnvironment.ignoreBrokenPipes()
        do {
            var command = try OutriderCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let ending = Ending(error)
            StandardStreams.write(Array(ending.output.utf8))
            StandardStreams.complain(raw: ending.complaint)
            ProcessEnvironment.end(status: ending.status)
        }
        ProcessEnvironment.end(status: Ending.success)
    }
}
