import Configuration
import FileAccess
import FileTail
import Ledger
import LogModel
import TestSupport
import Testing

@testable import Agent

/// What becomes of the stream of a standard input that ended with its agent.
@Suite
struct StandardInputStreamTests {
    private let log = StreamRecord(id: StreamID(1), source: SourceName("app"), path: "/nowhere/app.log", segments: [])
    private let input = StreamRecord(id: StreamID(2), source: SourceName("app"), path: "/dev/stdin", segments: [])

    @Test
    func itsNumberIsNotUsedAgain() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("new.log"), with: Array("one\n".utf8))
        let pipeline = try pipeline(directory, include: [directory("new.log")])
        _ = pipeline.tail.scan()
        let changes = pipeline.seal().changes
        #expect(changes.streams.contains { $0.id == StreamID(3) && $0.path == directory("new.log") })
        #expect(changes.removedStreams == [StreamID(2)])
        #expect(pipeline.seal().changes.removedStreams == [])
    }

    @Test
    func theLastOneStaysUntilThereIsANewerStream() throws {
        let directory = try TemporaryDirectory()
        let pipeline = try pipeline(directory, include: [directory("new.log")])
        _ = pipeline.tail.scan()
        #expect(pipeline.seal().changes.removedStreams == [])
        #expect(pipeline.seal(isComplete: true).changes.streams.map(\.id) == [StreamID(1), StreamID(2)])

        try FileWriter().replace(directory("new.log"), with: Array("one\n".utf8))
        _ = pipeline.tail.scan()
        let changes = pipeline.seal(isComplete: true).changes
        #expect(changes.removedStreams == [StreamID(2)])
        #expect(changes.streams.map(\.id) == [StreamID(1), StreamID(3)])
    }

    /// An agent that starts from a ledger with a log and a standard input that was read before.
    private func pipeline(_ directory: TemporaryDirectory, include: [String]) throws -> Pipeline {
        var contents = LedgerContents()
        contents.epoch = EpochID(7)
        contents.streams = [log, input]
        contents.consumers = [
            ConsumerState(consumer: .metrics, stream: log.id, offset: 0),
            ConsumerState(consumer: .metrics, stream: input.id, offset: 0),
        ]
        let configuration = AgentConfiguration(
            ledger: LedgerSettings(directory: directory("state")),
            sources: [FileSourceSettings(name: SourceName("app"), include: include, startAt: .beginning)])
        return try Pipeline(
            configuration, restoring: contents, files: LinuxFileAccess(), time: LinuxTime(),
            openRecord: { _ in throw UnexpectedRecord() })
    }
}
