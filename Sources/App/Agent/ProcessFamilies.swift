import FileAccess
import LogModel
import SeriesModel

/// The standard `process_…` metrics of this process.
func processFamilies(startedAt: WallTime) -> [SampleFamily] {
    let usage = ProcessUsage.now()
    return [
        SampleFamily(
            name: "process_cpu_seconds_total", kind: .counter, help: "User and system CPU seconds of this process.",
            samples: [.init(value: usage.cpuSeconds)]),
        .gauge("process_resident_memory_bytes", "Resident memory of this process.", Double(usage.residentBytes)),
        .gauge("process_open_fds", "Open file descriptors of this process.", Double(usage.openDescriptors)),
        .gauge("process_max_fds", "The limit on open file descriptors.", Double(usage.descriptorLimit)),
        .gauge("process_start_time_seconds", "When this process started, in seconds since 1970.", startedAt.seconds),
    ]
}
