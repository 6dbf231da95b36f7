import HTTPInterface
import Testing

@Suite struct ConnectionTests {
    @Test func aConnectionServesManyRequests() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            for number in 0..<3 {
                try await client.send("GET /echo?\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try #require(await client.answer())
                #expect(answer.text == "/echo|\(number)|\n")
                #expect(answer.headers["connection"] == nil)
            }
            #expect(fixture.server.metrics.openConnections == 1)
        }
    }

    @Test(arguments: [
        ("HTTP/1.0", "", "close"), ("HTTP/1.0", "Connection: keep-alive\r\n", "keep-alive"),
        ("HTTP/1.1", "Connection: close\r\n", "close"), ("HTTP/1.1", "Connection: x, Close\r\n", "close"),
    ])
    func theClientSaysWhetherTheConnectionStays(version: String, headers: String, expected: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("GET /short \(version)\r\nHost: x\r\n\(headers)\r\n")
            let answer = try #require(await client.answer())
            #expect(answer.version == version)
            #expect(answer.headers["connection"] == expected)
            if expected == "close" {
                #expect(await client.rest().isEmpty)
            } else {
                try await client.send("GET /short HTTP/1.0\r\n\r\n")
                #expect(await client.answer()?.status == 200)
            }
        }
    }

    @Test func aRequestMayComeByteByByte() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            for byte in Array("GET /short HTTP/1.1\r\nHost: x\r\n\r\n".utf8) { try await client.send([byte]) }
            #expect(await client.answer()?.text == ServerFixture.shortPage)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            let rest = (0..<20).map { "GET /echo?\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + rest)
            await fixture.asked.pass()
            await fixture.gate.open()
            #expect(await client.answer()?.text == "slow\n")
            for number in 0..<20 { #expect(await client.answer()?.text == "/echo|\(number)|\n") }
        }
    }

    @Test func aClientThatSendsFarAheadIsCutOff() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            let flood = String(repeating: "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", count: 100)
            try await client.send(flood)
            await fixture.asked.pass()
            await fixture.gate.open()
            let answers = await client.answers()
            #expect(answers.count == 33)
            #expect(answers.map { $0.headers["connection"] } == [String?](repeating: nil, count: 32) + ["close"])
            #expect(fixture.rejected("pipeline_too_deep") == 1)
        }
    }

    @Test func whatPrecedesAMalformedRequestIsStillAnswered() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\nGET /short HTTP/1.1\r\n")
            #expect(await client.answers().map(\.status) == [200, 400])
        }
    }

    @Test func aClientMayCloseItsSideAndReadTheAnswer() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            await fixture.asked.pass()
            try await client.closeOutput()
            await fixture.gate.open()
            let answers = await client.answers()
            #expect(answers.map(\.text) == ["slow\n", ServerFixture.longPage])
        }
    }

    @Test func halfARequestIsRefusedWhenNoMoreCanCome() async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send("GET /short HTTP/1.1\r\nHos")
            try await client.closeOutput()
            #expect(await client.answers().map(\.status) == [400])
        }
    }

    @Test(arguments: ["", "GET /short HTTP/1.1\r\nHost: x\r\n\r\n"])
    func aClientThatClosesIsForgotten(request: String) async throws {
        try await ServerFixture.with { fixture in
            let client = try await fixture.client()
            try await client.send(request)
            if !request.isEmpty { _ = await client.answer() }
            try await client.closeOutput()
            #expect(await client.rest().isEmpty)
        }
    }

    @Test func shutdownFinishesWhatIsBeingAnswered() async throws {
        try await ServerFixture.with { fixture in
            let idle = try await fixture.client()
            try await idle.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = await idle.answer()
            let busy = try await fixture.client()
            try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await fixture.asked.pass()
            async let stopped: Void = fixture.server.shutdown()
            #expect(await idle.rest().isEmpty)
            await fixture.gate.open()
            let answer = try #require(await busy.answer())
            #expect(answer.text == "slow\n")
            #expect(answer.headers["connection"] == "close")
            try await busy.close()
            await stopped
            #expect(fixture.server.metrics.openConnections == 0)
            await #expect(throws: (any Error).self) { try await fixture.client() }
        }
    }

    @Test func shutdownDoesNotWaitForEverForARoute() async throws {
        try await ServerFixture.with {
            $0.answerTimeout = .milliseconds(50)
        } _: { fixture in
            let client = try await fixture.client()
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await fixture.asked.pass()
            await fixture.server.shutdown()
            #expect(fixture.server.metrics.openConnections == 0)
        }
    }
}
