import Agent
import Configuration
import Extraction
import FileTail
import Ledger
import LineFormats
import LogModel
import LogPipeline
import Testing

/// Lines go the way of their source before they are explained.
@Suite struct RecordTrialTests {
    private func trial(_ decoding: DecodingSettings, maximumLineLength: Int = 1 << 18) throws -> RecordTrial {
        let source = FileSourceSettings(
            name: SourceName("app"), include: ["/app.log"], maximumLineLength: maximumLineLength)
        let configuration = AgentConfiguration(
            ledger: LedgerSettings(directory: "/none"), sources: [source], decoding: [source.name: decoding],
            patterns: [
                PatternSettings(
                    name: "failed", match: nil,
                    conditions: FieldConditions(required: [.init(path: "level", texts: ["error"])])),
                PatternSettings(name: "any", match: "level"),
            ])
        return try RecordTrial(configuration, source: source.name)
    }

    /// The records of bytes that come in pieces of every size, as `line@offset text`.
    private func records(_ decoding: DecodingSettings, _ bytes: [UInt8]) throws -> [String] {
        var all: [[String]] = []
        for size in [1, 2, 3, 7, 64, max(bytes.count, 1)] {
            let trial = try trial(decoding)
            var found: [String] = []
            func note(_ record: TriedRecord) {
                found.append("\(record.line)@\(record.offset) \(String(decoding: record.text, as: UTF8.self))")
            }
            for lower in stride(from: 0, to: bytes.count, by: size) {
                trial.take(Array(bytes[lower..<min(lower + size, bytes.count)]), isLast: false, note)
            }
            trial.take([], isLast: true, note)
            all.append(found)
        }
        #expect(Set(all).count == 1, "the pieces in which bytes come make a difference")
        return all[0]
    }

    @Test func plainLinesAreRecords() throws {
        #expect(
            try records(DecodingSettings(), Array("a\nbc\r\n\nlast".utf8)) == ["1@0 a", "2@2 bc", "3@6 ", "4@7 last"])
        #expect(try records(DecodingSettings(), []) == [])
        #expect(try records(DecodingSettings(), [0xEF, 0xBB, 0xBF] + Array("a\nb\n".utf8)) == ["1@3 a", "2@5 b"])
    }

    @Test func linesThatBelongTogetherAreOneRecord() throws {
        let decoding = DecodingSettings(multiline: MultilineSettings(boundary: .continuation(#"^\s"#)))
        #expect(try records(decoding, Array("a\n b\n c\nd\n".utf8)) == ["1@0 a\n b\n c", "4@8 d"])
    }

    @Test func whatAContainerWroteIsTaken() throws {
        let decoding = DecodingSettings(container: .cri)
        let text = """
            2024-01-01T00:00:00.1Z stdout P one
            2024-01-01T00:00:00.2Z stderr F other
            2024-01-01T00:00:00.3Z stdout F two

            """
        #expect(try records(decoding, Array(text.utf8)) == ["2@36 other", "1@0 onetwo"])
    }

    @Test func otherEncodingsAreRead() throws {
        let bytes = "aé\nb\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try records(DecodingSettings(encoding: .utf16LittleEndian), bytes) == ["1@0 aé", "2@6 b"])
    }

    @Test func whatIsTooLongIsCut() throws {
        let trial = try trial(DecodingSettings(), maximumLineLength: 64)
        var lengths: [Int] = []
        trial.take(Array((String(repeating: "x", count: 100) + "\nshort\n").utf8), isLast: true) {
            lengths.append($0.text.count)
        }
        #expect(lengths == [64, 5])
    }

    @Test func fieldsAreThoseOfTheRecord() throws {
        let trial = try trial(DecodingSettings(container: .docker, fields: .json))
        let line = #"{"log":"{\"level\":\"info\"}\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#
        var record: TriedRecord?
        trial.take(Array(line.utf8), isLast: true) { record = $0 }
        #expect(record?.text == Array(#"{"level":"info"}"#.utf8))
        #expect(record?.fields.fields.map(\.path) == ["level"])
        #expect(record?.fields.fields.map(\.text) == [Array("info".utf8)])
        #expect(record?.explanations.map(\.outcome) == [.otherFields, .matched])
        trial.take(Array(#"{"log":"no json\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#.utf8), isLast: true) {
            record = $0
        }
        #expect(record?.fields.isMalformed == true)
    }
}
