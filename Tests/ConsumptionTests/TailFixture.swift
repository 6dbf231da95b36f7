import Consumption
import FileAccess
import FileTail
import Foundation
import LogModel

/// Keeps the lines it gets.
final class CollectingConsumer: LineConsumer {
    let name: ConsumerName
    var lines: [String] = []
    var cutRecords: UInt64 = 0
    var hasRoom = true
    init(_ name: String) { self.name = ConsumerName(name) }

    func consume(_ batch: LineBatch) -> Acceptance {
        guard hasRoom else { return .noRoom }
        for index in 0..<batch.lineCount {
            lines.append(String(decoding: batch.bytes[batch.lineRange(index)], as: UTF8.self))
        }
        cutRecords += batch.tally.cutRecords
        return .taken
    }
}

/// A real directory, a tailer and one or two consumers that are restarted at will, with a ledger that is a variable.
final class TailFixture {
    let directory: String
    var sources: [FileSourceSettings]
    var tail: FileTail
    var consumption: Consumption
    var consumers: [CollectingConsumer]
    private var streams: [StreamID: StreamRecord] = [:]
    private var states: [ConsumerState] = []
    private var scanned: [ScannedSource] = []
    private(set) var losses: [LossRecord] = []

    init(
        _ globs: [String] = ["app.log"], startAt: StartPosition = .beginning, maximumLineLength: Int = 256 * 1024,
        consumers: [String] = ["metrics"], exclude: [String] = []
    ) throws {
        directory = try FileManager.default.url(
            for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: URL(fileURLWithPath: "/tmp"),
            create: true
        ).resolvingSymlinksInPath().path
        let root = directory
        sources = [
            FileSourceSettings(
                name: SourceName("app"), include: globs.map { root + "/" + $0 },
                exclude: exclude.map { root + "/" + $0 },
                startAt: startAt, maximumLineLength: maximumLineLength)
        ]
        self.consumers = consumers.map { CollectingConsumer($0) }
        tail = try FileTail(sources: sources, files: LinuxFileAccess(), time: LinuxTime())
        consumption = Consumption(tail: tail, consumers: self.consumers, time: LinuxTime())
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var lines: [String] { consumers[0].lines }

    func path(_ name: String) -> String { directory + "/" + name }

    func append(_ text: String, to name: String = "app.log") {
        let path = path(name)
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = FileHandle(forWritingAtPath: path)
        handle?.seekToEndOfFile()
        handle?.write(Data(text.utf8))
        handle?.closeFile()
    }

    func rename(_ old: String, _ new: String) throws {
        try? FileManager.default.removeItem(atPath: path(new))
        try FileManager.default.moveItem(atPath: path(old), toPath: path(new))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }
    func copy(_ old: String, _ new: String) throws {
        try? FileManager.default.removeItem(atPath: path(new))
        try FileManager.default.copyItem(atPath: path(old), toPath: path(new))
    }
    func truncate(_ name: String = "app.log", to size: Int = 0) { _ = Foundation.truncate(path(name), size) }
    func run(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        try process.run()
        process.waitUntilExit()
    }

    /// Reads all there is, then commits.
    func read() {
        advance()
        commit()
    }

    func advance() {
        for _ in 0..<4 {
            consumption.scan()
            tail.observe()
            while consumption.turn() {}
        }
    }

    func commit() {
        let changes = consumption.takeChanges()
        let (records, scans) = tail.takeChanges()
        for record in records { streams[record.id] = record }
        for state in changes.consumers {
            states.removeAll { $0.consumer == state.consumer && $0.stream == state.stream }
            states.append(state)
        }
        scanned += scans
        losses += changes.losses
    }

    /// Starts anew from the last commit, as after `kill -9`.
    func restart(bootChanged: Bool = false, consumers names: [String]? = nil) throws {
        let restored = Array(streams.values)
        tail = try FileTail(
            sources: sources, files: LinuxFileAccess(), time: LinuxTime(), restoring: restored, scanned: scanned,
            bootChanged: bootChanged)
        if let names {
            consumers = names.map { name in consumers.first { $0.name.rawValue == name } ?? CollectingConsumer(name) }
        }
        consumption = Consumption(tail: tail, consumers: consumers, restoring: states, time: LinuxTime())
    }

    func account(_ consumer: String = "metrics") -> StreamAccount {
        consumption.states.filter { $0.consumer.rawValue == consumer }.map(\.account).reduce(into: StreamAccount()) {
            sum, one in
            sum.consumed += one.consumed
            sum.lines += one.lines
            sum.linesCut += one.linesCut
            sum.openEndedLosses += one.openEndedLosses
            sum.skipped.merge(one.skipped) { $0 + $1 }
            sum.lost.merge(one.lost) { $0 + $1 }
        }
    }
}
