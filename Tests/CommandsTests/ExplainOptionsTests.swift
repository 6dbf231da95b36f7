import ArgumentParser
import Testing

@testable import Commands

/// `--log` of `explain` takes one file, so that the file to explain can stand behind it.
@Suite
struct ExplainOptionsTests {
    @Test(arguments: [
        (["--log", "/a", "/a"], ["/a"], "/a"), (["--log", "-", "-"], ["-"], "-"),
        (["/a", "--log", "/a"], ["/a"], "/a"),
        (["--log", "/a", "--log", "/b", "/b"], ["/a", "/b"], "/b"),
    ])
    func aFileMayStandBehindTheLog(arguments: [String], logs: [String], file: String) throws {
        let command = try #require(try OutriderCommand.parseAsRoot(["explain"] + arguments) as? ExplainCommand)
        #expect(command.log == logs)
        #expect(command.file == file)
    }

    @Test
    func aLogWithoutAFileAndWithALine() throws {
        let arguments = ["explain", "--log", "/a", "--line", "ERROR"]
        let command = try #require(try OutriderCommand.parseAsRoot(arguments) as? ExplainCommand)
        #expect(command.log == ["/a"])
        #expect(command.line == "ERROR")
        #expect(command.file == nil)
    }

    @Test
    func runTakesAllThatAShellExpands() throws {
        let command = try #require(try OutriderCommand.parseAsRoot(["run", "--log", "/a", "/b"]) as? RunCommand)
        #expect(command.options.log == ["/a", "/b"])
    }
}
