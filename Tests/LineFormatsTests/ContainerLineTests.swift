import TestSupport
import Testing

@testable import LineFormats

/// A container's line as a test expects it.
struct ReadContainer: Hashable {
    var stream = ContainerLine.Stream.stdout
    var time = "2016-10-06T00:17:09.669794202Z"
    var text: [UInt8]
    var isPartial = false

    init(_ text: String, _ stream: ContainerLine.Stream = .stdout, isPartial: Bool = false) {
        self.init(Array(text.utf8), stream, isPartial: isPartial)
    }

    init(_ text: [UInt8], _ stream: ContainerLine.Stream = .stdout, isPartial: Bool = false) {
        self.text = text
        self.stream = stream
        self.isPartial = isPartial
    }

    init(_ line: ContainerLine, of bytes: UnsafeRawBufferPointer) {
        let raw = Array(bytes[line.text])
        #expect(line.hasEscapes || !raw.contains(UInt8(ascii: "\\")) || !bytes.starts(with: "{".utf8))
        self.init(line.hasEscapes ? unescaped(raw) : raw, line.stream, isPartial: line.isPartial)
        time = String(decoding: bytes[line.time], as: UTF8.self)
    }
}

func readDocker(_ line: [UInt8]) -> Result<ReadContainer, Malformation> {
    line.withUnsafeBytes { bytes in
        do throws(Malformation) {
            return .success(ReadContainer(try DockerLineReader().read(bytes), of: bytes))
        } catch {
            return .failure(error)
        }
    }
}

func readCRI(_ line: String) -> Result<ReadContainer, Malformation> {
    Array(line.utf8).withUnsafeBytes { bytes in
        do throws(Malformation) {
            return .success(ReadContainer(try CRILineReader().read(bytes), of: bytes))
        } catch {
            return .failure(error)
        }
    }
}

@Suite struct DockerLineTests {
    private static let time = "2016-10-06T00:17:09.669794202Z"

    private func read(_ line: String) -> Result<ReadContainer, Malformation> { readDocker(Array(line.utf8)) }

    @Test(
        arguments: [
            (#"{"log":"hello\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("hello")),
            (#"{"log":"hello","stream":"stderr","time":"\#(time)"}"#, ReadContainer("hello", .stderr, isPartial: true)),
            (#" { "time":"\#(time)", "stream":"stdout", "log":"a \"b\"\n" } "#, ReadContainer("a \"b\"")),
            (
                #"{"log":"x\n","stream":"stdout","attrs":{"tag":"web","log":1},"time":"\#(time)"}"#, ReadContainer("x")
            ),
            (#"{"log":"\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("")),
            (#"{"log":"","stream":"stdout","time":"\#(time)"}"#, ReadContainer("", isPartial: true)),
            (#"{"log":"tty\r\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("tty")),
            (#"{"log":"bar\r","stream":"stdout","time":"\#(time)"}"#, ReadContainer("bar\r", isPartial: true)),
            (#"{"log":"C:\\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("C:\\n", isPartial: true)),
            (#"{"log":"C:\\\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("C:\\")),
            (#"{"log":"C:\\r\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("C:\\r")),
            (#"{"log":"n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("n", isPartial: true)),
            (#"{"log":"x\u000a","stream":"stdout","time":"\#(time)"}"#, ReadContainer("x")),
            (#"{"log":"x\u000D\u000A","stream":"stdout","time":"\#(time)"}"#, ReadContainer("x")),
            (#"{"log":"\\u000a","stream":"stdout","time":"\#(time)"}"#, ReadContainer("\\u000a", isPartial: true)),
            (#"{"log":"\u001b[1mé\u20ac\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("\u{1B}[1mé€")),
            (#"{"log":"1\n","log":"2\n","stream":"stdout","time":"\#(time)"}"#, ReadContainer("2")),
        ] as [(String, ReadContainer)])
    func readsWhatDockerWrites(line: String, expected: ReadContainer) { #expect(read(line) == .success(expected)) }

    @Test(
        arguments: [
            ("plain text", .notAnObject, 0), ("", .notAnObject, 0), ("{}", .missingMember, 2),
            (#"{"log":"x\n","stream":"stdout"}"#, .missingMember, 31),
            (#"{"log":"x\n","time":"\#(time)"}"#, .missingMember, 53),
            (#"{"stream":"stdout","time":"\#(time)"}"#, .missingMember, 59),
            (#"{"log":"x\n","stream":"stdout","time":"\#(time)","level":"info"}"#, .unknownKey, 71),
            (#"{"l\u006fgs":"x\n"}"#, .unknownKey, 1),
            (#"{"log":1,"stream":"stdout","time":"\#(time)"}"#, .wrongType, 7),
            (#"{"log":"x\n","stream":null,"time":"\#(time)"}"#, .wrongType, 22),
            (#"{"log":"x\n","stream":"stdout","time":1475713029}"#, .wrongType, 38),
            (#"{"log":"x\n","stream":"stdout","attrs":[],"time":"\#(time)"}"#, .wrongType, 39),
            (#"{"log":"x\n","stream":"stdin","time":"\#(time)"}"#, .badStream, 23),
            (#"{"log":"x\n","stream":"stdout","time":"yesterday"}"#, .badTime, 39),
            (#"{"log":"x\n","stream":"stdout","time":"\#(time)"} x"#, .textBehindObject, 72),
            (#"{"log":"x\n","stream":"stdout","time":"\#(time)""#, .missingComma, 70),
        ] as [(String, Malformation.Problem, Int)])
    func whatDockerDidNotWriteHasADefiniteVerdict(line: String, problem: Malformation.Problem, offset: Int) {
        #expect(read(line) == .failure(Malformation(problem, at: offset)))
    }

    @Test(.enabled(if: PythonReference.isInstalled, "python3 is not installed"))
    func textsAndTheirEndsAreThoseOfPython() throws {
        var random = SeededRandom(seed: 3)
        let pieces = [
            #"\n"#, #"\n"#, #"\\"#, #"\r"#, #"\u000a"#, #"\u000D"#, "n", "u000a", "x", "text", #"\""#, "é", #"\ud83d"#,
        ]
        let lines: [[UInt8]] = (0..<3_000).map { _ in
            let log = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(pieces) }.joined()
            return Array(#"{"log":"\#(log)","stream":"stderr","time":"\#(Self.time)"}"#.utf8)
        }
        let answers = try PythonReference.answers("json_fields", lines.map { ($0, ["log"]) })
        try #require(answers.count == lines.count)
        for (line, answer) in zip(lines, answers) {
            var text = try #require(answer?[0]).text
            let isPartial = text.last != 0x0A
            if !isPartial {
                text.removeLast()
                if text.last == 0x0D { text.removeLast() }
            }
            #expect(
                readDocker(line) == .success(ReadContainer(text, .stderr, isPartial: isPartial)),
                "\(String(decoding: line, as: UTF8.self))")
        }
    }
}

@Suite struct CRILineTests {
    private static let time = "2016-10-06T00:17:09.669794202Z"

    @Test(
        arguments: [
            ("\(time) stdout F hello  world ", ReadContainer("hello  world ")),
            ("\(time) stderr P first half,", ReadContainer("first half,", .stderr, isPartial: true)),
            ("\(time) stdout F:more:tags x", ReadContainer("x")),
            ("\(time) stdout P: x", ReadContainer("x", isPartial: true)), ("\(time) stdout F ", ReadContainer("")),
            ("\(time) stdout F", ReadContainer("")), ("\(time) stdout F  x", ReadContainer(" x")),
            (#"\#(time) stdout F {"log":"\n"}"#, ReadContainer(#"{"log":"\n"}"#)),
        ] as [(String, ReadContainer)])
    func readsWhatRuntimesWrite(line: String, expected: ReadContainer) { #expect(readCRI(line) == .success(expected)) }

    @Test(arguments: [
        "2016-10-06T00:17:09Z", "2016-10-06T00:17:09.6Z", "2016-10-06T00:17:60.669794202+02:00",
        "2016-12-31T23:59:09.123456789123-11:30",
    ])
    func timesMayHaveAZone(time: String) throws {
        #expect(try readCRI("\(time) stdout F x").get().time == time)
    }

    @Test(
        arguments: [
            ("", .badTime, 0), ("hello", .badTime, 0), ("\(time)x stdout F x", .badTime, 0),
            ("2016-10-06 00:17:09 stdout F x", .badTime, 0), ("2016-13-06T00:17:09Z stdout F x", .badTime, 0),
            ("2016-10-06T00:17:09.Z stdout F x", .badTime, 0), ("2016-10-06T00:17:09 stdout F x", .badTime, 0),
            ("2016-10-06T00:17:09+0200 stdout F x", .badTime, 0), ("2016-10-06T00:17:09+02: stdout F x", .badTime, 0),
            ("2016-10-06T00:17:09.5 stdout F x", .badTime, 0), (" \(time) stdout F x", .badTime, 0),
            (time, .badStream, 30),
            ("\(time) ", .badStream, 31), ("\(time) stdin F x", .badStream, 31),
            ("\(time)  stdout F x", .badStream, 31),
            ("\(time) stdout", .badTag, 37), ("\(time) stdout ", .badTag, 38), ("\(time) stdout G x", .badTag, 38),
            ("\(time) stdout FP x", .badTag, 38), ("\(time) stdout  x", .badTag, 38),
            ("\(time) stdout x:F x", .badTag, 38),
        ] as [(String, Malformation.Problem, Int)])
    func whatNoRuntimeWroteHasADefiniteVerdict(line: String, problem: Malformation.Problem, offset: Int) {
        #expect(readCRI(line) == .failure(Malformation(problem, at: offset)))
    }
}
