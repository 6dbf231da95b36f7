import HTTPInterface
import LogModel
import Logging
import Testing

@Suite struct LimitTests {
    @Test(arguments: [
        ("one header", "X: \(String(repeating: "a", count: 2000))\r\n"),
        ("many headers", String(repeating: "X-Some-Header: value\r\n", count: 100)),
        ("a header without end", "X: \(String(repeating: "a", count: 100_000))"),
        ("more headers than anybody sends", String(repeating: "a:b\r\n", count: 300)),
    ])
    func tooLargeHeadersAreRefused(name: String, headers: String) async throws {
        try await ServerFixture.with {
            $0.maximumHeaderSize = 1000
        } _: { fixture in
            let answer = try #require(try await fixture.get("/short", headers: headers))
            #expect(answer.status == 431)
            #expect(answer.headers["connection"] == "close")
            #expect(fixture.rejected("header_too_large") == 1)
        }
    }

    @Test func aTooLongPathIsRefused() async throws {
        try await ServerFixture.with {
            $0.maximumHeaderSize = 1000
        } _: { fixture in
            let answer = try await fixture.get("/" + String(repeating: "a", count: 2000))
            #expect(answer?.status == 431)
        }
    }

    @Test func headersBelowTheLimitAreTaken() async throws {
        try await ServerFixture.with {
            $0.maximumHeaderSize = 1000
        } _: { fixture in
            let client = try await fixture.client()
            let request = "GET /short HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 900))\r\n\r\n"
            for _ in 0..<5 {
                try await client.send(request)
                #expect(await client.answer()?.status == 200)
            }
        }
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /short HTTP/1.1\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /short HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost : a\r\n\r\n", "GET /sh ort HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /short HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", "GET\r\n\r\n",
    ])
    func whatIsNoRequestIsRefused(bytes: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send(bytes)
            #expect(await client.answers().map(\.status) == [400])
            #expect(fixture.rejected("malformed") == 1)
        }
    }

    @Test(arguments: ["Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"])
    func aBodyIsRefused(rest: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            let next = "GET /short HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n\(rest)" + next)
            let answers = await client.answers()
            #expect(answers.map(\.status) == [413])
            #expect(answers.first?.headers["connection"] == "close")
            #expect(fixture.rejected("body_not_allowed") == 1)
        }
    }

    @Test(arguments: ["POST /short", "GET /nowhere"])
    func anAnswerBeforeTheBodyClosesTheConnection(start: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("\(start) HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nsome")
            let answers = await client.answers()
            #expect(answers.count == 1)
            #expect(answers.first?.headers["connection"] == "close")
        }
    }

    @Test func anEmptyBodyIsNone() async throws {
        try await ServerFixture.with { fixture in
            let answer = try await fixture.get("/short", headers: "Content-Length: 0\r\n")
            #expect(answer?.status == 200)
        }
    }

    @Test(arguments: ["GET / CONNECT", "upgrade"])
    func aConnectionThatWantsToBecomeSomethingElseEnds(name: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            let request =
                name == "upgrade"
                ? "GET /short HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
                : "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send(request)
            let answers = await client.answers()
            #expect(answers.map(\.status) == [name == "upgrade" ? 200 : 404])
            #expect(answers.first?.headers["connection"] == "close")
        }
    }
}

@Suite struct TimeoutTests {
    /// Connects until the body gives something: on a busy machine a connection may be idle for too long before its first
    /// byte is sent, and is then rightly closed.
    private func attempt<Value>(
        _ fixture: ServerFixture, _ body: (RawClient) async throws -> Value?
    ) async throws -> Value? {
        for _ in 0..<50 {
            let client = try await fixture.client()
            if let value = try? await body(client) { return value }
        }
        return nil
    }

    private func first(_ answers: [RawAnswer]) -> [Int]? { answers.isEmpty ? nil : answers.map(\.status) }

    @Test func aRequestThatStopsHalfwayTimesOut() async throws {
        try await ServerFixture.with {
            $0.requestTimeout = .milliseconds(60)
        } _: { fixture in
            let statuses = try await attempt(fixture) { client in
                try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n")
                return first(await client.answers())
            }
            #expect(statuses == [408])
            #expect(fixture.rejected("request_timeout") == 1)
        }
    }

    @Test func aRequestThatTricklesTimesOutAllTheSame() async throws {
        try await ServerFixture.with {
            $0.requestTimeout = .milliseconds(60)
        } _: { fixture in
            let statuses = try await attempt(fixture) { client in
                try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n")
                await client.trickle("X: y\r\n")
                return first(await client.answers())
            }
            #expect(statuses == [408])
        }
    }

    @Test func aConnectionThatNeverAsksIsClosedWithoutAWord() async throws {
        try await ServerFixture.with {
            $0.requestTimeout = .milliseconds(60)
        } _: { fixture in
            let client = try await fixture.client()
            #expect(await client.rest().isEmpty)
            #expect(fixture.rejected("request_timeout") == 0)
        }
    }

    @Test func anIdleConnectionIsClosedWithoutAWord() async throws {
        try await ServerFixture.with {
            $0.requestTimeout = .milliseconds(60)
        } _: { fixture in
            let rest = try await attempt(fixture) { client in
                try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
                return await client.answer() == nil ? nil : await client.rest()
            }
            #expect(rest == [])
            #expect(fixture.rejected("request_timeout") == 0)
        }
    }

    @Test func aRouteThatDoesNotAnswerTimesOut() async throws {
        try await ServerFixture.with {
            $0.answerTimeout = .milliseconds(60)
        } _: { fixture in
            let client = try await fixture.client()
            let request = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send(request + request)
            #expect(await client.answers().map(\.status) == [503])
            #expect(fixture.rejected("answer_timeout") == 1)
            #expect(fixture.sample("outrider_http_requests_total", ["path": "/slow", "code": "503"]) == 1)
        }
    }

    @Test func aClientThatDoesNotReadItsAnswerIsClosed() async throws {
        try await ServerFixture.with {
            $0.answerTimeout = .milliseconds(300)
        } _: { fixture in
            let client = try await fixture.client(reads: false)
            try await client.send("GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
            await client.readOnce()
            _ = await client.next()
            // The write's deadline began before that of the shutdown, which waits until all connections are closed.
            await fixture.server.shutdown()
            #expect(fixture.rejected("write_timeout") == 1)
        }
    }
}

@Suite struct ConnectionLimitTests {
    @Test func connectionsBeyondTheLimitAreToldSo() async throws {
        try await ServerFixture.with {
            $0.maximumConnections = 2
        } _: { fixture in
            var clients: [RawClient] = []
            for _ in 0..<2 {
                let client = try await fixture.client()
                try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(await client.answer()?.status == 200)
                clients.append(client)
            }
            let third = try await fixture.client()
            let answers = await third.answers()
            #expect(answers.map(\.status) == [503])
            #expect(answers.first?.headers["connection"] == "close")
            #expect(fixture.rejected("too_many_connections") == 1)
            try await third.close()

            try await clients[0].closeOutput()
            #expect(await clients[0].rest().isEmpty)
            // The first connection is gone from the server's view once it has closed its side; the third may linger.
            var status: Int?
            for _ in 0..<200 where status != 200 {
                status = try await fixture.get("/short")?.status
            }
            #expect(status == 200)
        }
    }

    @Test func evenRefusalsAreBounded() async throws {
        try await ServerFixture.with {
            $0.maximumConnections = 1
        } _: { fixture in
            let first = try await fixture.client()
            try await first.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = await first.answer()
            let second = try await fixture.client()
            #expect(await second.answer()?.status == 503)
            // The second connection lingers because its client keeps it open.
            let third = try await fixture.client()
            #expect(await third.rest().isEmpty)
            #expect(fixture.rejected("too_many_connections") == 2)
        }
    }
}

@Suite struct ListeningTests {
    private func start(_ settings: HTTPSettings) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTPServer(settings: settings, routes: [], logger: logger)
        _ = try await server.start()
        await server.shutdown()
    }

    @Test func anAddressInUseIsNamedWithAdvice() async throws {
        try await ServerFixture.with { fixture in
            let error = await #expect(throws: HTTPServerError.self) {
                try await start(HTTPSettings(port: fixture.port))
            }
            #expect(error?.code == "http_address_in_use")
            #expect(
                error?.message
                    == "The HTTP server cannot listen on 127.0.0.1:\(fixture.port): another process listens there."
            )
            let others = "Stop it (`ss -ltnp 'sport = :\(fixture.port)'` names it), or choose another port with"
            #expect(error?.hint == "\(others) http.metrics.listen.")
            var settings = HTTPSettings(port: fixture.port)
            settings.addressSetting = "--serve"
            let byOption = await #expect(throws: HTTPServerError.self) { try await start(settings) }
            #expect(byOption?.hint == "\(others) --serve.")
        }
    }

    @Test(arguments: ["192.0.2.1", "no such host", "host.invalid", "300.1.1.1"])
    func aBadAddressIsNamed(host: String) async throws {
        let error = await #expect(throws: HTTPServerError.self) { try await start(HTTPSettings(host: host, port: 0)) }
        #expect(error?.code == "http_bad_address")
        #expect(error?.message.contains("\(host):0") == true)
    }

    @Test func aServerThatCouldNotListenMayBeStartedAgain() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await ServerFixture.with { fixture in
            let server = HTTPServer(settings: HTTPSettings(port: fixture.port), routes: [], logger: logger)
            await #expect(throws: HTTPServerError.self) { _ = try await server.start() }
            await fixture.server.shutdown()
            let port = try await server.start()
            #expect(port == fixture.port)
            await server.shutdown()
            await server.shutdown()
        }
    }
}
