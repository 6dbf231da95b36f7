import Compression
import Cryptography
import FileAccess

/// Compresses content of any length into a gzip file of members, on several threads, in bounded memory.
///
/// One thread reads and writes, the others compress. None of them belongs to Swift's pool. There are two buffers of the length of a
/// member for each that compresses, and nothing else that grows.
///
/// SAFETY: the closures and what they refer to are used by one thread, the one made here, while the calling thread is blocked until
/// that is gone; so they are never used by two threads at once, nor after the call.
public enum ParallelGzip {
    /// Fills a buffer with bytes that follow, at least one; 0 at the end.
    public typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int
    /// Takes the next member, all of it.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    /// Compresses all that `source` gives. Blocks until everything is written, or until the first error of `source`, `sink` or a
    /// thread, which is thrown when all threads have ended; nothing is read or written after it.
    ///
    /// Content without bytes becomes one member without bytes. Equal content and settings give equal bytes, on any number of threads.
    ///
    /// - Parameters:
    ///   - settings: how.
    ///   - source: called by one thread, which is not the caller's.
    ///   - sink: called by the same thread, with the members in order.
    /// - Returns: what was read and written.
    /// - Throws: what `source` and `sink` throw; `gzip_out_of_memory`; the error of a thread that cannot be started; and of
    ///   `Cryptography`'s when a hash was asked for.
    public static func compress(
        _ settings: ParallelGzipSettings = ParallelGzipSettings(), from source: Source, to sink: Sink
    ) throws -> ParallelGzipResult {
        try withoutActuallyEscaping(source) { source in
            try withoutActuallyEscaping(sink) { sink in
                let run = LentRun(CompressionRun(settings, source, sink))
                let thread = try DedicatedThread(name: "outrider-gzip", stackSize: stackSize) { run.value.start() }
                thread.join()
                return try run.value.outcome.get()
            }
        }
    }

    /// The compressors have their tables on the heap.
    static let stackSize = 256 << 10
}

private struct LentRun: @unchecked Sendable {
    let value: CompressionRun
    init(_ value: CompressionRun) { self.value = value }
}

/// One compression, on the thread that reads and writes.
private final class CompressionRun {
    private let settings: ParallelGzipSettings
    private let source: ParallelGzip.Source
    private let sink: ParallelGzip.Sink
    private let ring: MemberRing
    private var result = ParallelGzipResult()
    private var hash: SHA256Hash?
    /// What `compress` returns or throws; set when the run is over.
    private(set) var outcome: Result<ParallelGzipResult, any Error> = .success(ParallelGzipResult())

    init(_ settings: ParallelGzipSettings, _ source: @escaping ParallelGzip.Source, _ sink: @escaping ParallelGzip.Sink)
    {
        var settings = settings
        settings.workers = max(settings.workers, 1)
        settings.memberContentLength = min(
            max(settings.memberContentLength, 1), GzipMemberCompressor.memberContentLength)
        self.settings = settings
        self.source = source
        self.sink = sink
        ring = MemberRing(slots: settings.workers, contentLength: settings.memberContentLength)
    }

    func start() { outcome = Result { try run() } }

    private func run() throws -> ParallelGzipResult {
        if settings.isHashed { hash = try SHA256Hash() }
        let ring = ring
        let (level, modified, isInBackground) = (settings.level, settings.modified, settings.isInBackground)
        var workers: [DedicatedThread] = []
        defer {
            ring.stop()
            for worker in workers { worker.join() }
        }
        for number in 0..<settings.workers {
            workers.append(
                try DedicatedThread(name: "outrider-gzip\(number)", stackSize: ParallelGzip.stackSize) {
                    if isInBackground { ThreadPriority.lower() }
                    ring.work(level: level, modified: modified)
                })
        }
        if isInBackground { result.hasPriorityAsked = ThreadPriority.lower() }
        try pass()
        result.sha256 = try hash?.digest()
        return result
    }

    /// Keeps every slot filled, and writes the oldest member when it is made.
    private func pass() throws {
        var filled = 0
        var isAtEnd = false
        while true {
            while !isAtEnd, filled - result.memberCount < settings.workers {
                let count = try fill(ring.buffer(for: filled))
                isAtEnd = count < settings.memberContentLength
                if count == 0, filled > 0 { break }
                ring.submit(filled, count: count)
                filled += 1
            }
            guard result.memberCount < filled else { return }
            try write(result.memberCount)
        }
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var count = 0
        while count < settings.memberContentLength {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count..<settings.memberContentLength])
            let got = try source(part)
            if got == 0 { break }
            count += got
        }
        return count
    }

    private func write(_ member: Int) throws {
        let (bytes, sum) = try ring.finished(member)
        try sink(bytes)
        try hash?.append(bytes)
        ring.release(member)
        result.content.append(sum)
        result.compressedLength += UInt64(bytes.count)
        result.memberCount += 1
    }
}
