public import LogModel
import NIOCore

/// An address on which the server cannot listen.
public struct HTTPServerError: DescribedError {
    /// Why.
    public enum Kind: String, Sendable {
        /// Another process listens there.
        case addressInUse = "http_address_in_use"
        /// The process may not listen on this port.
        case permissionDenied = "http_permission_denied"
        /// The machine has no such address, or the name leads to none.
        case badAddress = "http_bad_address"
        /// Anything else.
        case other = "http_listen_failed"
    }

    /// What to switch on.
    public let kind: Kind
    /// The address and the reason.
    public let message: String
    /// What to do.
    public let hint: String?
    /// The kind as a stable identifier.
    public var code: String { kind.rawValue }
    /// A person must free the address or choose another.
    public var healing: Healing { .byOperator }

    // errno(3); the numbers are the same on all Linux architectures that Swift runs on.
    private static let notPermitted: CInt = 1
    private static let accessDenied: CInt = 13
    private static let addressInUse: CInt = 98
    private static let addressNotAvailable: CInt = 99

    static func listening(on settings: HTTPSettings, _ error: any Error) -> HTTPServerError {
        func failure(_ kind: Kind, _ reason: String, _ hint: String) -> HTTPServerError {
            HTTPServerError(
                kind: kind, message: "The HTTP server cannot listen on \(settings.address): \(reason).", hint: hint)
        }
        switch (error as? IOError)?.errnoCode {
        case addressInUse:
            return failure(
                .addressInUse, "another process listens there",
                "Stop it (`ss -ltnp 'sport = :\(settings.port)'` names it), or choose another port with \(settings.addressSetting)."
            )
        case accessDenied, notPermitted:
            return failure(
                .permissionDenied, "this user may not use the port",
                "Choose a port above 1023, or give the process CAP_NET_BIND_SERVICE.")
        case addressNotAvailable:
            return failure(
                .badAddress, "this machine has no such address",
                "`ip address` lists those that it has; 0.0.0.0 means all.")
        default: break
        }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return failure(
                .badAddress, "\(settings.host) is neither an address nor a name that leads to one",
                "Use an address such as 127.0.0.1, ::1 or 0.0.0.0.")
        }
        return failure(
            .other, "\(error)", "Look for what limits this process: file descriptors, address families, sandboxing.")
    }
}
