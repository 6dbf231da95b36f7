import FileTail
import Foundation
import LogModel
import Testing

@testable import Consumption

/// Files that the agent knows already, under names that no rotation gives.
@Suite struct ForeignNameTests {
    private static func text(_ range: Range<Int>, _ word: String = "line") -> String {
        range.map { "\(word) \($0) of a log that has lines enough\n" }.joined()
    }
    private static func lines(_ range: Range<Int>, _ word: String = "line") -> [String] {
        range.map { "\(word) \($0) of a log that has lines enough" }
    }

    @Test(
        arguments: ["app.log.rotated", "old/app.log.1", "prev-app.log", "app.log.Nov21", "app.log.2026_w47"],
        [false, true])
    func renamedFileIsReadOnUnderItsNewName(name: String, isDown: Bool) throws {
        let f = try TailFixture(["**/*.log*"])
        try f.run("mkdir old")
        f.append(Self.text(0..<100))
        f.read()
        f.append(Self.text(100..<110))
        try f.rename("app.log", name)
        f.append(Self.text(110..<120))
        if isDown { try f.restart() }
        f.read()
        #expect(f.lines == Self.lines(0..<120))
        #expect(f.account().openEndedLosses == 0)
        try f.restart()
        f.read()
        #expect(f.lines.count == 120)
    }

    @Test func olddirIsFollowedThroughManyRotationsAndCompressions() throws {
        let f = try TailFixture(["**/*.log*"])
        try f.run("mkdir old")
        for generation in 0..<5 {
            f.append(Self.text(generation * 100..<generation * 100 + 50))
            f.read()
            f.append(Self.text(generation * 100 + 50..<generation * 100 + 100))
            try f.run(
                "cd old; for i in 3 2 1; do for s in '' .gz; do [ -e app.log.$i$s ] && mv app.log.$i$s app.log.$((i+1))$s; done; done; true"
            )
            try f.rename("app.log", "old/app.log.1")
            if generation == 3 { try f.restart() }
            f.read()
            if generation > 0 { try f.run("gzip old/app.log.2") }
            f.read()
        }
        #expect(f.lines == Self.lines(0..<500))
        #expect(f.account().openEndedLosses == 0)
        try f.restart()
        f.read()
        #expect(f.lines.count == 500)
    }

    @Test(
        arguments: [
            "app.log.before-upgrade", "app-copy.log", "app.1.log", "app-old.log", "app.log.1.bak", "app.log.tmp",
            "old-app.log", "app.log.bak-20261121",
        ], [false, true])
    func copyIsNotCounted(name: String, isThereFirst: Bool) throws {
        let f = try TailFixture(["**/*.log*"])
        try f.run("mkdir sub")
        f.append(Self.text(0..<100))
        if !isThereFirst { f.read() }
        try f.copy("app.log", name)
        f.read()
        #expect(f.lines == Self.lines(0..<100))
        f.append(Self.text(100..<110))
        f.read()
        #expect(f.lines == Self.lines(0..<110))
        // Not even when the original is long gone.
        try f.rename("app.log", "app.log.1")
        f.append(Self.text(200..<210))
        f.read()
        try f.remove("app.log.1")
        f.read()
        try f.restart()
        f.read()
        #expect(f.lines == Self.lines(0..<110) + Self.lines(200..<210))
    }

    /// Content alone does not tell whether a file is a copy: a service in each folder, or one that is started twice, may write
    /// the same.
    @Test(arguments: ["sub/app.log", "app2.log", "worker.log", "sub/app.log.1.log"])
    func logsOfOthersThatHoldTheSameLinesCount(name: String) throws {
        let f = try TailFixture(["**/*.log"])
        try f.run("mkdir sub")
        f.append(Self.text(0..<100))
        f.append(Self.text(0..<100), to: name)
        f.read()
        #expect(f.lines.count == 200)
        f.append(Self.text(100..<200))
        f.append(Self.text(100..<200), to: name)
        f.read()
        try f.restart()
        f.read()
        #expect(f.lines.count == 400)
    }

    @Test func copyThatIsBeingWrittenIsNotCounted() throws {
        let f = try TailFixture(["*.log*"])
        f.append(Self.text(0..<100))
        f.read()
        f.append("", to: "app.log.copy-1")
        f.read()
        f.append(Self.text(0..<50), to: "app.log.copy-1")
        f.read()
        f.append(Self.text(50..<100), to: "app.log.copy-1")
        f.read()
        #expect(f.lines == Self.lines(0..<100))
    }

    @Test func logThatBeginsLikeAnotherLosesNothing() throws {
        let f = try TailFixture(["*.log"])
        f.append(Self.text(0..<20))
        f.read()
        f.append(Self.text(0..<10), to: "app-second.log")
        f.read()
        #expect(f.lines.count == 20)
        f.append("something else\n", to: "app-second.log")
        f.read()
        #expect(f.lines == Self.lines(0..<20) + Self.lines(0..<10) + ["something else"])
        f.append("more\n")
        try f.restart()
        f.append("and more\n", to: "app-second.log")
        f.read()
        #expect(f.lines.count == 33)
    }

    @Test func logWithTheSameFewLinesAsAnotherCounts() throws {
        let f = try TailFixture(["*.log"])
        f.append("started\n")
        f.append("started\n", to: "second.log")
        f.append("", to: "third.log")
        f.read()
        #expect(f.lines == ["started", "started"])
        f.append("started\n", to: "third.log")
        f.read()
        #expect(f.lines.count == 3)
    }

    @Test(arguments: ["ln app.log hard.log", "ln app.log a-hard.log"], [false, true])
    func hardLinkIsNotCountedAfterARotation(link: String, isDown: Bool) throws {
        let f = try TailFixture(["*.log"])
        f.append(Self.text(0..<100))
        f.read()
        try f.run(link)
        f.read()
        f.append(Self.text(100..<110))
        try f.rename("app.log", "app.log.1")
        f.append(Self.text(110..<120))
        if isDown { try f.restart() }
        f.read()
        #expect(f.lines.sorted() == Self.lines(0..<120).sorted())
        try f.restart()
        f.read()
        #expect(f.lines.count == 120)
    }

    @Test func linkToARotatedFileIsNotCounted() throws {
        let f = try TailFixture(["*.log"])
        try f.run("ln -s app.log.1 previous.log")
        for generation in 0..<4 {
            f.append(Self.text(generation * 10..<generation * 10 + 10))
            if generation != 2 { f.read() }
            try f.rename("app.log", "app.log.1")
            if generation == 3 { try f.restart() }
        }
        f.append("last\n")
        f.read()
        #expect(f.lines.sorted() == (Self.lines(0..<40) + ["last"]).sorted())
    }

    @Test func compressedFileUnderAnotherNameIsNotCounted() throws {
        let f = try TailFixture(["*.log*"])
        f.append(Self.text(0..<100))
        f.read()
        try f.run("gzip -c app.log > app.log-before.gz")
        f.read()
        #expect(f.lines.count == 100)
    }
}
