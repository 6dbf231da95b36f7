/// Where the agent listens, and what it bears from its clients.
public struct HTTPSettings: Hashable, Sendable {
    /// An address or a name that resolves to one.
    public var host: String
    /// 0: any free port.
    public var port: Int
    /// Where an operator chooses the address, for advice: a key of the configuration, or an option.
    public var addressSetting = "http.metrics.listen"
    /// Connections beyond are answered with 503 and closed.
    public var maximumConnections: Int
    /// Bytes of a request's line and headers together.
    public var maximumHeaderSize: Int
    /// How long a client may take to send a whole request, and how long a connection may be idle.
    public var requestTimeout: Duration
    /// How long making an answer may take, and then how long the client may take to read it.
    public var answerTimeout: Duration
    /// Settings with the defaults of the configuration file.
    public init(
        host: String = "127.0.0.1", port: Int = 9817, maximumConnections: Int = 128, maximumHeaderSize: Int = 16 * 1024,
        requestTimeout: Duration = .seconds(10), answerTimeout: Duration = .seconds(10)
    ) {
        self.host = host
        self.port = port
        self.maximumConnections = maximumConnections
        self.maximumHeaderSize = maximumHeaderSize
        self.requestTimeout = requestTimeout
        self.answerTimeout = answerTimeout
    }

    /// Host and port as they stand in a URL.
    public var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
