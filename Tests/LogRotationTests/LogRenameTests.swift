import FileAccess
import Glibc
import LogModel
import LogRotation
import TestSupport
import Testing

/// Logs that are set aside.
@Suite struct LogRenameTests {
    private let fixture: RotationFixture

    init() throws { fixture = try RotationFixture() }

    @Test func theLogGetsTheNameOfAGenerationAndANewOneTakesItsPlace() throws {
        try fixture.write("one\n")
        let directory = try fixture.directory()
        let generation = try #require(try fixture.setAside(directory))
        #expect(generation.name == RotationFixture.generation)
        #expect(try fixture.files == ["app.log", RotationFixture.generation])
        #expect(try fixture.text(RotationFixture.generation) == "one\n")
        #expect(try directory.status("app.log")?.size == 0)
        #expect(try directory.status("app.log")?.permissions == 0o640)
        // In the same second.
        try fixture.write("two\n")
        #expect(try fixture.setAside(directory)?.name == "\(RotationFixture.generation).1")
        #expect(try fixture.text(RotationFixture.generation) == "one\n")
    }

    @Test func theWriterMayMakeTheNewLogItself() throws {
        try fixture.write("one\n")
        _ = try fixture.setAside(fixture.directory(), creating: nil)
        #expect(try fixture.files == [RotationFixture.generation])
        #expect(try fixture.setAside(fixture.directory()) == nil)
    }

    @Test func ownerAndModeOfTheNewLogAreChosen() throws {
        try fixture.write("one\n")
        var creation = LogCreation(permissions: 0o604)
        if geteuid() == 0 { (creation.owner, creation.group) = (1234, 4321) }
        let directory = try fixture.directory()
        _ = try fixture.setAside(directory, creating: creation)
        let status = try #require(try directory.status("app.log"))
        #expect(status.permissions == 0o604)
        if geteuid() == 0 { #expect(status.owner == 1234 && status.group == 4321) }
    }

    @Test func whatIsDoubtfulIsRefusedAndLeftAsItIs() throws {
        let directory = try fixture.directory()
        #expect(symlink("elsewhere", "\(fixture.path)/app.log") == 0)
        #expect(fixture.code { _ = try fixture.setAside(directory) } == "symbolic_link")
        try directory.remove("app.log")
        #expect(mkfifo("\(fixture.path)/app.log", 0o600) == 0)
        #expect(fixture.code { _ = try fixture.setAside(directory) } == "not_a_regular_file")
        try directory.remove("app.log")
        try fixture.write("one\n")
        #expect(link("\(fixture.path)/app.log", "\(fixture.path)/second") == 0)
        #expect(fixture.code { _ = try fixture.setAside(directory) } == "hard_link")
        fixture.guarding.allowsHardLinks = true
        #expect(fixture.code { _ = try fixture.setAside(directory) } == nil)
        try directory.remove("second")
        #expect(chmod(fixture.path, 0o777) == 0)
        #expect(fixture.code { _ = try fixture.setAside(directory) } == "shared_directory")
        fixture.guarding.allowsSharedDirectories = true
        if geteuid() == 0 {
            #expect(chown("\(fixture.path)/app.log", 4242, 4242) == 0)
            #expect(fixture.code { _ = try fixture.setAside(directory) } == "other_owner")
            #expect(chown("\(fixture.path)/app.log", 0, 0) == 0)
        }
        #expect(fixture.code { _ = try fixture.setAside(directory) } == nil)
    }

    @Test func aLogThatIsReplacedAtThatMomentKeepsItsName() throws {
        try fixture.write("one\n")
        let path = fixture.path
        let directory = try HeldDirectory.open(
            path,
            writer: FileWriter { point throws(FileAccessError) in
                guard point == CrashPoint(.before, "directory.rename"), access("\(path)/once", F_OK) == 0 else {
                    return
                }
                _ = unlink("\(path)/once")
                try FileWriter().replace("\(path)/app.log", with: Array("other\n".utf8))
            })
        try fixture.write("", to: "once")
        #expect(fixture.code { _ = try fixture.setAside(directory) } == "log_replaced")
        #expect(try fixture.files == ["app.log"])
        #expect(try fixture.text("app.log") == "other\n")
        _ = try fixture.setAside(directory)
        #expect(try fixture.text(RotationFixture.generation) == "other\n")
    }
}
