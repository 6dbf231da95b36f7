import LogModel

/// Looks at the write-ahead log before SQLite does.
///
/// SQLite reads the log up to the first frame whose checksum is wrong and takes the rest for the remains of a crash. After a
/// power cut that is right: every commit is synced before the next begins, so at most one transaction is torn. But where two
/// or more whole transactions lie behind the bad frame, it was damaged at rest, and reading on would silently take back what
/// was committed.
///
/// A frame is linked to the one before it when its checksum continues that one's stored checksum. Transactions that were
/// committed one after the other form one run of linked frames; what failed commits leave behind the end holds at most one
/// commit in a run. So a run with two commits behind the first bad frame is damage. Damage within the last transaction cannot
/// be told from a power cut: the ledger then stands one epoch earlier, whole.
struct LogInspection {
    let storage: any LedgerStorage

    private struct Checksum: Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0
    }

    private struct Frame {
        var salts: UInt64
        var isCommit: Bool
        var stored: Checksum
        var bytes: [UInt8]
    }

    private static let headerSize = 32
    private static let frameHeaderSize = 24

    func check() throws(LedgerError) {
        let header = storage.read(LedgerFileName.writeAheadLog, offset: 0, count: Self.headerSize)
        guard header.count == Self.headerSize else { return }
        let isBigEndian = header[3] & 1 == 1
        let salts = bigEndian64(header, 16)
        let stored = Checksum(first: bigEndian(header, 24), second: bigEndian(header, 28))
        let isHeaderGood = checksum(Checksum(), header, 0..<24, isBigEndian) == stored
        // With a bad header neither the salts nor the order of bytes are known, and every run counts.
        let isDamaged =
            isHeaderGood
            ? hasRunBehindDamage(isBigEndian, stored, salts: salts)
            : [true, false].contains { hasRunBehindDamage($0, nil, salts: nil) }
        if isDamaged {
            throw .corrupt(path: storage.databasePath, detail: "its write-ahead log has a bad frame before good ones")
        }
    }

    private func hasRunBehindDamage(_ isBigEndian: Bool, _ seed: Checksum?, salts: UInt64?) -> Bool {
        let pageSize = pageSize()
        var previous = seed
        var previousSalts = salts
        var isDamaged = seed == nil
        var commits = 0
        var offset = Self.headerSize
        while let frame = frame(at: offset, pageSize: pageSize) {
            offset += Self.frameHeaderSize + pageSize
            let isOfThisLog = salts == nil || frame.salts == salts
            let isLinked = previous.map {
                let middle = checksum($0, frame.bytes, 0..<8, isBigEndian)
                let page = Self.frameHeaderSize..<frame.bytes.count
                return frame.salts == previousSalts
                    && checksum(middle, frame.bytes, page, isBigEndian) == frame.stored
            }
            if isLinked != true || !isOfThisLog {
                isDamaged = true
                commits = 0
            }
            if isDamaged, isOfThisLog, frame.isCommit { commits += 1 }
            if commits >= 2 { return true }
            (previous, previousSalts) = (frame.stored, frame.salts)
        }
        return false
    }

    /// From the database's header; two bytes at offset 16, where 1 stands for 65,536.
    private func pageSize() -> Int {
        let bytes = storage.read(LedgerFileName.database, offset: 16, count: 2)
        guard bytes.count == 2 else { return SQLiteConnection.pageSize }
        let size = Int(bytes[0]) << 8 | Int(bytes[1])
        return size >= 512 && size & (size - 1) == 0 ? size : SQLiteConnection.pageSize
    }

    private func frame(at offset: Int, pageSize: Int) -> Frame? {
        let bytes = storage.read(LedgerFileName.writeAheadLog, offset: offset, count: Self.frameHeaderSize + pageSize)
        guard bytes.count == Self.frameHeaderSize + pageSize else { return nil }
        return Frame(
            salts: bigEndian64(bytes, 8), isCommit: bigEndian(bytes, 4) != 0,
            stored: Checksum(first: bigEndian(bytes, 16), second: bigEndian(bytes, 20)), bytes: bytes)
    }

    /// The checksum of SQLite's file format, section 4.2: two sums over pairs of 32-bit words.
    private func checksum(_ seed: Checksum, _ bytes: [UInt8], _ range: Range<Int>, _ isBigEndian: Bool) -> Checksum {
        var sum = seed
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let (left, right) = (bigEndian(bytes, index), bigEndian(bytes, index + 4))
            sum.first = sum.first &+ (isBigEndian ? left : left.byteSwapped) &+ sum.second
            sum.second = sum.second &+ (isBigEndian ? right : right.byteSwapped) &+ sum.first
        }
        return sum
    }

    private func bigEndian(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
            | UInt32(bytes[index + 3])
    }

    private func bigEndian64(_ bytes: [UInt8], _ index: Int) -> UInt64 {
        UInt64(bigEndian(bytes, index)) << 32 | UInt64(bigEndian(bytes, index + 4))
    }
}
