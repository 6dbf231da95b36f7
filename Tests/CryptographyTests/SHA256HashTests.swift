import Cryptography
import Testing

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func hash(_ parts: [[UInt8]]) throws -> String {
    let hash = try SHA256Hash()
    for part in parts { try part.withUnsafeBytes { try hash.append($0) } }
    return hexadecimal(try hash.digest())
}

/// The examples of FIPS 180-2, appendix B, and what is known of nothing.
@Suite struct SHA256HashTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedExamplesComeOut(text: String, expected: String) throws {
        #expect(try hash([Array(text.utf8)]) == expected)
        #expect(try hash(text.utf8.map { [$0] }) == expected)
    }

    @Test func aMillionTimesTheSameLetter() throws {
        let part = [UInt8](repeating: 0x61, count: 1000)
        #expect(
            try hash(Array(repeating: part, count: 1000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func theDigestMayBeAskedForAgain() throws {
        let hash = try SHA256Hash()
        #expect(try hash.digest() == hash.digest())
    }
}
