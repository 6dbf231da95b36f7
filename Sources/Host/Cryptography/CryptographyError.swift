public import LogModel

/// Something that could not be hashed.
public struct CryptographyError: DescribedError {
    /// `libcrypto_missing` or `libcrypto_failed`.
    public let code: String
    /// What happened.
    public let message: String
    /// What to do.
    public let hint: String?
    /// Whether it goes away.
    public let healing: Healing

    static let missing = CryptographyError(
        code: "libcrypto_missing", message: "There is no libcrypto.so.3 on this machine, which computes SHA-256.",
        hint: "Install OpenSSL 3 (`apt-get install libssl3`).", healing: .byOperator)

    static let failed = CryptographyError(
        code: "libcrypto_failed", message: "OpenSSL's libcrypto could not compute a SHA-256.",
        hint: "Most likely there is no memory.", healing: .byItself)
}
