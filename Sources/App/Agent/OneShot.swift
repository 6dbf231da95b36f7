public import Configuration
import Consumption
import FileAccess
import FileTail
import Ledger
import LogModel
import MetricRegistry

/// `run --once`: reads every file to its end from the beginning and shows what came of it. It takes no lock, moves no
/// position and writes nothing but the page.
public enum OneShot {
    /// The metrics page after everything was read, and what could not be read.
    public static func page(_ configuration: AgentConfiguration) throws -> (text: [UInt8], problems: [String]) {
        let time = LinuxTime()
        let files = LinuxFileAccess()
        var reading = configuration
        reading.records = []
        for index in reading.sources.indices { reading.sources[index].startAt = .beginning }
        let pipeline = try Pipeline(
            reading, restoring: LedgerContents(), files: files, time: time,
            openRecord: { try FileWriter().append(to: $0.path) })
        pipeline.consumption.scan()
        if pipeline.standardInput == nil { pipeline.consumption.finish() }
        pipeline.tail.observe()
        while pipeline.consumption.turn() {}
        while let input = pipeline.standardInput, !input.isAtEnd {
            StandardInputFiles.waitForInput()
            pipeline.tail.observe()
            while pipeline.consumption.turn() {}
        }
        if pipeline.standardInput != nil {
            pipeline.consumption.finish()
            pipeline.tail.observe()
            while pipeline.consumption.turn() {}
        }
        let committer = LedgerCommitter<AgentState>(ledger: nil, time: time)
        let snapshot = committer.submit(pipeline.seal())
        var text: [UInt8] = []
        TextExposition.write(
            snapshot.content.metrics, selfFamilies: [OutriderVersion.family] + AccountReport(snapshot.content).families,
            into: &text)
        return (text, snapshot.content.problems)
    }
}
