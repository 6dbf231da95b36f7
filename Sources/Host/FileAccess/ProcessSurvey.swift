import CLinux
import Glibc
public import LogModel

/// One of this machine's processes, and no other that gets its number later.
public struct ProcessReference: Hashable, Sendable, CustomStringConvertible {
    /// Its number.
    public var number: Int32
    /// When it began, in ticks since the boot (field 22 of /proc/PID/stat, proc(5)).
    public var start: UInt64
    /// The name of its program, at most 15 bytes, for messages.
    public var command: String
    /// A process as /proc tells it.
    public init(number: Int32, start: UInt64, command: String) {
        self.number = number
        self.start = start
        self.command = command
    }

    /// `command (number)`.
    public var description: String { "\(command) (\(number))" }
}

/// A descriptor that some process has of a file.
public struct FileHolder: Hashable, Sendable {
    /// Who has it.
    public var process: ProcessReference
    /// The number of the descriptor there.
    public var descriptor: Int32
    /// Whether it can write through it.
    public var isWriting: Bool
    /// Whether each write goes to the end of the file, wherever that is then (O_APPEND); else to `offset`.
    public var appends: Bool
    /// Where it reads or writes next.
    public var offset: UInt64
    /// A descriptor as /proc tells it.
    public init(process: ProcessReference, descriptor: Int32, isWriting: Bool, appends: Bool, offset: UInt64) {
        self.process = process
        self.descriptor = descriptor
        self.isWriting = isWriting
        self.appends = appends
        self.offset = offset
    }
}

/// Who has a file open.
public struct FileHolders: Sendable {
    /// All descriptors that could be seen.
    public var holders: [FileHolder] = []
    /// Processes whose descriptors may not be looked at: it takes their user or CAP_SYS_PTRACE.
    public var hiddenProcesses = 0
    /// Nobody.
    public init() {}
}

/// What /proc says about processes: those of this pid namespace only, and none where it is not mounted.
public enum ProcessSurvey {
    /// Looks through the descriptors of all processes; the own ones are left out.
    public static func holders(of file: FileIdentity) throws(FileAccessError) -> FileHolders {
        var found = FileHolders()
        let own = getpid()
        for entry in try LinuxFileAccess().list("/proc") ?? [] {
            guard let number = Int32(entry.name), number != own else { continue }
            do throws(Errno) {
                for name in try SystemCalls.entries("/proc/\(number)/fd").map(\.name) {
                    guard let descriptor = Int32(name), isSame("/proc/\(number)/fd/\(name)", file),
                        let process = reference(number), let opened = opened(number, descriptor)
                    else { continue }
                    found.holders.append(
                        FileHolder(
                            process: process, descriptor: descriptor,
                            isWriting: opened.flags & O_ACCMODE != O_RDONLY, appends: opened.flags & O_APPEND != 0,
                            offset: opened.offset))
                }
            } catch {
                if error.number == EACCES || error.number == EPERM { found.hiddenProcesses += 1 }
            }
        }
        return found
    }

    /// A process by its number; nil when there is none.
    public static func reference(_ number: Int32) -> ProcessReference? {
        guard let text = text("/proc/\(number)/stat"), let open = text.firstIndex(of: "("),
            let close = text.lastIndex(of: ")"), open < close
        else { return nil }
        // The name may hold blanks and parentheses; what follows its last one does not.
        let rest = text[text.index(after: close)...].split(separator: " ")
        guard rest.count > 19, let start = UInt64(rest[19]) else { return nil }
        return ProcessReference(number: number, start: start, command: String(text[text.index(after: open)..<close]))
    }

    /// Whether a process has a handler for a signal (SigCgt, proc(5)); nil when it is gone. One that has none may die of it.
    public static func catches(_ signal: Int32, _ process: ProcessReference) -> Bool? {
        guard let text = text("/proc/\(process.number)/status"), reference(process.number) == process else {
            return nil
        }
        for line in text.split(separator: "\n") {
            guard line.hasPrefix("SigCgt:") else { continue }
            let digits = line.dropFirst(7).filter { !$0.isWhitespace }
            guard let mask = UInt64(digits, radix: 16) else { return nil }
            return signal > 0 && signal <= 64 && mask & (1 << UInt64(signal - 1)) != 0
        }
        return nil
    }

    /// Follows the link, which leads to the open file itself, also where its name is gone.
    private static func isSame(_ link: String, _ file: FileIdentity) -> Bool {
        guard let status = try? SystemCalls.status(link) else { return false }
        return UInt64(status.st_ino) == file.inode && UInt64(status.st_dev) == file.device
    }

    private static func opened(_ process: Int32, _ descriptor: Int32) -> (flags: Int32, offset: UInt64)? {
        var flags: Int32?
        var offset: UInt64?
        for line in (text("/proc/\(process)/fdinfo/\(descriptor)") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].filter { !$0.isWhitespace }
            if parts[0] == "pos" { offset = UInt64(value) }
            if parts[0] == "flags" { flags = Int32(value, radix: 8) }
        }
        guard let flags, let offset else { return nil }
        return (flags, offset)
    }

    private static func text(_ path: String) -> String? {
        (try? SystemCalls.wholeFile(path, limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A process that is held, so that a signal reaches it or nobody (pidfd_open(2)).
public final class HeldProcess: Sendable {
    /// Which one.
    public let process: ProcessReference
    private let descriptor: Descriptor

    private init(_ process: ProcessReference, _ descriptor: Descriptor) {
        self.process = process
        self.descriptor = descriptor
    }

    /// Holds a process; nil when it is gone.
    public static func hold(_ process: ProcessReference) throws(FileAccessError) -> HeldProcess? {
        do {
            let descriptor = Descriptor(
                owning: try SystemCalls.check { outrider_open_process(process.number) })
            // Whoever has the number now began before it was held, and is the same one or not.
            return ProcessSurvey.reference(process.number) == process ? HeldProcess(process, descriptor) : nil
        } catch {
            if error.number == ESRCH { return nil }
            throw .system(.signal, "process \(process)", error)
        }
    }

    /// Sends a signal.
    ///
    /// - Throws: `signal_would_kill` when the process has no handler for it: nothing is sent then.
    /// - Returns: false when the process is gone.
    public func send(_ signal: Int32) throws(FileAccessError) -> Bool {
        guard let isCaught = ProcessSurvey.catches(signal, process) else { return false }
        guard isCaught else {
            throw FileAccessError(
                code: "signal_would_kill",
                message: "Signal \(signal) is not sent to process \(process), which has no handler for it.",
                hint: "Name the signal by which the service opens its log anew, or none.", healing: .byOperator)
        }
        do {
            _ = try SystemCalls.check { outrider_signal_process(descriptor.number, signal) }
            return true
        } catch {
            if error.number == ESRCH { return false }
            throw .system(.signal, "process \(process)", error)
        }
    }

    /// Whether it has not ended.
    public var isAlive: Bool { ProcessSurvey.reference(process.number) == process }
}
