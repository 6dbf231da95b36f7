import LineFormats
import LogModel
import LogPipeline
import TestSupport
import Testing

/// Records of lines that are handed in as a file gives them: a block at a time, and what was not taken again.
@Suite struct RecordAssemblerTests {
    private func assembler(
        _ settings: DecodingSettings, maximumLineLength: Int = 1024
    ) throws -> RecordAssembler {
        try RecordAssembler(settings, maximumLineLength: maximumLineLength)
    }

    /// What one call makes of text: the records with the offsets they begin at, and how many bytes were taken.
    private func assemble(_ assembler: RecordAssembler, _ text: some Collection<UInt8>, isOver: Bool)
        -> (records: [String], origins: [UInt64], taken: Int, lines: Int, tally: DecodingTally)
    {
        let bytes = Array(text)
        var ends: [UInt32] = []
        if assembler.settings.encoding.unitLength == 2 {
            var found: ContiguousArray<UInt32> = []
            bytes.withUnsafeBytes { appendUTF16LineEnds(of: $0, assembler.settings.encoding, to: &found) }
            ends = Array(found)
        } else {
            ends = bytes.indices.filter { bytes[$0] == 0x0A }.map { UInt32($0 + 1) }
        }
        if isOver, (ends.last ?? 0) < UInt32(bytes.count) { ends.append(UInt32(bytes.count)) }
        let whole = Array(bytes[..<Int(ends.last ?? 0)])
        return whole.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { ends in
                let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 1000)
                return assembler.assemble(batch, isOver: isOver) { made in
                    let records = made.batch
                    return (
                        (0..<records.lineCount).map {
                            String(decoding: records.bytes[records.lineRange($0)], as: UTF8.self)
                        }, (0..<records.lineCount).map { records.position(of: $0).offset }, records.raw.count,
                        records.rawLineCount, records.tally
                    )
                }
            }
        }
    }

    private let traceback = "10:00 boom\nTraceback\n  File x\nValueError: 42\n10:01 fine\n10:02 last\n  more\n"

    @Test func linesThatBelongTogetherAreOneRecord() throws {
        let assembler = try assembler(
            DecodingSettings(multiline: MultilineSettings(boundary: .firstLine(#"^\d\d:"#))))
        let open = assemble(assembler, traceback.utf8, isOver: false)
        #expect(open.records == ["10:00 boom\nTraceback\n  File x\nValueError: 42", "10:01 fine"])
        #expect(open.origins == [1000, 1045])
        #expect(open.lines == 5)
        #expect(open.taken == 56)
        let over = assemble(assembler, traceback.utf8, isOver: true)
        #expect(over.records.last == "10:02 last\n  more")
        #expect(over.taken == traceback.utf8.count)
    }

    @Test func continuationsBelongToTheLineBefore() throws {
        let assembler = try assembler(DecodingSettings(multiline: MultilineSettings(boundary: .continuation(#"^\s"#))))
        let made = assemble(assembler, "a\n  b\nc\n\td\n".utf8, isOver: false)
        #expect(made.records == ["a\n  b"])
        #expect(assemble(assembler, "  lost head\nx\n".utf8, isOver: true).records == ["  lost head", "x"])
    }

    @Test func aRecordThatIsTooLongIsEnded() throws {
        let multiline = MultilineSettings(boundary: .firstLine("^A"), maximumLineCount: 3, maximumLength: 40)
        let assembler = try assembler(DecodingSettings(multiline: multiline))
        let manyLines = assemble(assembler, "A\n1\n2\n3\n4\n".utf8, isOver: true)
        #expect(manyLines.records == ["A\n1\n2", "3\n4"])
        #expect(manyLines.tally.cutRecords == 1)
        let long = String(repeating: "x", count: 30)
        let longLines = assemble(assembler, "A\(long)\n\(long)\n".utf8, isOver: true)
        #expect(longLines.records == ["A\(long)", long])
        #expect(longLines.tally.cutRecords == 1)
    }

    @Test func whatDockerCutIsJoinedForEachOutputByItself() throws {
        func line(_ text: String, _ output: String) -> String {
            #"{"log":"\#(text)","stream":"\#(output)","time":"2025-11-23T10:00:00Z"}"# + "\n"
        }
        let text =
            line("one ", "stdout") + line(#"err\n"#, "stderr") + line(#"two\n"#, "stdout") + line("open", "stdout")
        let assembler = try assembler(DecodingSettings(container: .docker))
        let made = assemble(assembler, text.utf8, isOver: false)
        #expect(made.records == ["err", "one two"])
        #expect(made.lines == 3)
        #expect(made.origins == [1000 + UInt64(line("one ", "stdout").utf8.count), 1000])
        #expect(assemble(assembler, text.utf8, isOver: true).records == ["err", "one two", "open"])
        // The open part came before a whole line of the other output: neither is taken, or it would be read twice.
        let interleaved = line(#"first\n"#, "stdout") + line("open", "stdout") + line(#"err\n"#, "stderr")
        let waiting = assemble(assembler, interleaved.utf8, isOver: false)
        #expect(waiting.records == ["first"])
        #expect(waiting.lines == 1)
    }

    @Test func whatIsNoLineOfTheRuntimeIsPlainTextAndCounted() throws {
        let assembler = try assembler(DecodingSettings(container: .cri))
        let made = assemble(
            assembler, "2016-10-06T00:17:09.669794202Z stdout F text\nno envelope\n".utf8, isOver: false)
        #expect(made.records == ["text", "no envelope"])
        #expect(made.tally.malformedLines == 1)
    }

    @Test func whatGivesTroubleIsCountedWithTheLinesThatAreTaken() throws {
        let assembler = try assembler(
            DecodingSettings(
                container: .cri,
                multiline: MultilineSettings(boundary: .firstLine("^A"), maximumLineCount: 2)))
        let time = "2016-10-06T00:17:09.669794202Z stdout F"
        let first = "A plain\n\(time) 1\n\(time) 2\n\(time) 3\n"
        let open = "plain too\n"
        let made = assemble(assembler, (first + open).utf8, isOver: false)
        #expect(made.records == ["A plain\n1", "2\n3"])
        #expect(made.taken == first.utf8.count)
        #expect(made.tally.malformedLines == 1)
        // What ends a record is the line behind it, which is read again; the record itself is not.
        #expect(made.tally.cutRecords == 2)
        let again = assemble(assembler, "\(open)A\n".utf8, isOver: false)
        #expect(again.tally.malformedLines == 1)
        #expect(again.tally.cutRecords == 0)
    }

    @Test func aHalfPairOfSurrogatesIsCountedWithItsLine() throws {
        let wide = try assembler(DecodingSettings(encoding: .utf16BigEndian))
        let made = assemble(wide, [0xD8, 0x00, 0x00, 0x41, 0x00, 0x0A, 0x00, 0x42, 0x00, 0x0A], isOver: false)
        #expect(made.records == ["\u{FFFD}A", "B"])
        #expect(made.tally.replacedCharacters == 1)
    }

    @Test func tracebacksInContainersAreOneRecord() throws {
        func line(_ text: String, _ tag: String = "F") -> String {
            "2016-10-06T00:17:09.669794202Z stderr \(tag) \(text)\n"
        }
        let assembler = try assembler(
            DecodingSettings(container: .auto, multiline: MultilineSettings(boundary: .firstLine("^ERROR|^INFO"))))
        let text = line("ERROR x") + line("  File ", "P") + line("y") + line("INFO z")
        #expect(assemble(assembler, text.utf8, isOver: false).records == ["ERROR x\n  File y"])
    }

    @Test func onlyWhatWaitedLongEnoughIsEnded() throws {
        func line(_ text: String, _ output: String) -> String {
            "2016-10-06T00:17:09Z \(output) F \(text)\n"
        }
        let assembler = try assembler(
            DecodingSettings(container: .cri, multiline: MultilineSettings(boundary: .firstLine("^[IE]"))))
        let text = line("I one", "stdout") + line("E two", "stderr") + line("  more", "stderr")
        let bytes = Array(text.utf8)
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }.map { UInt32($0 + 1) }
        bytes.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { ends in
                let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 0)
                assembler.assemble(batch, isOver: false) { made in
                    #expect(made.batch.lineCount == 0)
                    #expect(made.openEnd == Int(ends[0]))
                }
                assembler.assemble(batch, isOver: false, overdue: Int(ends[0])) { made in
                    #expect(made.batch.lineCount == 1)
                    #expect(made.batch.rawLineCount == 1)
                    #expect(made.openEnd == Int(ends[2]))
                }
            }
        }
    }

    @Test func aColourThatARuntimeCutIsTakenOut() throws {
        let assembler = try assembler(DecodingSettings(container: .cri, stripsColours: true))
        let text = "2016-10-06T00:17:09Z stdout P \u{1B}\n2016-10-06T00:17:09Z stdout F [31mred\u{1B}[0m end\n"
        #expect(assemble(assembler, text.utf8, isOver: false).records == ["red end"])
    }

    @Test func coloursAndOtherEncodingsAreTurnedIntoText() throws {
        let colours = try assembler(DecodingSettings(stripsColours: true))
        #expect(
            assemble(colours, "\u{1B}[31mERROR\u{1B}[0m x\nplain\n".utf8, isOver: false).records == [
                "ERROR x", "plain",
            ])
        let latin = try assembler(DecodingSettings(encoding: .latin1))
        #expect(assemble(latin, [0x67, 0x72, 0xF6, 0xDF, 0x65, 0x0A], isOver: false).records == ["größe"])
        let wide = try assembler(DecodingSettings(encoding: .utf16LittleEndian))
        let units = Array("zwei \u{010A}\r\nend\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(assemble(wide, units, isOver: false).records == ["zwei \u{010A}", "end"])
    }

    /// A line ends with `\n` or `\r\n`, and nothing else is taken off, however it is written and whatever is done with it.
    @Test(arguments: 0..<50) func lineEndsAreThoseOfPlainText(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var text = ""
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            text += ["a", "b c", "\r", "\n", "\r\n", "\r\r\n", "\n\r"][Int.random(in: 0..<7, using: &random)]
        }
        let bytes = Array(text.utf8)
        var lines: [String] = []
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            lines.append(String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self))
        }
        // Behind the last `\n` stands a line only when there is something, and then no part of a line end.
        lines.removeLast()
        if let rest = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).last, !rest.isEmpty {
            lines.append(String(decoding: rest, as: UTF8.self))
        }
        let little = Array(text.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = Array(text.utf16).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for (settings, written) in [
            (DecodingSettings(encoding: .utf16LittleEndian), little),
            (DecodingSettings(encoding: .utf16BigEndian), big),
            (DecodingSettings(encoding: .latin1), bytes), (DecodingSettings(stripsColours: true), bytes),
            (DecodingSettings(container: .auto), bytes),
        ] {
            #expect(assemble(try assembler(settings), written, isOver: true).records == lines, "\(settings)")
        }
    }

    /// However the lines come, each is taken once and the records are the same.
    @Test(arguments: 0..<200) func recordsDoNotDependOnHowLinesCome(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let outputs = ["stdout", "stderr"]
        var text: [UInt8] = []
        for number in 0..<Int.random(in: 5...40, using: &random) {
            let isFirst = Bool.random(using: &random)
            let tag = Int.random(in: 0..<4, using: &random) == 0 ? "P" : "F"
            let output = outputs[Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0]
            text += "2016-10-06T00:17:09Z \(output) \(tag) \(isFirst ? "A" : " ")\(number)\n".utf8
        }
        let multiline = Bool.random(using: &random) ? MultilineSettings(boundary: .firstLine("^A")) : nil
        let settings = DecodingSettings(container: .cri, multiline: multiline)
        let whole = assemble(try assembler(settings), text, isOver: true).records

        let assembler = try assembler(settings)
        var records: [String] = []
        var (start, end, lines) = (0, 0, 0)
        while end < text.count {
            end = min(text.count, end + Int.random(in: 1...200, using: &random))
            let made = assemble(assembler, text[start..<end], isOver: false)
            records += made.records
            start += made.taken
            lines += made.lines
        }
        let rest = assemble(assembler, text[start...], isOver: true)
        records += rest.records
        #expect(records.sorted() == whole.sorted())
        #expect(start + rest.taken == text.count)
        #expect(lines + rest.lines == text.count { $0 == 0x0A })
    }
}
