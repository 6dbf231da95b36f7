import FuzzDriver
import Logging
import MetricRegistry
import NIOCore
import NIOEmbedded

@testable import HTTPInterface

/// What clients send, in pieces: a connection answers or refuses it, and ends by itself. The first byte of an input says how it is
/// cut; lines of it are also tried as values of the headers by which formats and codings are chosen.
@main enum FuzzHTTP {
    private static let settings: HTTPSettings = {
        var settings = HTTPSettings()
        settings.maximumHeaderSize = 128
        return settings
    }()

    static func main() {
        fuzz { input in
            guard let first = input.first else { return }
            let bytes = Array(input.dropFirst())
            converse(bytes, pieces: 1 + Int(first) % 64)
            let text = String(decoding: bytes, as: UTF8.self)
            negotiate(text)
        }
    }

    private static func converse(_ bytes: [UInt8], pieces size: Int) {
        let channel = EmbeddedChannel()
        let connections = ConnectionSet()
        let services = HTTPServices(
            settings: settings, routes: RouteTable([.healthy { HealthAnswer(isGood: true, text: "alive") }]),
            metrics: HTTPMetrics(), logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        try? HTTPServer.initialize(channel, services, connections)
        guard let peer = try? SocketAddress(ipAddress: "127.0.0.1", port: 9) else { return }
        channel.connect(to: peer, promise: nil)
        var rest = bytes[...]
        while !rest.isEmpty, channel.isActive {
            _ = try? channel.writeInbound(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        // Longer than any of its deadlines: for a request, its answer, and lingering.
        for _ in 0..<100 where channel.isActive { channel.embeddedEventLoop.advanceTime(by: .seconds(30)) }
        // What is called when it has closed waits for its turn.
        channel.embeddedEventLoop.run()
        check(!channel.isActive, "a connection ends by itself")
        check(connections.count == 0 && services.metrics.openConnections == 0, "and is forgotten")
        var output: [UInt8] = []
        while let buffer = try? channel.readOutbound(as: ByteBuffer.self) { output += Array(buffer.readableBytesView) }
        checkAnswers(String(decoding: output, as: UTF8.self))
        _ = try? channel.finish(acceptAlreadyClosed: true)
        // What was to be done later keeps the channel, which keeps its loop.
        try? channel.embeddedEventLoop.syncShutdownGracefully()
    }

    /// Every answer begins with a status that the server gives.
    private static func checkAnswers(_ output: String) {
        check(output.isEmpty || output.hasPrefix("HTTP/1."), "only answers are written")
        let statuses: Set<Substring> = ["200", "400", "404", "405", "408", "413", "431", "503"]
        for line in output.split(separator: "\r\n") where line.hasPrefix("HTTP/1.") {
            let words = line.split(separator: " ", maxSplits: 2)
            check(words.count >= 2 && statuses.contains(words[1]), "a status that is meant: \(line)")
        }
    }

    /// How lists are written does not matter: the case of letters, and blanks around commas.
    private static func negotiate(_ text: String) {
        guard text.utf8.allSatisfy({ $0 < 0x80 }), !text.contains("\"") else { return }
        for line in text.split(separator: "\n").prefix(4).map(String.init) {
            let spaced = line.replacing(",", with: " , ").replacing(";", with: "; ")
            check(ContentCoding.admitsGzip(line) == ContentCoding.admitsGzip(line.uppercased()), "the case of a coding")
            check(ContentCoding.admitsGzip(line) == ContentCoding.admitsGzip(spaced), "blanks beside a coding")
            let format = ExpositionFormat.negotiated(accept: line)
            check(ExpositionFormat.negotiated(accept: line.uppercased()) == format, "the case of a format")
            check(ExpositionFormat.negotiated(accept: spaced) == format, "blanks beside a format")
            check(ExpositionFormat.negotiated(accept: line + ",,") == format, "empty elements")
        }
    }
}
