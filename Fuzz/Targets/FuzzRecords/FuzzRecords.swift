import FuzzDriver
import LineFormats
import LogModel
import LogPipeline

/// Records of lines. The first byte of an input chooses how they are made, the second how much of the file has been written
/// each time that somebody looks.
@main enum FuzzRecords {
    private static let maximumLength = 48
    private static let maximumLineCount = 4

    static func main() throws {
        let boundaries: [RecordBoundary?] = [nil, .firstLine(#"^\d"#), .continuation(#"^\s"#)]
        let plain = try boundaries.map { try assembler(.none, .utf8, $0, stripsColours: false) }
        let others = try boundaries.flatMap { boundary in
            try [
                assembler(.docker, .utf8, boundary, stripsColours: true),
                assembler(.cri, .utf8, boundary, stripsColours: false),
                assembler(.auto, .utf8, boundary, stripsColours: false),
                assembler(.none, .utf16LittleEndian, boundary, stripsColours: false),
                assembler(.none, .latin1, boundary, stripsColours: true),
            ]
        }
        let all = plain + others
        fuzz { input in
            guard input.count > 2 else { return }
            let assembler = all[Int(input[0]) % all.count]
            let file = Array(input.dropFirst(2))
            let whole = records(assembler, file, step: file.count)
            check(records(assembler, file, step: 1 + Int(input[1]) % 32) == whole, "how it is written does not matter")
        }
    }

    private static func assembler(
        _ container: ContainerFormat, _ encoding: TextEncoding, _ boundary: RecordBoundary?, stripsColours: Bool
    ) throws -> RecordAssembler {
        let multiline = boundary.map {
            MultilineSettings(boundary: $0, maximumLineCount: maximumLineCount, maximumLength: maximumLength)
        }
        return try RecordAssembler(
            DecodingSettings(
                container: container, multiline: multiline, stripsColours: stripsColours, encoding: encoding),
            maximumLineLength: maximumLength)
    }

    private struct Record: Equatable {
        var text: [UInt8]
        /// Where the first line begins that it is made of.
        var origin: UInt64
    }

    /// The records of a file that grows by `step` bytes between two looks, and is finished at last.
    private static func records(_ assembler: RecordAssembler, _ file: [UInt8], step: Int) -> [Record] {
        var records: [Record] = []
        var (taken, written) = (0, 0)
        repeat {
            written = min(written + max(step, 1), file.count)
            let isOver = written == file.count
            let count = look(assembler, Array(file[taken..<written]), at: taken, isOver: isOver, &records)
            check(!isOver || taken + count == written, "at the end nothing is left")
            taken += count
        } while written < file.count
        return records
    }

    /// Hands in what was written and not taken yet; returns how many bytes were taken now.
    private static func look(
        _ assembler: RecordAssembler, _ bytes: [UInt8], at offset: Int, isOver: Bool, _ records: inout [Record]
    ) -> Int {
        let ends = lineEnds(bytes, assembler.settings.encoding, isOver: isOver)
        let lines = Array(bytes[..<Int(ends.last ?? 0)])
        return lines.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { table in
                let batch = LineBatch(
                    bytes: bytes, lineEnds: table, stream: StreamID(1), source: 0, offset: UInt64(offset))
                return assembler.assemble(batch, isOver: isOver) { made in
                    checkTaken(made, table, isOver: isOver)
                    append(made.batch, assembler.settings, to: &records)
                    return made.batch.raw.count
                }
            }
        }
    }

    private static func lineEnds(_ bytes: [UInt8], _ encoding: TextEncoding, isOver: Bool) -> [UInt32] {
        var ends: ContiguousArray<UInt32> = []
        if encoding.unitLength == 2 {
            bytes.withUnsafeBytes { appendUTF16LineEnds(of: $0, encoding, to: &ends) }
        } else {
            ends = ContiguousArray(bytes.indices.filter { bytes[$0] == 0x0A }.map { UInt32($0 + 1) })
        }
        if isOver, Int(ends.last ?? 0) < bytes.count { ends.append(UInt32(bytes.count)) }
        return Array(ends)
    }

    private static func checkTaken(
        _ made: AssembledRecords, _ ends: UnsafeBufferPointer<UInt32>, isOver: Bool
    ) {
        let count = made.batch.rawLineCount
        check(count <= ends.count && (made.openEnd != nil) == (count < ends.count), "what is not taken may go on")
        check(
            made.batch.raw.count == (count == 0 ? 0 : Int(ends[count - 1])), "the lines in front are taken, and whole")
        check(!isOver || count == ends.count, "at the end all lines are taken")
        guard made.batch.lineCount > 0 else { return }
        // Each record begins where a line does that was taken, and no two begin at the same.
        var seen: Set<UInt64> = []
        for record in 0..<made.batch.lineCount {
            let place = made.batch.position(of: record).offset - made.batch.offset
            check(place == 0 || ends[..<count].contains(UInt32(place)), "a record begins with a line")
            check(seen.insert(place).inserted, "a line is in one record")
        }
    }

    private static func append(_ batch: LineBatch, _ settings: DecodingSettings, to records: inout [Record]) {
        for record in 0..<batch.lineCount {
            let text = Array(batch.bytes[batch.lineRange(record)])
            let lineCount = text.count { $0 == 0x0A } + 1
            // A single line may be longer; what it is joined with must fit, the last part of what a runtime cut excepted.
            if settings.multiline != nil, settings.container == .none, lineCount > 1 {
                check(text.count <= maximumLength, "a record of several lines keeps within its size")
                check(lineCount <= maximumLineCount, "a record keeps within its lines")
            }
            records.append(Record(text: text, origin: batch.position(of: record).offset))
        }
    }
}
