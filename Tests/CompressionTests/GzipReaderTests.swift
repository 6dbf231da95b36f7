import Compression
import Testing

/// A compressed file in memory that hands out at most `chunk` bytes at a time, and may grow.
private final class MemoryFile {
    var bytes: [UInt8]
    let chunk: Int
    init(_ bytes: [UInt8], chunk: Int = .max) {
        self.bytes = bytes
        self.chunk = chunk
    }

    func reader() throws -> GzipReader {
        try GzipReader(name: "app.log.gz") { buffer, offset in
            guard offset < UInt64(self.bytes.count) else { return 0 }
            let part = self.bytes[Int(offset)...].prefix(min(self.chunk, buffer.count))
            buffer.copyBytes(from: part)
            return part.count
        }
    }
}

private struct SourceFailure: Error {}

extension GzipReader {
    fileprivate func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try bytes.withUnsafeMutableBytes { try read(into: $0) }
        return Array(bytes.prefix(got))
    }

    /// Reads to the end of the content or to the first error.
    fileprivate func readAll(by count: Int = 4096) -> (bytes: [UInt8], error: GzipError?) {
        var all: [UInt8] = []
        do {
            while true {
                let part = try read(count)
                if part.isEmpty { return (all, nil) }
                all += part
            }
        } catch {
            return (all, error as? GzipError)
        }
    }
}

/// Bytes that compress to about a third.
private func sample(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: (state >> 60) &+ 65)
    }
}

@Suite struct GzipReaderTests {
    @Test(arguments: [0, 1, 100, 65_535, 65_536, 300_000], [1, 9])
    func contentComesBack(count: Int, level: Int) throws {
        let content = sample(count)
        let file = MemoryFile(try GzipWriter.gzip(content, level: level))
        let result = try file.reader().readAll()
        #expect(result.bytes == content)
        #expect(result.error == nil)
    }

    @Test(arguments: [1, 2, 3, 7, 4096], [1, 5, 100_000])
    func anySizeOfPiecesGivesTheSameContent(chunk: Int, wanted: Int) throws {
        let members = [sample(5000), [], sample(1, seed: 7), sample(3000, seed: 9)]
        let file = MemoryFile(try members.flatMap { try GzipWriter.gzip($0) }, chunk: chunk)
        let reader = try file.reader()
        let result = reader.readAll(by: wanted)
        #expect(result.bytes == members.flatMap { $0 })
        #expect(result.error == nil)
        #expect(reader.offset == 8001)
    }

    @Test(arguments: [
        ("zeros", [UInt8](repeating: 0, count: 1000)), ("garbage", Array("not gzip".utf8)), ("one magic byte", [0x1F]),
        ("one zero", [0]), ("zeros, then a word", [0, 0, 0x41]),
    ])
    func whatFollowsTheLastMemberIsLeftAlone(name: String, tail: [UInt8]) throws {
        let content = sample(1000)
        let result = try MemoryFile(try GzipWriter.gzip(content) + tail, chunk: 13).reader().readAll()
        #expect(result.bytes == content)
        #expect(result.error == nil)
    }

    @Test func everyTruncationIsNoticedAndWhatCameBeforeIsHandedOut() throws {
        let content = sample(2000)
        let whole = try GzipWriter.gzip(content)
        for length in 0..<whole.count {
            let result = try MemoryFile(Array(whole.prefix(length))).reader().readAll()
            #expect(result.error?.code == "gzip_truncated", "cut at \(length)")
            #expect(result.error?.compressedOffset == UInt64(length))
            #expect(content.starts(with: result.bytes))
            if length >= whole.count - 8 { #expect(result.bytes == content) }
        }
    }

    @Test func aFileThatGrowsIsReadOn() throws {
        let content = sample(50_000)
        let whole = try GzipWriter.gzip(content)
        let file = MemoryFile(Array(whole.prefix(whole.count / 2)))
        let reader = try file.reader()
        let first = reader.readAll()
        #expect(first.error?.kind == .truncated)
        file.bytes = whole
        let second = reader.readAll()
        #expect(second.error == nil)
        #expect(first.bytes + second.bytes == content)
    }

    @Test func everyFlippedByteOfDataIsNoticed() throws {
        let content = sample(600)
        let whole = try GzipWriter.gzip(content)
        for index in 10..<whole.count {
            var bytes = whole
            bytes[index] ^= 0x10
            let result = try MemoryFile(bytes).reader().readAll()
            #expect(result.error != nil, "flipped byte \(index)")
        }
    }

    @Test func damageInTheSecondMemberLeavesTheFirstReadable() throws {
        let first = sample(40_000)
        let start = try GzipWriter.gzip(first)
        var second = try GzipWriter.gzip(sample(40_000, seed: 3))
        second[second.count - 6] ^= 1
        let reader = try MemoryFile(start + second).reader()
        let result = reader.readAll(by: 100_000)
        #expect(result.bytes.count == 80_000)
        #expect(result.bytes.starts(with: first))
        #expect(result.error?.code == "gzip_damaged")
        #expect(try #require(result.error?.compressedOffset) > UInt64(start.count))
        #expect(throws: GzipError.self, "the error stays") { try reader.read(1) }
    }

    @Test(arguments: ["plain text, not gzip", "\u{1F}x"])
    func aFileThatIsNoGzipIsDamagedFromTheStart(text: String) throws {
        let error = try #require(try MemoryFile(Array(text.utf8)).reader().readAll().error)
        #expect(error.code == "gzip_damaged")
        #expect(error.compressedOffset == 0)
        #expect(error.message == "app.log.gz is damaged at compressed offset 0: it does not begin like a gzip file.")
    }

    @Test func skippingCountsUncompressedBytesInBothDirections() throws {
        let content = sample(300_000)
        let half = content.count / 2
        let file = MemoryFile(try GzipWriter.gzip(Array(content[..<half])) + GzipWriter.gzip(Array(content[half...])))
        let reader = try file.reader()
        for target in [10, half - 1, half + 1, 299_999, 5] {
            #expect(try reader.skip(to: UInt64(target)) == UInt64(target))
            #expect(try reader.read(1) == [content[target]])
            #expect(reader.offset == UInt64(target + 1))
        }
        #expect(try reader.skip(to: 400_000) == 300_000)
        #expect(try reader.read(1) == [])
    }

    @Test func anErrorOfTheSourcePassesThroughAndMayHeal() throws {
        let content = sample(100)
        let whole = try GzipWriter.gzip(content)
        var fails = true
        let reader = try GzipReader(name: "x") { buffer, offset in
            guard offset < 20 || !fails else { throw SourceFailure() }
            let part = whole[Int(offset)...].prefix(offset < 20 ? 20 : buffer.count)
            buffer.copyBytes(from: part)
            return part.count
        }
        var before: [UInt8] = []
        #expect(throws: SourceFailure.self) { while true { before += try reader.read(10) } }
        fails = false
        #expect(before + reader.readAll().bytes == content)
    }
}

@Suite struct GzipWriterTests {
    @Test func equalInputGivesEqualOutputWithoutATimeInTheHeader() throws {
        let bytes = try GzipWriter.gzip(Array("outrider".utf8))
        #expect(bytes == (try GzipWriter.gzip(Array("outrider".utf8))))
        #expect(Array(bytes[4..<8]) == [0, 0, 0, 0])
    }

    @Test func repetitiveTextShrinks() throws {
        #expect(try GzipWriter.gzip([UInt8](repeating: 0x61, count: 100_000)).count < 1000)
    }
}
