import Compression
import Cryptography
import FileAccess
import ParallelCompression
import TestSupport
import Testing

private let member = GzipMemberCompressor.memberContentLength

@Suite(.serialized) struct ParallelGzipTests {
    @Test(arguments: [0, 1, member - 1, member, member + 1, 10 * member + 12_345], [1, 2, 4])
    func contentComesBack(count: Int, workers: Int) throws {
        for compressible in [true, false] {
            let content = madeUp(count, seed: 11, compressible: compressible)
            let file = try CompressedFile(content, .workers(workers))
            #expect(try file.content() == content)
            let sum = content.withUnsafeBytes { ContentSum($0) }
            #expect(file.result.content == sum)
            #expect(file.result.compressedLength == UInt64(file.bytes.count))
            #expect(file.result.memberCount == max(1, (count + member - 1) / member))
            #expect(file.result.sha256 == nil)
            try GzipVerification.check("app.log.gz", holds: sum) { file.read($0, $1) }
        }
    }

    @Test func anySizeOfPiecesAndAnyNumberOfThreadsGiveTheSameBytes() throws {
        let content = madeUp(3 * member + 7, seed: 2)
        let expected = try CompressedFile(content, .workers(1)).bytes
        for (workers, chunk) in [(1, 4097), (2, .max), (3, 100_003), (8, 4097)] {
            #expect(try CompressedFile(content, .workers(workers), chunk: chunk).bytes == expected)
        }
    }

    @Test func membersStayInOrderOnManyThreads() throws {
        // Members that differ much in how long they take.
        let content = (0..<300).flatMap { part in
            part.isMultiple(of: 3)
                ? [UInt8](repeating: UInt8(part % 251), count: 4096) : madeUp(4096, seed: UInt64(part))
        }
        for round in 1...5 {
            let file = try CompressedFile(content, .workers(16, members: 1024 * round))
            #expect(try file.content() == content)
        }
    }

    @Test func theIndexFindsEveryMember() throws {
        let content = madeUp(100_000, seed: 6)
        let file = try CompressedFile(content, .workers(3, members: 1000))
        var index = GzipMemberIndex()
        for number in (0..<100).reversed() {
            #expect(
                try index.place(of: UInt64(number * 1000 + 999)) { file.read($0, $1) }.offset == UInt64(number * 1000))
        }
    }

    @Test func theHashIsThatOfWhatIsWritten() throws {
        var settings = ParallelGzipSettings.workers(2)
        settings.isHashed = true
        let file = try CompressedFile(madeUp(2 * member + 5, seed: 3), settings)
        let hash = try SHA256Hash()
        try file.bytes.withUnsafeBytes { try hash.append($0) }
        #expect(try file.result.sha256 == hash.digest())
    }

    @Test func theTimeStandsInEveryHeader() throws {
        var settings = ParallelGzipSettings.workers(2, members: 1000)
        settings.modified = 1_700_000_000
        let content = madeUp(2500, seed: 3)
        let file = try CompressedFile(content, settings)
        try GzipVerification.check(
            "app.log.gz", holds: content.withUnsafeBytes { ContentSum($0) }, modified: 1_700_000_000
        ) { file.read($0, $1) }
    }

    // MARK: Bounds

    @Test(arguments: [1, 2, 4])
    func noMoreIsReadAheadThanThereAreBuffers(workers: Int) throws {
        let (length, count) = (10_000, 100)
        var given = 0
        var written = 0
        var mostAhead = 0
        let result = try ParallelGzip.compress(.workers(workers, members: length)) { buffer in
            mostAhead = max(mostAhead, given - written * length)
            guard given < length * count else { return 0 }
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 7 + given) }
            given += buffer.count
            return buffer.count
        } to: { _ in
            mostAhead = max(mostAhead, given - written * length)
            written += 1
        }
        #expect(result.memberCount == count)
        #expect(mostAhead == workers * length)
    }

    // MARK: Errors

    private struct Failure: Error, Equatable { var call: Int }

    @Test(arguments: [1, 2, 3, 10, 50], [1, 2, 4])
    func theFirstErrorOfTheSourceEndsEverything(call: Int, workers: Int) throws {
        var calls = 0
        var written = 0
        #expect(throws: Failure(call: call)) {
            try ParallelGzip.compress(.workers(workers, members: 1000)) { buffer in
                calls += 1
                if calls >= call { throw Failure(call: calls) }
                buffer.copyBytes(from: madeUp(buffer.count, seed: UInt64(calls)))
                return buffer.count
            } to: { _ in
                written += 1
            }
        }
        #expect(calls == call)
        #expect(written == max(0, call - workers))
    }

    @Test(arguments: [1, 2, 3, 10, 50], [1, 2, 4])
    func theFirstErrorOfTheSinkEndsEverything(call: Int, workers: Int) throws {
        var reads = 0
        var calls = 0
        #expect(throws: Failure(call: call)) {
            try ParallelGzip.compress(.workers(workers, members: 1000)) { buffer in
                reads += 1
                buffer.copyBytes(from: madeUp(buffer.count, seed: UInt64(reads)))
                return buffer.count
            } to: { _ in
                calls += 1
                if calls >= call { throw Failure(call: calls) }
            }
        }
        #expect(calls == call)
        #expect(reads == call - 1 + workers)
    }

    // MARK: Threads

    @Test func onlyThreadsOfItsOwnAreLowered() throws {
        let before = ThreadPriority.current()
        var outer: ThreadPriority?
        var nices: [String: Int] = [:]
        var left = 3
        let result = try ParallelGzip.compress(.workers(1, members: 1000)) { buffer in
            left -= 1
            buffer.copyBytes(from: madeUp(buffer.count, seed: 1))
            return left < 0 ? 0 : buffer.count
        } to: { _ in
            // Whoever made the member has lowered itself before.
            outer = ThreadPriority.current()
            nices = try threadNices()
        }
        try #require(result.hasPriorityAsked, "a sandbox refuses ioprio_set(2) or setpriority(2)")
        #expect(outer?.nice == 19)
        #expect(outer?.isIdleForDisks == true)
        #expect(nices["outrider-gzip"] == 19)
        #expect(nices["outrider-gzip0"] == 19)
        #expect(ThreadPriority.current() == before)
    }

    @Test func thePriorityStaysWhereThatIsAskedFor() throws {
        let before = ThreadPriority.current()
        var during: ThreadPriority?
        var settings = ParallelGzipSettings.workers(1, members: 1000)
        settings.isInBackground = false
        _ = try ParallelGzip.compress(settings) { _ in
            0
        } to: { _ in
            during = ThreadPriority.current()
        }
        #expect(during == before)
    }

    /// The nice values of this process's threads, by name (proc(5): the 19th field of `stat`, whose second may hold spaces).
    private func threadNices() throws -> [String: Int] {
        let files = LinuxFileAccess()
        var nices: [String: Int] = [:]
        for entry in try files.list("/proc/self/task") ?? [] {
            guard let file = try files.open("/proc/self/task/\(entry.name)/stat") else { continue }
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { continue }
            let fields = text[text.index(after: close)...].split(separator: " ")
            nices[String(text[text.index(after: open)..<close])] = Int(fields[16])
        }
        return nices
    }
}
