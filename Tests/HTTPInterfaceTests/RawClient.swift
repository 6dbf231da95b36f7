import NIOCore
import NIOPosix

/// A client that sends and sees plain bytes.
///
/// It runs on NIO's own threads: a test that blocked a thread of the concurrency pool could starve the routes it waits for.
actor RawClient {
    /// Hands every read to the stream, and ends it when the server closed its side.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let output: AsyncStream<[UInt8]>.Continuation

        init(output: AsyncStream<[UInt8]>.Continuation) { self.output = output }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            output.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { output.finish() }
        }

        func channelInactive(context: ChannelHandlerContext) { output.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let channel: any Channel
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var pending: [UInt8] = []

    private init(channel: any Channel, stream: AsyncStream<[UInt8]>) {
        self.channel = channel
        iterator = stream.makeAsyncIterator()
    }

    static func connect(to port: Int, reads: Bool = true) async throws -> RawClient {
        let (stream, output) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(output: output))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, stream: stream)
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends a piece every few milliseconds until the connection is gone.
    func trickle(_ text: String) {
        let channel = channel
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
            guard channel.isActive else { return task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
    }

    /// Asks for one read, for clients that do not read by themselves.
    func readOnce() { channel.read() }

    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    func close() async throws { try await channel.close().get() }

    /// The bytes of the next read; nil when the server closed its side.
    func next() async -> [UInt8]? {
        var iterator = iterator
        let bytes = await iterator.next(isolation: self)
        self.iterator = iterator
        return bytes
    }

    /// The next answer; nil when the server closed before it was whole.
    func answer(isHead: Bool = false) async -> RawAnswer? {
        while true {
            if let answer = RawAnswer(takenFrom: &pending, isHead: isHead) { return answer }
            guard let bytes = await next() else { return nil }
            pending += bytes
        }
    }

    /// All answers until the server closes its side; fails on bytes that are no answer.
    func answers() async -> [RawAnswer] {
        var answers: [RawAnswer] = []
        while let answer = await answer() { answers.append(answer) }
        return answers
    }

    /// What came and was not taken as an answer; complete when the server has closed its side.
    func rest() async -> [UInt8] {
        while let bytes = await next() { pending += bytes }
        return pending
    }
}

/// An answer as it came over the wire.
struct RawAnswer {
    var version: String
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    init?(takenFrom bytes: inout [UInt8], isHead: Bool) {
        let end = Array("\r\n\r\n".utf8)
        let starts = bytes.indices.dropLast(end.count - 1)
        guard let headEnd = starts.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let statusLine = lines[0].split(separator: " ")
        version = String(statusLine[0])
        status = Int(statusLine[1]) ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        let length = isHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        let bodyStart = headEnd + end.count
        guard bytes.count >= bodyStart + length else { return nil }
        body = Array(bytes[bodyStart..<bodyStart + length])
        bytes.removeFirst(bodyStart + length)
    }
}
