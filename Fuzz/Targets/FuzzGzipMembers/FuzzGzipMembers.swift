import Compression
import FuzzDriver

/// Members of gzip files: a file that is nothing or that somebody made to deceive, and files that are as they should be.
@main enum FuzzGzipMembers {
    static func main() {
        fuzz { input in
            checkForeign(Array(input))
            checkOwn(Array(input))
        }
    }

    private static func source(_ bytes: [UInt8]) -> GzipReader.Source {
        { buffer, offset in
            guard offset < UInt64(bytes.count) else { return 0 }
            let part = bytes[Int(offset)...].prefix(buffer.count)
            buffer.copyBytes(from: part)
            return part.count
        }
    }

    /// Whatever lies there, looking for a place ends at one that lies in the file, and not behind what was asked for.
    private static func checkForeign(_ bytes: [UInt8]) {
        var index = GzipMemberIndex()
        for offset in [UInt64(0), 1, 100, UInt64(bytes.count), 1 << 32, .max, 50, 0] {
            guard let place = try? index.place(of: offset, source: source(bytes)) else {
                check(false, "memory does not fail")
                return
            }
            check(place.compressedOffset <= UInt64(bytes.count), "a place lies in its file")
            check(place.offset <= offset, "a place lies before what it is for")
            guard let reader = try? GzipReader(name: "input", source: source(bytes)) else { return }
            reader.move(to: place)
            withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { _ = try? reader.read(into: $0) }
        }
        try? GzipVerification.check("input", holds: ContentSum(), source: source(bytes))
    }

    /// The input is cut at its own bytes; members of ours alternate with those of others as it says.
    private static func checkOwn(_ content: [UInt8]) {
        guard let compressor = try? GzipMemberCompressor(level: 1) else { return }
        var file: [UInt8] = []
        var rest = content[...]
        var areOurs = true
        while let length = rest.first {
            if length % 64 == 0 { file += member([], compressor) }
            let part = rest.prefix(max(Int(length % 64), 1))
            rest = rest.dropFirst(part.count)
            if length < 32 {
                areOurs = false
                file += (try? GzipWriter.gzip(Array(part))) ?? []
            } else {
                file += member(part, compressor)
            }
        }
        guard !content.isEmpty else { return }
        let sum = content.withUnsafeBytes { ContentSum($0) }
        let isVerified = (try? GzipVerification.check("input", holds: sum, source: source(file))) != nil
        check(isVerified == areOurs, "our own members are verified, and no others")
        var index = GzipMemberIndex()
        for offset in [content.count - 1, content.count / 2, 0, Int(content[0]) % content.count] {
            guard let place = try? index.place(of: UInt64(offset), source: source(file)),
                let reader = try? GzipReader(name: "input", source: source(file))
            else {
                check(false, "memory does not fail")
                return
            }
            reader.move(to: place)
            var byte: UInt8 = 0
            let count = try? withUnsafeMutableBytes(of: &byte) { byte in
                try reader.skip(to: UInt64(offset))
                return try reader.read(into: byte)
            }
            check(count == 1 && byte == content[offset], "every byte is found")
        }
    }

    private static func member(_ content: ArraySlice<UInt8>, _ compressor: GzipMemberCompressor) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: GzipMemberCompressor.room(for: content.count))
        let length = output.withUnsafeMutableBytes { output in
            content.withUnsafeBytes { compressor.compress($0, into: output).length }
        }
        return Array(output[..<length])
    }
}
