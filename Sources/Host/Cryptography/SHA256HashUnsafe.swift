import CCrypto

/// The SHA-256 of bytes that come part by part. For one thread at a time.
///
/// SAFETY: `hash` is owned from init to deinit; the caller's bytes are read for the length of one call.
public final class SHA256Hash {
    /// How many bytes a hash has.
    public static let byteCount = 32

    private let hash: UnsafeMutableRawPointer
    private var result: [UInt8]?

    /// The hash of nothing yet. The first one of a process loads libcrypto.
    /// - Throws: `libcrypto_missing`, or `libcrypto_failed` when there is no memory.
    public init() throws(CryptographyError) {
        guard outrider_crypto_load() == 0 else { throw .missing }
        guard let begun = outrider_sha256_begin() else { throw .failed }
        hash = begun
    }

    deinit { outrider_sha256_free(hash) }

    /// Adds bytes that follow; not after the digest was asked for.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(CryptographyError) {
        precondition(result == nil, "BUG: bytes after the digest")
        guard outrider_sha256_add(hash, bytes.baseAddress, bytes.count) == 1 else { throw .failed }
    }

    /// The 32 bytes of the hash of all that was added.
    public func digest() throws(CryptographyError) -> [UInt8] {
        if let result { return result }
        var isDone = false
        let digest = [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            isDone = outrider_sha256_finish(hash, buffer.baseAddress) == 1
            count = isDone ? Self.byteCount : 0
        }
        guard isDone else { throw .failed }
        result = digest
        return digest
    }
}
