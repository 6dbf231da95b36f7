import Compression
import FileAccess
import Glibc
import ParallelCompression

/// `compress-log [--foreground] [--verify] [--hash] [--workers N] [--level N] INPUT OUTPUT`: what becomes of a closed log.
@main struct CompressLog {
    private var settings = ParallelGzipSettings()
    private var isVerified = false
    private var paths: [String] = []

    static func main() throws {
        var run = CompressLog()
        var words = Array(CommandLine.arguments.dropFirst())
        while !words.isEmpty { run.take(&words) }
        guard run.paths.count == 2 else { fatalError("compress-log INPUT OUTPUT") }
        try run.compress(run.paths[0], to: run.paths[1])
    }

    private mutating func take(_ words: inout [String]) {
        let word = words.removeFirst()
        switch word {
        case "--foreground": settings.isInBackground = false
        case "--verify": isVerified = true
        case "--hash": settings.isHashed = true
        case "--workers": settings.workers = Int(words.removeFirst()) ?? 1
        case "--level": settings.level = Int(words.removeFirst()) ?? 6
        default: paths.append(word)
        }
    }

    private func compress(_ input: String, to output: String) throws {
        let files = LinuxFileAccess()
        guard let log = try files.open(input) else { fatalError("there is no \(input)") }
        let descriptor = creat(output, 0o600)
        var offset: UInt64 = 0
        let result = try ParallelGzip.compress(settings) { buffer in
            let count = try log.read(into: buffer, at: offset)
            offset += UInt64(count)
            return count
        } to: { member in
            var rest = member
            while !rest.isEmpty {
                let count = write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else { fatalError("cannot write: errno \(errno)") }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        close(descriptor)
        if isVerified, let file = try files.open(output) {
            try GzipVerification.check(output, holds: result.content) { try file.read(into: $0, at: $1) }
        }
        print("bytes_in \(result.content.length)\nbytes_out \(result.compressedLength)\nmembers \(result.memberCount)")
        print("sha256 \(result.sha256?.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() ?? "-")")
    }
}
