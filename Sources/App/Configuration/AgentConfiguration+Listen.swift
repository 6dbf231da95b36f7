public import HTTPInterface
public import LogModel

extension AgentConfiguration {
    /// Listens at `text` instead, which is of the form of the key `listen`, such as `127.0.0.1:9817`.
    ///
    /// - Parameter text: what somebody wrote on the command line.
    /// - Throws: when it is no such address; nothing is changed then.
    public mutating func listen(at text: String) throws(ListenTextError) {
        try metricsServer.listen(at: text, option: "--listen")
    }
}

extension HTTPSettings {
    /// Listens at `text` instead, which is of the form of the key `listen`, such as `127.0.0.1:9817`.
    ///
    /// - Parameters:
    ///   - text: what somebody wrote on the command line.
    ///   - option: where it was written.
    /// - Throws: when it is no such address; nothing is changed then.
    public mutating func listen(at text: String, option: String) throws(ListenTextError) {
        do throws(FormProblem) {
            let address = try ListenAddress.parse(text)
            host = address.host
            port = address.port
            addressSetting = option
        } catch {
            throw ListenTextError(text: text, detail: error.detail, hint: error.hint)
        }
    }
}

/// An address on the command line at which nobody can listen.
public struct ListenTextError: DescribedError {
    /// Always `listen_address_invalid`.
    public var code: String { "listen_address_invalid" }
    /// What was written, and what is wrong with it.
    public let message: String
    /// What to write instead.
    public let hint: String?
    /// Somebody must write another one.
    public var healing: Healing { .byOperator }

    init(text: String, detail: String?, hint: String) {
        message = "`\(text)` is no address to listen at" + (detail.map { ": \($0)" } ?? "")
        self.hint = hint
    }
}
