@testable import TestSupport

extension World {
    /// Bytes that were written by one call.
    struct Write {
        var log: Int
        var bytes: [UInt8]
        var isLate: Bool
        /// No other write has the same bytes.
        var isUnique: Bool
        /// It was in a rotated file before the agent first looked.
        var isOld = false
    }

    /// A run of bytes in a file: the first `length` bytes of a write, or a hole.
    struct Piece: Equatable {
        var write: Int
        var length: Int
        var isHole: Bool { write < 0 }
        static let seam = Piece(write: -2, length: 0)
    }

    /// What a file holds, whatever its names are.
    final class File {
        var pieces: [Piece] = []
        var isReadable = true
        /// A gzip file that is still being written says nothing to anybody.
        var isWhole = true
        /// Compressed bytes.
        var storedSize = 0
        /// It was beside the live file when that was first seen, under a name that the glob does not match.
        var isUnwanted = false
        var inode: SimulatedInode?
        /// A power cut took bytes within the head, and the agent has not looked since.
        /// It was made from another file.
        var isCopy = false
        /// Those that were made from it.
        var copies: [File] = []
        /// What it was made from has grown since.
        var isOutgrown = false
        /// It was made under a name that no rotation gives, and nobody has written to it since.
        var isForeignCopy = false
        var isCut = false
        /// It was cut by somebody and the agent has not looked since.
        var isTruncated = false
        var isCutShort = false
        var writesAtCut: Set<Int> = []
        var size: Int { pieces.reduce(0) { $0 + $1.length } }
    }

    struct Handle {
        var writer: SimulatedWriter
        var file: File
    }
}
