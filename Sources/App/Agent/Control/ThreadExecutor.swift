import Synchronization

/// Runs the asynchronous work of one thread on that thread itself, whenever it asks for it: what an operator wants is then
/// answered even while every thread of Swift's pool is busy or blocked.
final class ThreadExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: called on any thread when there is something to run.
    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        wake()
    }

    /// Runs what is there, and what that leads to, on the calling thread.
    func runPending() {
        while true {
            let ready = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            if ready.isEmpty { return }
            for job in ready { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
