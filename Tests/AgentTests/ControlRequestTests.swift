import Agent
import LogModel
import Testing

@Suite
struct ControlRequestTests {
    @Test(arguments: [
        ControlRequest.status, .reload, .consumers, .drop(ConsumerName("lines")), .reset(ConsumerName("metrics")),
        .explain(path: "/var/log/my app.log"), .explain(path: " /x "), .query(target: "/api/v1/query?query=up%20%2B1"),
    ])
    func aRequestIsReadAsItWasWritten(request: ControlRequest) {
        #expect(ControlRequest(line: request.line) == request)
    }

    @Test(arguments: [
        "", " ", "stat", "status now", "status ", "drop", "drop ", "explain", "query", "STATUS", "reload\r",
    ])
    func whatIsNoRequestIsRefused(line: String) {
        #expect(ControlRequest(line: line) == nil)
    }
}
