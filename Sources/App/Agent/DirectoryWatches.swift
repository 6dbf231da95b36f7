import FileAccess
import Logging

/// Keeps a watch on every directory in which a file of ours may come or go.
///
/// Where the kernel gives no watch, the regular rescans do the work later; that is said once.
struct DirectoryWatches {
    private static let token: UInt32 = 1
    private var watcher: DirectoryWatcher?
    private var watched: [String: WatchID] = [:]
    private(set) var hasChanged = false
    private var hasComplained = false
    private let logger: Logger

    init(pollSet: PollSet, logger: Logger) {
        self.logger = logger
        do {
            let watcher = try DirectoryWatcher()
            try pollSet.add(watcher.descriptor, token: Self.token)
            self.watcher = watcher
        } catch {
            complain(error)
        }
    }

    /// Watches these directories and no others.
    mutating func follow(_ directories: Set<String>) {
        guard let watcher else { return }
        for (directory, watch) in watched where !directories.contains(directory) {
            watcher.end(watch)
            watched[directory] = nil
        }
        for directory in directories where watched[directory] == nil {
            do {
                guard let watch = try watcher.watch(directory: directory) else { continue }
                watched[directory] = watch
                // It may have changed between the scan and the watch.
                hasChanged = true
            } catch {
                complain(error)
            }
        }
    }

    mutating func take(_ wakeup: PollSet.Wakeup) {
        guard let watcher, wakeup.ready.contains(where: { $0.token == Self.token }) else { return }
        do {
            for event in try watcher.events() {
                hasChanged = true
                if case .gone(let watch) = event { watched = watched.filter { $0.value != watch } }
            }
        } catch {
            hasChanged = true
            complain(error)
        }
    }

    /// Whether a directory changed since the last call.
    mutating func takeChanged() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    private mutating func complain(_ error: FileAccessError) {
        guard !hasComplained else { return }
        hasComplained = true
        logger.warning(
            "directories are not watched, only rescanned",
            metadata: ["error": "\(error)"])
    }
}
