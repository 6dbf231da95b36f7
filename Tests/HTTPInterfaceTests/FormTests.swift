import HTTPInterface
import Testing

/// Requests with a form, paths with a variable segment, and clients that go away.
@Suite struct FormTests {
    private static let head = "POST /form?x=1 HTTP/1.1\r\nHost: h:1\r\n"

    @Test func aFormIsHandedToItsRoute() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("\(Self.head)Content-Length: 7\r\n\r\nquery=2")
            #expect(await client.answer()?.text == "x=1|query=2|h:1\n")
            // The connection goes on.
            try await client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\n3\r\nque\r\n4\r\nry=3\r\n0\r\n\r\n")
            #expect(await client.answer()?.text == "x=1|query=3|h:1\n")
            try await client.send("GET /form HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await client.answer()?.text == "||h\n")
            try await client.close()
        }
    }

    @Test func formsAreReadInAnyPieces() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            for byte in "\(Self.head)Content-Length: 7\r\n\r\nquery=2".utf8 { try await client.send([byte]) }
            #expect(await client.answer()?.text == "x=1|query=2|h:1\n")
            try await client.close()
        }
    }

    @Test(arguments: ["Content-Length: 101", "Content-Length: 99999999999"])
    func aFormThatWouldBeTooLongIsRefusedBeforeItComes(header: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("\(Self.head)\(header)\r\n\r\n")
            let answer = try #require(await client.answer())
            #expect(answer.status == 413)
            #expect(answer.headers["connection"] == "close")
            #expect(fixture.rejected("body_too_large") == 1)
            try await client.close()
        }
    }

    @Test func aFormThatTurnsOutTooLongIsRefused() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            let chunk = "40\r\n" + String(repeating: "a", count: 64) + "\r\n"
            try await client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)")
            #expect(await client.answer()?.status == 413)
            try await client.close()
        }
    }

    @Test func whoAsksBeforeSendingIsToldToGoOn() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("\(Self.head)Content-Length: 7\r\nExpect: 100-continue\r\n\r\n")
            #expect(await client.answer()?.status == 100)
            try await client.send("query=2")
            #expect(await client.answer()?.text == "x=1|query=2|h:1\n")
            try await client.close()
        }
    }

    @Test func elsewhereNothingIsPosted() async throws {
        try await ServerFixture.with { fixture in
            let refused = try #require(try await fixture.get("/form", method: "PUT"))
            #expect(refused.status == 405)
            #expect(refused.headers["allow"] == "GET, HEAD, POST")
            let body = try #require(try await fixture.get("/form", headers: "Content-Length: 1\r\n"))
            #expect(body.status == 413)
        }
    }

    @Test(arguments: [
        ("/item/a/value", 200), ("/item/a%2Fb/value", 200), ("/item//value", 404), ("/item/a/b/value", 404),
        ("/item/value", 404), ("/item/a/value/", 404),
    ])
    func aSegmentMayBeAnyText(path: String, status: Int) async throws {
        try await ServerFixture.with { fixture in
            let answer = try #require(try await fixture.get(path))
            #expect(answer.status == status)
            let counted = status == 200 ? "/item/*/value" : "other"
            #expect(fixture.sample("outrider_http_requests_total", ["path": counted, "code": "\(status)"]) == 1)
        }
    }

    @Test func aClientThatClosesIsNotWorkedFor() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("GET /abandoned HTTP/1.1\r\nHost: h\r\n\r\n")
            await fixture.asked.pass()
            try await client.closeOutput()
            #expect(await client.answer()?.status == 503)
        }
    }
}
