import HTTPInterface

/// The keys of `http` and of `http.metrics`.
enum ServerKeys {
    static let listen = Field(
        "listen", .listenAddress, default: "127.0.0.1:9817",
        doc: "Where `/metrics`, `/-/healthy` and `/-/ready` are served.", example: "\"[::1]:9817\"")
    static let maximumConnections = Field(
        "max_connections", .integer(1...4096), default: "128",
        doc: "How many clients may be connected at a time; more are refused.", example: "32")
    static let maximumHeaderSize = Field(
        "max_header_size", .size(1024...(1 << 20)), default: "16KiB",
        doc: "How long a request's line and headers may be together.", example: "8KiB")
    static let requestTimeout = Field(
        "request_timeout", .duration(.milliseconds(100) ... .seconds(600)), default: "10s",
        doc: "How long a client may take to send a whole request, and how long a connection may be idle.",
        example: "5s")

    static let metricsSchema = ObjectSchema(
        phrase: "`http.metrics`", doc: "The server of `/metrics`.",
        keys: [listen.schema, maximumConnections.schema, maximumHeaderSize.schema, requestTimeout.schema])

    static let metrics = Field(
        "metrics",
        ValueReader<HTTPSettings?>.object(metricsSchema) { object in
            let (listen, maximumConnections) = (object(listen), object(maximumConnections))
            let (maximumHeaderSize, requestTimeout) = (object(maximumHeaderSize), object(requestTimeout))
            guard let listen, let maximumConnections, let maximumHeaderSize, let requestTimeout else { return nil }
            return HTTPSettings(
                host: listen.host, port: listen.port, maximumConnections: maximumConnections,
                maximumHeaderSize: maximumHeaderSize, requestTimeout: requestTimeout)
        }, default: "{}", doc: "The server of `/metrics`.", example: "{listen: \"127.0.0.1:9817\"}")

    static let schema = ObjectSchema(phrase: "`http`", doc: "What the agent serves.", keys: [metrics.schema])
    static let reader = ValueReader<HTTPSettings?>.object(schema) { $0(metrics) ?? nil }
}
