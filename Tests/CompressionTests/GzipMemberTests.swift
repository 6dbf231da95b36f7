import Compression
import Testing

private func check(_ bytes: [UInt8], holds content: [UInt8], modified: UInt32 = 0, chunk: Int = .max) throws {
    let file = CountedFile(bytes, chunk: chunk)
    try GzipVerification.check("app.log.gz", holds: ContentSum(content), modified: modified) { file.read($0, $1) }
}

@Suite struct GzipMemberTests {
    static let most = GzipMemberCompressor.memberContentLength

    @Test(arguments: [0, 1, 2, 100, 65_535, 65_536, most - 1, most], [true, false])
    func contentComesBack(count: Int, compressible: Bool) throws {
        let content = madeUp(count, seed: UInt64(count), compressible: compressible)
        let bytes = try member(content)
        #expect(try CountedFile(bytes).content(from: .start, offset: 0, count: count + 1) == content)
        try check(bytes, holds: content)
        try check(bytes, holds: content, chunk: 10_007)
    }

    @Test(arguments: GzipMemberCompressor.levels)
    func everyLevelWritesTheSameContent(level: Int) throws {
        let content = madeUp(200_000, seed: 9)
        let bytes = try member(content, level: level)
        #expect(bytes.count < content.count / 2)
        try check(bytes, holds: content)
    }

    @Test(arguments: [(-5, 1), (0, 1), (13, 12), (.max, 12)])
    func aLevelThatThereIsNotIsTheNearest(level: Int, nearest: Int) throws {
        let content = madeUp(50_000, seed: 3)
        #expect(try member(content, level: level) == member(content, level: nearest))
    }

    @Test func theHeaderIsAsItsPageSays() throws {
        let bytes = try member(Array("outrider".utf8), modified: 0x6501_0203)
        #expect(
            bytes.prefix(16)
                == [
                    0x1F, 0x8B, 8, 4, 0x03, 0x02, 0x01, 0x65, 0, 3, 0x0C, 0, UInt8(ascii: "O"), UInt8(ascii: "R"), 8, 0,
                ])
        let header = try #require(bytes.withUnsafeBytes { GzipMemberHeader($0) })
        #expect(Int(header.memberLength) == bytes.count)
        #expect(header.contentLength == 8)
        #expect(header.modified == 0x6501_0203)
        #expect(Array(bytes.suffix(4)) == [8, 0, 0, 0])
    }

    @Test func headersOfOthersAreNoHeaders() throws {
        let foreign = try GzipWriter.gzip(Array("outrider, outrider".utf8))
        #expect(foreign.withUnsafeBytes { GzipMemberHeader($0) } == nil)
        let ours = try member(Array("outrider".utf8))
        for length in 0..<GzipMemberHeader.byteCount {
            #expect(ours.prefix(length).withUnsafeBytes { GzipMemberHeader($0) } == nil)
        }
    }

    @Test func sumsOfPartsAddUp() {
        let content = madeUp(100_000, seed: 5)
        for cut in [0, 1, 4096, 99_999, 100_000] {
            var sum = ContentSum(Array(content[..<cut]))
            sum.append(ContentSum(Array(content[cut...])))
            #expect(sum == ContentSum(content))
        }
        // The check value of CRC-32, as its catalogues have it.
        #expect(ContentSum(Array("123456789".utf8)) == ContentSum(length: 9, crc32: 0xCBF4_3926))
    }
}

@Suite struct GzipVerificationTests {
    private static let first = madeUp(700, seed: 1)
    private static let second = madeUp(300, seed: 2, compressible: false)
    private static func file() throws -> [UInt8] { try member(first, modified: 77) + member(second, modified: 77) }

    /// Some bits mean nothing: what the compressor was asked for, and what fills bytes up before a stored block and at the end.
    @Test func everyFlippedBitIsNoticedUnlessItMeansNothing() throws {
        let whole = try Self.file()
        let content = Self.first + Self.second
        var unnoticed = 0
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                guard (try? check(bytes, holds: content, modified: 77)) != nil else { continue }
                unnoticed += 1
                #expect(
                    try CountedFile(bytes).content(from: .start, offset: 0, count: 2000) == content,
                    "bit \(bit) of byte \(index)")
            }
        }
        #expect(unnoticed <= 2 * (2 + 5 + 7))
    }

    @Test func everyTruncationIsNoticed() throws {
        let whole = try Self.file()
        let content = Self.first + Self.second
        for length in 0..<whole.count {
            let error = #expect(throws: GzipError.self, "cut at \(length)") {
                try check(Array(whole.prefix(length)), holds: content, modified: 77)
            }
            // Cut between two members it is a whole file, but another one.
            let isWhole = length == whole.count - (try member(Self.second, modified: 77).count)
            #expect(error?.kind == (isWhole ? .different : .truncated))
        }
    }

    @Test(arguments: [[0], [0x1F, 0x8B], [UInt8](repeating: 0, count: 100)])
    func whatFollowsTheLastMemberIsNoticed(tail: [UInt8]) throws {
        #expect(throws: GzipError.self) {
            try check(try Self.file() + tail, holds: Self.first + Self.second, modified: 77)
        }
    }

    @Test func anotherContentIsToldApart() throws {
        var other = Self.first
        other[5] ^= 1
        let bytes = try member(Self.first)
        let changed = #expect(throws: GzipError.self) { try check(bytes, holds: other) }
        #expect(changed?.message == "app.log.gz holds as many bytes as were compressed, but not the same.")
        let longer = #expect(throws: GzipError.self) { try check(bytes, holds: other + other) }
        #expect(longer?.message == "app.log.gz holds 700 bytes where 1400 were compressed.")
        #expect(longer?.code == "gzip_different")
    }

    @Test func aMemberOfAnotherProgramIsRefused() throws {
        #expect(throws: GzipError.self) { try check(try GzipWriter.gzip(Self.first), holds: Self.first) }
    }

    @Test func anErrorOfTheSourcePassesThrough() throws {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try GzipVerification.check("x", holds: ContentSum()) { _, _ in throw Failure() }
        }
    }
}
