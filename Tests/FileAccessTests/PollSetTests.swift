import FileAccess
import Glibc
import LogModel
import Synchronization
import TestSupport
import Testing

@Suite("Waiting", .timeLimit(.minutes(10)))
struct PollSetTests {
    private func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        try check("pipe", Glibc.pipe(&ends))
        return (ends[0], ends[1])
    }

    @Test("a wait without events ends with its time")
    func timeout() throws {
        let set = try PollSet()
        let time = LinuxTime()
        let start = time.monotonicNow()
        let wakeup = try set.wait(atMost: .milliseconds(2))
        #expect(time.monotonicNow().since(start) >= .milliseconds(2))
        #expect(!wakeup.wasWoken)
        #expect(wakeup.ready.isEmpty)
        #expect(try set.wait(atMost: .zero).ready.isEmpty)
        #expect(try set.wait(atMost: .seconds(-5)).ready.isEmpty)
    }

    @Test("a wait shorter than a millisecond is not a busy loop")
    func roundsUp() throws {
        let set = try PollSet()
        let start = LinuxTime().monotonicNow()
        _ = try set.wait(atMost: .nanoseconds(1))
        #expect(LinuxTime().monotonicNow().since(start) >= .microseconds(500))
    }

    @Test("a wake before the wait is not lost, and many are one")
    func wakeBefore() throws {
        let set = try PollSet()
        for _ in 0..<1000 { set.waker.wake() }
        #expect(try set.wait(atMost: nil).wasWoken)
        #expect(try !set.wait(atMost: .zero).wasWoken)
        set.waker.wake()
        #expect(try set.wait(atMost: nil).wasWoken)
    }

    @Test("no wake is lost between two threads")
    func noWakeIsLost() throws {
        let set = try PollSet()
        let (waker, isDone) = (set.waker, Counter())
        let thread = try DedicatedThread(name: "waker") {
            while isDone.value.load(ordering: .relaxed) == 0 { waker.wake() }
        }
        // Were one lost, the waker would believe for ever that it is still pending.
        var count = 0
        while count < 10_000, try set.wait(atMost: .seconds(20)).wasWoken { count += 1 }
        #expect(count == 10_000)
        isDone.value.store(1, ordering: .relaxed)
        thread.join()
    }

    @Test("what can be read is told with its token until it has been read")
    func readable() throws {
        let set = try PollSet()
        let (read, write) = try pipe()
        defer { for end in [read, write] { close(end) } }
        try set.add(read, token: 7)
        #expect(try set.wait(atMost: .zero).ready.isEmpty)
        _ = Glibc.write(write, "x", 1)
        #expect(try set.wait(atMost: nil).ready.map(\.token) == [7])
        #expect(try set.wait(atMost: nil).ready.count == 1)
        try set.remove(read)
        #expect(try set.wait(atMost: .zero).ready.isEmpty)
    }

    @Test("the end of the other side is something to read")
    func hangup() throws {
        let set = try PollSet()
        let (read, write) = try pipe()
        defer { close(read) }
        try set.add(read, token: 1)
        close(write)
        #expect(try set.wait(atMost: nil).ready.first?.interest.contains(.reading) == true)
    }

    @Test("room to write is told when asked for")
    func writable() throws {
        let set = try PollSet()
        let (read, write) = try pipe()
        defer { for end in [read, write] { close(end) } }
        try set.add(write, token: 2, for: [])
        #expect(try set.wait(atMost: .zero).ready.isEmpty)
        try set.change(write, token: 2, for: .writing)
        #expect(try set.wait(atMost: nil).ready.map(\.interest) == [.writing])
    }

    @Test("a descriptor that is not there is an error")
    func badDescriptor() throws {
        let set = try PollSet()
        #expect(throws: FileAccessError.self) { try set.add(9999, token: 1) }
    }
}

private final class Counter: Sendable { let value = Atomic<Int>(0) }

@Suite("Threads", .timeLimit(.minutes(10)))
struct DedicatedThreadTests {
    @Test("joining waits for the body, and may be done again")
    func join() throws {
        let counter = Counter()
        let thread = try DedicatedThread(name: "counting") { counter.value.add(1, ordering: .relaxed) }
        thread.join()
        #expect(counter.value.load(ordering: .relaxed) == 1)
        thread.join()
    }

    @Test("its end can be awaited before and after it")
    func finished() async throws {
        let set = try PollSet()
        let (counter, waker) = (Counter(), set.waker)
        let thread = try DedicatedThread(name: "counting") {
            waker.wake()
            counter.value.add(1, ordering: .relaxed)
        }
        await thread.finished()
        await thread.finished()
        #expect(counter.value.load(ordering: .relaxed) == 1)
        thread.join()
    }

    @Test("it has its name, cut to what the kernel takes")
    func name() throws {
        let name = Mutex("")
        try DedicatedThread(name: "a-very-long-name-indeed") {
            let comm = fopen("/proc/thread-self/comm", "r")
            defer { if let comm { fclose(comm) } }
            var line = [CChar](repeating: 0, count: 64)
            if let comm { fgets(&line, 64, comm) }
            let bytes = line.prefix { $0 > 32 }.map { UInt8(bitPattern: $0) }
            name.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
        }.join()
        #expect(name.withLock { $0 } == "a-very-long-nam")
    }

    @Test("a thread that nobody joins ends by itself")
    func detached() async throws {
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        _ = try DedicatedThread(name: "alone") { continuation.finish() }
        for await _ in stream {}
    }
}
