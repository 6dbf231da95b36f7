import Agent
import FileAccess
import JSONText
import LogModel

/// Tries the patterns on lines, and writes what they make of each record as soon as it is whole.
struct LineExplainer {
    private let trial: RecordTrial
    private let source: SourceName?
    private let output: OutputOptions
    private let style = TerminalStyle.output
    private static let blockSize = 64 << 10

    init(_ trial: RecordTrial, source: SourceName?, output: OutputOptions) {
        self.trial = trial
        self.source = source
        self.output = output
    }

    /// A line from the command line.
    func explain(_ line: [UInt8]) {
        trial.take(line, isLast: true) { record in
            let screen = LineScreen(record, style: style)
            output.write(screen.json, lines: screen.lines)
        }
    }

    /// With JSON, one document for each record, on a line.
    func explainStandardInput() throws {
        while true {
            let block = try ProcessStream.input.read(atMost: Self.blockSize)
            trial.take(block, isLast: block.isEmpty) { write($0, of: nil) }
            if block.isEmpty { break }
        }
    }

    /// The lines of a file.
    func explain(_ file: any ReadableFile, path: String) throws {
        let blocks = FileBlocks(file)
        var isFirst = true
        while true {
            let bytes = try blocks.next()
            if isFirst, bytes.starts(with: [0x1F, 0x8B]) {
                throw UsageError(
                    "\(path) is compressed",
                    hint: "zcat \(path) | outrider explain --source \(source?.rawValue ?? "NAME") -")
            }
            isFirst = false
            trial.take(bytes, isLast: bytes.isEmpty) { write($0, of: path) }
            if bytes.isEmpty { break }
        }
    }

    private func write(_ record: TriedRecord, of path: String?) {
        let screen = LineScreen(record, style: style)
        guard !output.json else {
            let place: [JSONValue.Member] = [
                .init("number", JSONValue(UInt64(record.line))), .init("offset", JSONValue(record.offset)),
            ]
            let members = (path == nil ? [] : place) + (screen.json.members ?? [])
            return StandardStreams.write(line: JSONValue.object(members).compactText)
        }
        let head = path.map { [place(of: record, in: $0)] } ?? []
        StandardStreams.write(line: (head + screen.lines).joined(separator: "\n") + (path == nil ? "" : "\n"))
    }

    private func place(of record: TriedRecord, in path: String) -> String {
        let source = source.map { ", source \($0)" } ?? ", of no source"
        return style.faint("\(path.printable):\(record.line), byte \(Quantities.count(record.offset))\(source)")
    }
}
