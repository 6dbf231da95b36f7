import HTTPInterface
import SeriesModel

/// The server of `/metrics`, and what its page shows.
struct ServerDraft: Sendable {
    var settings: HTTPSettings
    var page: PageSettings
}

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

    static let exemplars = Field(
        "exemplars", .bool, default: "true",
        doc:
            "Whether, in OpenMetrics, counters and the buckets of histograms name the line that they counted last, by its file and by how many bytes stand before it: `tail -c +$((OFFSET + 1)) FILE` begins there. Scrapers that do not store exemplars pass over them. They are kept in memory only: after a start a series has none until a line counts.",
        example: "false")
    static let created = Field(
        "created", .bool, default: "false",
        doc:
            "Whether, in OpenMetrics, every counter and histogram has a sample `…_created`, the time since which it counts. Prometheus 2 stores it as one more series for each.",
        example: "true")

    static let metricsSchema = ObjectSchema(
        phrase: "`http.metrics`", doc: "The server of `/metrics`.",
        keys: [
            listen.schema, maximumConnections.schema, maximumHeaderSize.schema, requestTimeout.schema, exemplars.schema,
            created.schema,
        ])

    static let metrics = Field(
        "metrics",
        ValueReader<ServerDraft?>.object(metricsSchema) { object in
            let (listen, maximumConnections) = (object(listen), object(maximumConnections))
            let (maximumHeaderSize, requestTimeout) = (object(maximumHeaderSize), object(requestTimeout))
            let (exemplars, created) = (object(exemplars), object(created))
            guard let listen, let maximumConnections, let maximumHeaderSize, let requestTimeout, let exemplars,
                let created
            else { return nil }
            return ServerDraft(
                settings: HTTPSettings(
                    host: listen.host, port: listen.port, maximumConnections: maximumConnections,
                    maximumHeaderSize: maximumHeaderSize, requestTimeout: requestTimeout),
                page: PageSettings(showsExemplars: exemplars, showsCreated: created))
        }, default: "{}", doc: "The server of `/metrics`.", example: "{listen: \"127.0.0.1:9817\"}")

    static let schema = ObjectSchema(phrase: "`http`", doc: "What the agent serves.", keys: [metrics.schema])
    static let reader = ValueReader<ServerDraft?>.object(schema) { $0(metrics) ?? nil }
}
