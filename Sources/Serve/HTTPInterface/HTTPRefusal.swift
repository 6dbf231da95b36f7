/// An answer that the server gives by itself, before it closes the connection.
struct HTTPRefusal: Equatable {
    let reason: HTTPRejection
    let status: Int
    let text: String

    static let tooManyConnections = HTTPRefusal(
        reason: .tooManyConnections, status: 503, text: "There are too many connections; try again later.")
    static let headerTooLarge = HTTPRefusal(
        reason: .headerTooLarge, status: 431, text: "The request's line and headers are too large.")
    static let malformed = HTTPRefusal(reason: .malformed, status: 400, text: "This is not a request of HTTP/1.")
    static let bodyTooLarge = HTTPRefusal(
        reason: .bodyTooLarge, status: 413, text: "The form is longer than is taken here.")
    static let requestTimeout = HTTPRefusal(
        reason: .requestTimeout, status: 408, text: "The request did not arrive in time.")
    static let answerTimeout = HTTPRefusal(
        reason: .answerTimeout, status: 503, text: "The answer was not ready in time; try again later.")
}
