import ArgumentParser
import Configuration
import FileAccess
import LogModel
import Testing

@testable import Commands

@Suite
struct EndingTests {
    private static func ending(_ arguments: [String]) -> Ending? {
        do {
            // Asking for help is parsed as a command of its own.
            var command = try OutriderCommand.parseAsRoot(arguments)
            try command.run()
            return nil
        } catch {
            return Ending(error)
        }
    }

    @Test(arguments: [
        (["rum"], "rum"), (["run", "--confg", "x"], "--confg"), (["run", "--config"], "--config"),
        (["consumers", "drop"], "NAME"), (["status", "now"], "now"),
    ])
    func aWrongCommandLineEndsWithTwo(arguments: [String], expected: String) throws {
        let ending = try #require(Self.ending(arguments))
        #expect(ending.status == 2)
        #expect(ending.output.isEmpty)
        #expect(ending.complaint.contains(expected))
    }

    @Test(arguments: [["--help"], ["status", "--help"], ["--version"]])
    func helpIsAResult(arguments: [String]) throws {
        let ending = try #require(Self.ending(arguments))
        #expect(ending.status == 0)
        #expect(!ending.output.isEmpty)
        #expect(ending.complaint.isEmpty)
    }

    @Test
    func aDescribedErrorIsTwoLines() {
        let error = FileAccessError(code: "x", message: "Cannot open /x.", hint: "Try again.", healing: .byItself)
        let ending = Ending(error)
        #expect(ending.complaint == "outrider: Cannot open /x.\n    Try again.\n")
        #expect(ending.status == 1)
        #expect(Ending(UsageError("say what")).complaint == "outrider: say what\n")
        #expect(Ending(UsageError("say what")).status == 2)
    }

    @Test
    func anErrorOfSeveralLinesIsStillTwo() {
        let error = FileAccessError(code: "x", message: "bad:\nworse", hint: "Try\nagain.", healing: .byItself)
        #expect(Ending(error).complaint == "outrider: bad:; worse\n    Try; again.\n")
    }

    @Test
    func aVerbMayEndWithAStatusAlone() {
        let ending = Ending(ExitCode(1))
        #expect(ending.status == 1)
        #expect(ending.complaint.isEmpty && ending.output.isEmpty)
    }
}
