import Foundation
import TestSupport
import Testing

@testable import LineFormats

/// The programs of `References`: second implementations, in Python, of what the readers do.
struct PythonReference {
    static let python: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map(String.init) + ["/usr/bin"]
        return places.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
    static var isInstalled: Bool { python != nil }

    /// What a reference says of one field: its kind as a word, and its text.
    struct Value: Decodable, Hashable {
        var kind: String
        var text: [UInt8]

        init(kind: String, text: [UInt8]) {
            self.kind = kind
            self.text = text
        }

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            kind = try container.decode(String.self)
            text = bytes(ofHexadecimal: try container.decode(String.self))
        }

        /// As a reference would say it. Only numbers and strings have a text there.
        init?(_ field: Field) {
            switch field.kind {
            case .absent: return nil
            case .number, .string: self.init(kind: "\(field.kind)", text: field.text)
            case .null, .true, .false, .object, .array, .flag: self.init(kind: "\(field.kind)", text: [])
            }
        }
    }

    /// What `program` says of each line: nil when it is malformed, or a value for each path.
    static func answers(_ program: String, _ lines: [(line: [UInt8], paths: [String])]) throws -> [[Value?]?] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("references-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (input, output) = (scratch.appendingPathComponent("input"), scratch.appendingPathComponent("output"))
        let encoder = JSONEncoder()
        var questions = Data()
        for (line, paths) in lines { questions += try encoder.encode([hexadecimal(line)] + paths) + Data("\n".utf8) }
        try questions.write(to: input)
        try Data().write(to: output)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(python))
        process.arguments = [folder.appendingPathComponent("References/\(program).py").path]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let decoder = JSONDecoder()
        return try Data(contentsOf: output).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode([Value?]?.self, from: $0)
        }
    }

    /// Expects of every line that `read` and `program` make the same of it; gives how many lines are well-formed, and how many
    /// values there are in them.
    static func agreement(
        _ program: String, _ lines: [[UInt8]], _ paths: [String], _ table: FieldTable,
        _ read: (UnsafeRawBufferPointer) throws(Malformation) -> Void
    ) throws -> (accepted: Int, found: Int) {
        let answers = try answers(program, lines.map { ($0, paths) })
        try #require(answers.count == lines.count)
        var (accepted, found) = (0, 0)
        for (line, answer) in zip(lines, answers) {
            let reading = Reading(line, paths.count, table, read)
            let values = reading.malformation == nil ? reading.fields.map(Value.init) : nil
            #expect(values == answer, "\(String(decoding: line, as: UTF8.self))")
            accepted += answer == nil ? 0 : 1
            found += answer?.count { $0 != nil } ?? 0
        }
        return (accepted, found)
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func bytes(ofHexadecimal text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension SeededRandom {
    mutating func isTrue(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
}
