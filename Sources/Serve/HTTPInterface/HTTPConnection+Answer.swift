import Compression
import Logging
import NIOCore
import NIOHTTP1

extension HTTPConnection {
    /// Bodies up to this size are not worth compressing: they fit a packet.
    static let smallestCompressedBody = 1024

    /// Begins the answer to what waits longest, unless one is being made or written.
    func answerNext() {
        guard !isAnswering, !queue.isEmpty else { return }
        isAnswering = true
        switch queue.removeFirst() {
        case .refusal(let refusal): write(refusal, for: nil)
        case .request(let request): answer(request)
        }
    }

    private func answer(_ request: IncomingRequest) {
        let head = request.head
        switch services.routes.match(request) {
        case .answer(let answer, let path, let allow):
            if answer.status == 413 { services.metrics.rejected(.bodyNotAllowed) }
            write(answer, for: head, path: path, allow: allow)
        case .route(let route, let query): run(route, query, head)
        }
    }

    /// Lets the route make its answer outside the loop; the first of the answer and the deadline counts.
    private func run(_ route: HTTPRoute, _ query: HTTPQuery, _ head: HTTPRequestHead) {
        guard let context else { return }
        serial += 1
        let number = serial
        endsWithClient = route.endsWithClient
        answerDeadline = schedule(route.answerTimeout ?? services.settings.answerTimeout) { connection in
            guard connection.serial == number else { return }
            connection.serial += 1
            connection.work?.cancel()
            connection.services.metrics.rejected(.answerTimeout)
            connection.write(.answerTimeout, for: head, path: route.path)
        }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let gate = services.gate
        // A task of its own, because a channel handler cannot await; it is cancelled with its connection or deadline.
        work = Task {
            let result: Result<HTTPAnswer, any Error>
            do { result = .success(try await route.answer(query)) } catch { result = .failure(error) }
            gate.execute { connection.value.routeEnded(result, number: number, head, path: route.path) }
        }
        // The client may have closed its side while this request waited.
        if hasInputEnded, route.endsWithClient { work?.cancel() }
    }

    private func routeEnded(
        _ result: Result<HTTPAnswer, any Error>, number: Int, _ head: HTTPRequestHead, path: String
    ) {
        guard serial == number else { return }
        serial += 1
        answerDeadline?.cancel()
        write(answer(result, path: path), for: head, path: path, allow: nil)
    }

    private func answer(_ result: Result<HTTPAnswer, any Error>, path: String) -> HTTPAnswer {
        switch result {
        case .success(let answer): return answer
        case .failure(let error):
            services.logger.warning(
                "a request failed", metadata: ["http.path": "\(path)", "http.error": "\(error)"])
            return HTTPAnswer(status: 500, text: "The answer could not be made; the agent's log says why.")
        }
    }

    /// Writes the last answer of the connection.
    private func write(_ refusal: HTTPRefusal, for head: HTTPRequestHead?, path: String = RouteTable.otherPath) {
        phase = .finishing
        queue = []
        let answer = HTTPAnswer(status: refusal.status, text: refusal.text)
        write(answer, for: head, path: path, allow: nil)
    }

    private func write(_ answer: HTTPAnswer, for head: HTTPRequestHead?, path: String, allow: String?) {
        guard let context else { return }
        let isLast = phase == .finishing && queue.isEmpty || head?.isKeepAlive != true
        if isLast { phase = .finishing }
        let (body, headers) = content(of: answer, for: head)
        var responseHead = HTTPResponseHead(
            version: head?.version ?? .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        if let allow { responseHead.headers.add(name: "allow", value: allow) }
        if isLast {
            responseHead.headers.add(name: "connection", value: "close")
        } else if responseHead.version == .http1_0 {
            responseHead.headers.add(name: "connection", value: "keep-alive")
        }
        let isBodySent = head?.method != .HEAD
        services.metrics.answered(path: path, code: answer.status, bytes: isBodySent ? body.count : 0)
        answerDeadline?.cancel()
        answerDeadline = schedule(services.settings.answerTimeout) { connection in
            connection.services.metrics.rejected(.writeTimeout)
            connection.close()
        }
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if isBodySent, !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenSuccess {
            self.answerWritten(isLast: isLast)
        }
    }

    /// The body as it is sent, and the headers that describe it. HEAD gets the same headers as GET.
    private func content(of answer: HTTPAnswer, for head: HTTPRequestHead?) -> ([UInt8], HTTPHeaders) {
        var body = answer.body
        var headers = HTTPHeaders([("content-type", answer.contentType)])
        if answer.isGzip {
            headers.add(name: "vary", value: "accept-encoding")
            headers.add(name: "content-encoding", value: "gzip")
        } else if let head, body.count > Self.smallestCompressedBody {
            headers.add(name: "vary", value: "accept-encoding")
            let accepted = head.headers["accept-encoding"].joined(separator: ",")
            // Level 1: pages of metrics shrink tenfold at once, and the loop is shared.
            if ContentCoding.admitsGzip(accepted), let compressed = try? GzipWriter.gzip(body, level: 1) {
                body = compressed
                headers.add(name: "content-encoding", value: "gzip")
            }
        }
        headers.add(name: "content-length", value: "\(body.count)")
        return (body, headers)
    }
}
