import Compression
import HTTPInterface
import Logging
import SeriesModel
import Testing

private func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let reader = try GzipReader(name: "body") { buffer, offset in
        let part = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }
    var content = [UInt8](repeating: 0, count: 1 << 20)
    let count = try content.withUnsafeMutableBytes { try reader.read(into: $0) }
    return Array(content.prefix(count))
}

@Suite struct RequestTests {
    @Test func metricsAreServedWithTheirContentType() async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get("/metrics"))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.headers["content-encoding"] == nil)
            #expect(answer.headers["vary"] == "accept-encoding")
            #expect(answer.text == ServerFixture.longPage)
            #expect(fixture.sample("outrider_http_requests_total", ["path": "/metrics", "code": "200"]) == 1)
            #expect(fixture.sample("outrider_http_response_bytes_total") == Double(answer.body.count))
        }
    }

    @Test func aPageThatIsNotPublishedYetIsUnavailable() async throws {
        #expect(HTTPRoute.metrics { _ in nil }.path == "/metrics")
        let server = HTTPServer(
            settings: HTTPSettings(port: 0), routes: [.metrics { _ in nil }], logger: Logger(label: "test"))
        let client = try await RawClient.connect(to: try await server.start())
        try await client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await client.answer()?.status == 503)
        try await client.close()
        await server.shutdown()
    }

    @Test(arguments: [
        ("GET", "/-/healthy", 200, "healthy\n"), ("GET", "/-/ready", 503, "not configured yet\n"),
        ("GET", "/short?x=1", 200, ServerFixture.shortPage),
        ("GET", "http://any.host:1/short", 200, ServerFixture.shortPage),
        ("GET", "/echo?a=b&c?d", 200, "/echo|a=b&c?d|text/plain\n"),
        ("GET", "HTTP://h/echo", 200, "/echo||text/plain\n"),
        ("GET", "/fails", 500, "The answer could not be made; the agent's log says why.\n"),
        ("POST", "/short", 405, "Only GET and HEAD are answered at /short.\n"),
        ("BREW", "/short", 400, "This is not a request of HTTP/1.\n"),
    ])
    func everyRouteAnswers(method: String, target: String, status: Int, body: String) async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get(target, method: method, headers: "Accept: text/plain\r\n"))
            #expect(answer.status == status)
            #expect(answer.text == body)
            #expect(answer.headers["allow"] == (status == 405 ? "GET, HEAD" : nil))
        }
    }

    @Test(arguments: ["/", "/metrics/", "/Metrics", "/-/", "*", "http://host"])
    func unknownPathsListTheRoutes(target: String) async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get(target, method: target == "*" ? "OPTIONS" : "GET"))
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(answer.text.contains("\n  /-/healthy\n  /-/ready\n"))
            #expect(fixture.sample("outrider_http_requests_total", ["path": "other", "code": "404"]) == 1)
        }
    }

    @Test(arguments: ["", "Accept-Encoding: gzip\r\n"])
    func headHasTheHeadersOfGetAndNoBody(headers: String) async throws {
        try await ServerFixture.with { fixture in
            let get = try #require(try await fixture.get("/metrics", headers: headers))
            let client = try await fixture.client()
            try await client.send("HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(headers)\r\n")
            let head = try #require(await client.answer(isHead: true))
            #expect(head.headers == get.headers)
            #expect(await client.rest().isEmpty)
        }
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("x-gzip", true), ("*", true), ("GZip ; Q=0.3", true),
        ("gzip;q=0", false), ("gzip; q=0.000", false), ("", false), ("deflate, br", false), ("*;q=0", false),
        ("identity, gzip;q=0.5", false), ("identity;q=0.5, gzip", true), ("gzip;q=0, *", false), ("gzip;q=x", false),
    ])
    func gzipIsSentWhenItIsWanted(accepted: String, isCompressed: Bool) async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get("/metrics", headers: "Accept-Encoding: \(accepted)\r\n"))
            #expect(answer.headers["content-encoding"] == (isCompressed ? "gzip" : nil))
            let body = isCompressed ? try gunzip(answer.body) : answer.body
            #expect(body == Array(ServerFixture.longPage.utf8))
        }
    }

    @Test func shortBodiesAreNotCompressed() async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get("/short", headers: "Accept-Encoding: gzip\r\n"))
            #expect(answer.headers["content-encoding"] == nil)
            #expect(answer.text == ServerFixture.shortPage)
        }
    }
}
