import FuzzDriver
import LineFormats

/// Lines that container runtimes wrap: what is taken apart is what the line says when it is read as JSON, or divided at blanks.
@main enum FuzzContainers {
    static func main() throws {
        let json = try JSONFieldReader(paths: ["log", "stream", "time"])
        let table = json.makeTable()
        fuzz { line in
            if let container = try? DockerLineReader().read(line) {
                check((try? json.read(line, into: table)) != nil, "what Docker writes is JSON")
                var log: ContiguousArray<UInt8> = []
                appendUnescaped(UnsafeRawBufferPointer(rebasing: line[table[0].range]), to: &log)
                var text: ContiguousArray<UInt8> = []
                let raw = UnsafeRawBufferPointer(rebasing: line[container.text])
                if container.hasEscapes { appendUnescaped(raw, to: &text) } else { text.append(contentsOf: raw) }
                check(container.isPartial == (log.last != 0x0A), "a whole line ends in a line end")
                if log.last == 0x0A {
                    log.removeLast()
                    if log.last == 0x0D { log.removeLast() }
                }
                check(text == log, "the text is the log without its line end")
                check(container.time == table[2].range, "the time")
                check(line[table[1].range].elementsEqual("\(container.stream)".utf8), "the stream")
            }
            if let container = try? CRILineReader().read(line) {
                let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
                check(parts[0].elementsEqual(line[container.time]), "the time")
                check(parts[1].elementsEqual("\(container.stream)".utf8), "the stream")
                check(parts[2].first == UInt8(ascii: container.isPartial ? "P" : "F"), "the tag")
                check((parts.count == 4 ? Array(parts[3]) : []).elementsEqual(line[container.text]), "the text")
            }
        }
    }
}
