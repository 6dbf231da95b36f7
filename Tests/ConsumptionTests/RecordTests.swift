import FileTail
import LineFormats
import LogModel
import LogPipeline
import Testing

@testable import Consumption
@testable import TestSupport

/// Records of several lines, from files that grow.
@Suite struct RecordTests {
    private let source = SourceName("app")
    private let disk: SimulatedDisk
    private let time = ManualTime()
    private let consumer = CollectingConsumer("metrics")
    private let writer: SimulatedWriter

    init() throws {
        disk = SimulatedDisk(
            clock: time, inodeNumbers: .alwaysNew, blockSize: 16, keepsGenerations: true)
        try disk.makeDirectory("/logs")
        writer = try disk.openForAppend("/logs/app.log")
    }

    private func start(_ decoding: DecodingSettings, restoring: ([StreamRecord], [ConsumerState]) = ([], [])) throws
        -> Consumption
    {
        let tail = try FileTail(
            sources: [
                FileSourceSettings(
                    name: source, include: ["/logs/app.log"], startAt: .beginning, maximumLineLength: 200,
                    lineEnd: LineEnd(decoding.encoding.lineEnd))
            ], files: disk, time: time, restoring: restoring.0)
        return Consumption(
            tail: tail, consumers: [consumer],
            assemblers: [source: try RecordAssembler(decoding, maximumLineLength: 200)], restoring: restoring.1,
            time: time, blockSize: 256)
    }

    private func read(_ consumption: Consumption) {
        for _ in 0..<3 {
            consumption.scan()
            consumption.tail.observe()
            while consumption.turn() {}
        }
    }

    private let dated = DecodingSettings(multiline: MultilineSettings(boundary: .firstLine(#"^\d"#)))

    @Test func aRecordIsHandedOverWhenTheNextOneBegins() throws {
        let consumption = try start(dated)
        try writer.write(Array("1 boom\n  at x\n".utf8))
        read(consumption)
        #expect(consumer.lines == [])
        #expect(consumption.states.map(\.offset) == [0])
        try writer.write(Array("  at y\n2 fine\n".utf8))
        read(consumption)
        #expect(consumer.lines == ["1 boom\n  at x\n  at y"])
        #expect(consumption.states.map(\.account.lines) == [3])
    }

    @Test func aRecordIsNotWaitedForLongerThanItsPatience() throws {
        let consumption = try start(dated)
        try writer.write(Array("1 boom\n".utf8))
        read(consumption)
        time.advance(by: .seconds(4))
        try writer.write(Array("  at x\n".utf8))
        read(consumption)
        time.advance(by: .seconds(4))
        read(consumption)
        // It has got something in between.
        #expect(consumer.lines == [])
        time.advance(by: .seconds(2))
        read(consumption)
        #expect(consumer.lines == ["1 boom\n  at x"])
        // What comes too late begins a record, also for whoever starts from here.
        try writer.write(Array("  at y\n2 fine\n".utf8))
        read(consumption)
        #expect(consumer.lines == ["1 boom\n  at x", "  at y"])
    }

    @Test func aRecordOfOneOutputIsNotWaitedForLongerBecauseTheOtherGoesOn() throws {
        let consumption = try start(
            DecodingSettings(container: .cri, multiline: MultilineSettings(boundary: .firstLine("^[IE]"))))
        func line(_ text: String, _ output: String) -> [UInt8] {
            Array("2016-10-06T00:17:09Z \(output) F \(text)\n".utf8)
        }
        try writer.write(line("I one", "stdout"))
        for number in 0..<4 {
            read(consumption)
            time.advance(by: .seconds(2))
            try writer.write(line("E \(number)", "stderr"))
        }
        read(consumption)
        // The last one may go on.
        #expect(consumer.lines.sorted() == ["E 0", "E 1", "E 2", "I one"])
    }

    @Test func anOpenRecordIsReadAgainAfterARestart() throws {
        let consumption = try start(dated)
        try writer.write(Array("1 boom\n  at x\n2 fine\n  more\n".utf8))
        read(consumption)
        let (states, _) = consumption.takeChanges()
        let (records, _) = consumption.tail.takeChanges()
        #expect(consumer.lines == ["1 boom\n  at x"])
        let next = try start(dated, restoring: (records, states))
        read(next)
        try writer.write(Array("3 last\n".utf8))
        read(next)
        #expect(consumer.lines == ["1 boom\n  at x", "2 fine\n  more"])
    }

    @Test func theLastRecordOfAFinishedSourceIsWhole() throws {
        let consumption = try start(dated)
        try writer.write(Array("1 boom\n  at x\n".utf8))
        read(consumption)
        consumption.finish()
        read(consumption)
        #expect(consumer.lines == ["1 boom\n  at x"])
    }

    @Test func aLineThatIsTooLongEndsTheRecordBefore() throws {
        let consumption = try start(dated)
        try writer.write(
            Array("1 boom\n".utf8) + Array(repeating: 0x78, count: 600) + [0x0A] + Array("2 x\n3 y\n".utf8))
        read(consumption)
        #expect(consumer.lines == ["1 boom", String(repeating: "x", count: 200), "2 x"])
    }

    @Test func recordsAcrossTheEndsOfBlocksAreWhole() throws {
        let consumption = try start(dated)
        let records = (0..<60).map { "\($0 % 10) boom \($0)\n  at x\n  at \($0)" }
        try writer.write(Array((records.joined(separator: "\n") + "\n").utf8))
        read(consumption)
        // Nothing is waited for but the last one.
        #expect(consumer.lines == Array(records.dropLast()))
        time.advance(by: .seconds(6))
        read(consumption)
        #expect(consumer.lines == records)
    }

    @Test func aRecordThatDoesNotFitIntoABlockIsTakenInPieces() throws {
        let consumption = try start(dated)
        let lines = ["1 boom"] + (0..<40).map { "  at \($0) " + String(repeating: "x", count: 20) }
        try writer.write(Array((lines + ["2 x"]).map { $0 + "\n" }.joined().utf8))
        read(consumption)
        #expect(consumer.lines.joined(separator: "\n") == lines.joined(separator: "\n"))
        #expect(consumer.lines.count > 1)
    }

    /// Docker's lines of a text that it cut in parts.
    private func parts(_ texts: [String], endingLine: Bool = true) -> [UInt8] {
        texts.enumerated().flatMap { index, text in
            let end = endingLine && index == texts.count - 1 ? #"\n"# : ""
            return Array(
                (#"{"log":"\#(text)\#(end)","stream":"stdout","time":"2025-11-23T10:00:00Z"}"# + "\n").utf8)
        }
    }

    @Test func whatARuntimeCutIsJoinedAlsoWhenItsPartsDoNotFitIntoABlock() throws {
        let consumption = try start(DecodingSettings(container: .docker))
        let texts = (0..<9).map { "\($0)" + String(repeating: "x", count: 20) }
        let bytes = parts(texts)
        // More than two blocks, and a text of less than `max_line`.
        #expect(bytes.count > 512)
        try writer.write(parts(["before"]) + bytes + parts(["after"]))
        read(consumption)
        #expect(consumer.lines == ["before", texts.joined(), "after"])
        #expect(consumer.cutRecords == 0)
    }

    @Test(arguments: [1, 60]) func whatIsTooLongWhenJoinedIsCutAndCounted(length: Int) throws {
        let consumption = try start(DecodingSettings(container: .docker))
        // With one byte in each part the room for a record is full before its text is too long.
        let texts = (0..<60).map { String(repeating: "\($0 % 10)", count: length) }
        let bytes = parts(texts) + parts(["after"])
        try writer.write(bytes)
        read(consumption)
        #expect(consumer.lines.dropLast().joined() == texts.joined())
        #expect(consumer.lines.last == "after")
        let greatest = consumer.lines.map(\.count).max() ?? 0
        #expect((length == 1 ? 14...18 : 200...260).contains(greatest), "\(consumer.lines.map(\.count))")
        #expect(consumer.cutRecords == UInt64(consumer.lines.count - 2))
        let account = consumption.states[0].account
        #expect(account.consumed == UInt64(bytes.count))
        #expect(account.total == consumption.states[0].offset)
        #expect(account.lines == 61)
    }

    @Test func theOtherOutputOfAContainerDoesNotGetLostWhenThereIsNoMoreRoom() throws {
        let consumption = try start(DecodingSettings(container: .cri))
        func line(_ text: String, _ tags: String) -> String { "2016-10-06T00:17:09Z \(tags) \(text)\n" }
        let text =
            line("open ", "stdout P") + (0..<60).map { line("\($0)", "stderr F") }.joined() + line("end", "stdout F")
        try writer.write(Array(text.utf8))
        read(consumption)
        #expect(Set(consumer.lines) == Set((0..<60).map(String.init) + ["open ", "end"]))
        #expect(consumer.lines.count == 62)
        #expect(consumer.cutRecords == 1)
    }

    @Test func partsInTwoFilesAreTwoRecords() throws {
        let consumption = try start(DecodingSettings(container: .docker))
        try writer.write(parts(["whole"]) + parts(["first ", "second "], endingLine: false))
        read(consumption)
        #expect(consumer.lines == ["whole"])
        try disk.rename("/logs/app.log", to: "/logs/app.log.1")
        try disk.openForAppend("/logs/app.log").write(parts(["third"]) + parts(["after"]))
        read(consumption)
        time.advance(by: .seconds(60))
        read(consumption)
        #expect(consumer.lines == ["whole", "first second ", "third", "after"])
        // Nothing was cut for its length.
        #expect(consumer.cutRecords == 0)
        #expect(consumption.states.allSatisfy { $0.account.total == $0.offset && $0.account.lost.isEmpty })
    }

    @Test func unitsOfTwoBytesAreReadFromTheMarkOn() throws {
        let consumption = try start(DecodingSettings(encoding: .utf16LittleEndian))
        let units = Array("zwei \u{010A}4\nend\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        try writer.write([0xFF, 0xFE] + units[..<7])
        read(consumption)
        try writer.write(Array(units[7...]))
        read(consumption)
        #expect(consumer.lines == ["zwei \u{010A}4", "end"])
        #expect(consumption.states.map { $0.account.skipped[.byteOrderMark] } == [2])
        #expect(consumption.states.allSatisfy { $0.account.total == $0.offset })
    }

    /// With the line end in the same look, or in the next one; `max_line` is 200.
    @Test(arguments: [(98, 0), (99, 0), (100, 0), (101, 1), (200, 1)], [false, true])
    func aLineOfTwoByteUnitsIsCutOnlyWhenItsTextIsTooLong(text: (units: Int, cut: UInt64), isLate: Bool) throws {
        for lineEnd in ["\n", "\r\n"] {
            let consumption = try start(DecodingSettings(encoding: .utf16LittleEndian))
            consumer.lines = []
            func units(_ text: String) -> [UInt8] { Array(text.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
            let line = String(repeating: "x", count: text.units)
            let file = try disk.openForAppend("/logs/app.log")
            try file.truncate(to: 0)
            try file.write(units(line))
            if isLate { read(consumption) }
            try file.write(units(lineEnd + "end\n"))
            read(consumption)
            #expect(consumer.lines == [String(line.prefix(100)), "end"])
            #expect(consumption.states.map(\.account.linesCut) == [text.cut])
            #expect(consumption.states.allSatisfy { $0.account.total == $0.offset })
        }
    }
}
