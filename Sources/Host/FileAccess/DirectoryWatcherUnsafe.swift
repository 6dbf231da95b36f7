import CLinux
import Glibc

/// Something a `DirectoryWatcher` looks at. Two paths to the same directory give the same watch.
public struct WatchID: Hashable, Sendable {
    let number: Int32
}

/// What happened to something that is watched.
public enum WatchEvent: Hashable, Sendable {
    /// A name came into being in the directory, or was moved into it.
    case appeared(WatchID, name: String)
    /// A name was removed from the directory, or moved out of it.
    case vanished(WatchID, name: String)
    /// The directory itself was removed, moved or unmounted. The watch has ended: look for the directory again.
    case gone(WatchID)
    /// The file was written to or cut. The watch has ended: it was for one change.
    case modified(WatchID)
    /// Events were lost: anything may have happened anywhere. Look at everything again.
    case overflow
}

/// Tells of changes in the structure of directories, and once of a change to a file that has been idle; over inotify.
///
/// Belongs to one thread, which waits on `descriptor` in its `PollSet` and then takes `events()`. Events are hints to look: by
/// the time they are read, the world may have moved on. It sees neither the changes that other machines make on a network file
/// system nor, on overlay file systems, all of those below, so its caller also looks now and then by itself.
///
/// SAFETY: the buffer of events lives as long as the watcher; what the kernel wrote is read within the count it returned.
public final class DirectoryWatcher {
    private let inotify: Descriptor
    private let buffer: UnsafeMutableRawBufferPointer
    /// How often each live watch was asked for; events of others are stale.
    private var directories: [Int32: Int] = [:]
    private var files: Set<Int32> = []

    /// Fails with code `watch_limit_reached` when the user's inotify instances are used up.
    public init() throws(FileAccessError) {
        do { inotify = Descriptor(owning: try SystemCalls.makeInotify()) } catch {
            throw .system(.watch, "directories", error)
        }
        // The kernel writes only whole events; the longest has a name of 255 bytes and its NUL.
        buffer = .allocate(byteCount: 16 * 1024, alignment: MemoryLayout<inotify_event>.alignment)
    }

    deinit { buffer.deallocate() }

    /// Readable when there are events.
    public var descriptor: Int32 { inotify.number }

    /// Watches names come and go in a directory; nil when there is no such directory.
    ///
    /// List the directory *after* this call, so that nothing falls in between. Fails with code `watch_limit_reached` when
    /// fs.inotify.max_user_watches are in use; poll instead.
    public func watch(directory: String) throws(FileAccessError) -> WatchID? {
        let mask = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        do {
            let number = try SystemCalls.addWatch(inotify.number, directory, UInt32(mask))
            directories[number, default: 0] += 1
            return WatchID(number: number)
        } catch {
            if error.number == ENOENT || error.number == ENOTDIR { return nil }
            throw .system(.watch, directory, error)
        }
    }

    /// Reports the next change to a file's content, once; nil when the file is not one of this machine's.
    ///
    /// Look at the file's size *after* this call. For files that are written rarely: a hot one is cheaper to look at
    /// regularly.
    public func watchOnce(contentOf file: any ReadableFile) throws(FileAccessError) -> WatchID? {
        guard let file = file as? LinuxFile else { return nil }
        // The link leads to the open file, also when its name has changed since.
        let path = "/proc/self/fd/\(file.descriptor)"
        do {
            let number = try SystemCalls.addWatch(inotify.number, path, UInt32(IN_MODIFY) | IN_ONESHOT_BIT)
            files.insert(number)
            return WatchID(number: number)
        } catch { throw .system(.watch, path, error) }
    }

    /// Ends a watch. A directory that was asked for several times is watched until all have ended.
    public func end(_ watch: WatchID) {
        if let count = directories[watch.number], count > 1 {
            directories[watch.number] = count - 1
            return
        }
        forget(watch.number)
        SystemCalls.removeWatch(inotify.number, watch.number)
    }

    /// The events since the last call, oldest first; empty when there are none. Never waits.
    public func events() throws(FileAccessError) -> [WatchEvent] {
        var events: [WatchEvent] = []
        while true {
            let count: Int
            do { count = try SystemCalls.read(inotify.number, into: buffer) } catch {
                if error.number == EAGAIN { return events }
                throw .system(.watch, "directories", error)
            }
            if count <= 0 { return events }
            parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &events)
        }
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, into events: inout [WatchEvent]) {
        let headerSize = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + headerSize <= bytes.count {
            let header = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let nameEnd = min(offset + headerSize + Int(header.len), bytes.count)
            let name = bytes[offset + headerSize..<nameEnd].prefix { $0 != 0 }
            if let event = event(header, name) { events.append(event) }
            offset = nameEnd
        }
    }

    private func event(_ header: inotify_event, _ name: Slice<UnsafeRawBufferPointer>) -> WatchEvent? {
        let mask = Int(header.mask)
        let watch = WatchID(number: header.wd)
        if mask & IN_Q_OVERFLOW_BIT != 0 { return .overflow }
        if files.contains(header.wd) {
            guard mask & Int(IN_MODIFY) != 0 else {
                // The inode went away before it changed; its holder has it open, so this is an unmount.
                forget(header.wd)
                return .gone(watch)
            }
            forget(header.wd)
            return .modified(watch)
        }
        guard directories[header.wd] != nil else { return nil }
        if mask & Int(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) != 0 {
            forget(header.wd)
            // A moved directory would be watched on under its new name.
            if mask & Int(IN_MOVE_SELF) != 0 { SystemCalls.removeWatch(inotify.number, header.wd) }
            return .gone(watch)
        }
        if mask & Int(IN_CREATE | IN_MOVED_TO) != 0 { return .appeared(watch, name: PathBytes.string(name)) }
        if mask & Int(IN_DELETE | IN_MOVED_FROM) != 0 { return .vanished(watch, name: PathBytes.string(name)) }
        return nil
    }

    private func forget(_ number: Int32) {
        directories[number] = nil
        files.remove(number)
    }
}

/// These two bits do not fit the signed numbers in which the header defines the others.
private let IN_ONESHOT_BIT: UInt32 = 0x8000_0000
private let IN_Q_OVERFLOW_BIT = Int(IN_Q_OVERFLOW)
