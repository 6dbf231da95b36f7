/// Finds the values of some keys in lines of logfmt: `level=info msg="took \"long\"" cached`, in one pass and without allocating.
///
/// Keys and values are divided by bytes up to and including the blank. A key is made of all other bytes but `=` and `"`; one
/// without `=` is a flag. A value is empty, or in double quotes with backslash escapes, or all bytes up to the next blank. This is
/// what Go's go-logfmt reads, with two liberties where it gives up: a bare value may contain `=`, as URLs do, and an escape that
/// JSON does not know stands for itself. Of keys that occur twice the last counts. A dot in a key is a character.
///
/// SAFETY: a line is read within its bounds and only during the call; the table holds offsets, not pointers.
public struct LogfmtFieldReader: Sendable {
    let tree: FieldTree

    /// Prepares to look for `keys`.
    public init(keys: [String]) throws(FieldPathError) {
        if keys.contains("") { throw .empty }
        tree = FieldTree(keys: keys)
    }

    /// A table for this reader, with a field for each key in their order.
    public func makeTable() -> FieldTable { tree.makeTable() }

    /// Reads a line, which is without its line end.
    ///
    /// Nearly all text is logfmt, if only a row of flags; whether a line was meant to be is for the caller to know.
    ///
    /// - Throws: Why it is no logfmt; the table is empty then.
    public func read(_ line: UnsafeRawBufferPointer, into table: FieldTable) throws(Malformation) {
        table.removeAll()
        do throws(Malformation) {
            _ = try scan(line, into: table)
        } catch {
            table.removeAll()
            throw error
        }
        tree.settle(table)
    }

    /// Reads a line when all in it shows that it was meant to be logfmt; returns whether it did. The table is empty otherwise.
    func readWhatIsMeant(_ line: UnsafeRawBufferPointer, into table: FieldTable) -> Bool {
        table.removeAll()
        guard let census = try? scan(line, into: table), census.isMeant else {
            table.removeAll()
            return false
        }
        tree.settle(table)
        return true
    }

    private func scan(_ line: UnsafeRawBufferPointer, into table: FieldTable) throws(Malformation) -> LogfmtCensus {
        assert(table.candidateCount >= tree.candidateCount, "BUG: the table belongs to another reader")
        guard let bytes = line.baseAddress else { return LogfmtCensus() }
        let scanner = LogfmtScanner(bytes: bytes, end: line.count, keys: KeyLookup(tree), candidates: table.candidates)
        return try scanner.run()
    }
}

/// What a line of logfmt is made of.
struct LogfmtCensus {
    var pairs = 0
    var flags = 0
    var beginsWithPair = false
    /// Whether all keys before `=` are letters, digits, and `_`, `-`, `.`, `/`, `@`, and begin with a letter, `_` or `@`.
    var keysAreNames = true

    /// Whether text that is not logfmt is unlikely to look like this: it begins with a pair, has at least two, and more pairs than
    /// words without a value, and no key is stranger than a name.
    var isMeant: Bool { beginsWithPair && pairs >= 2 && pairs > flags && keysAreNames }
}

/// SAFETY: reads `bytes` below `end`, and eight at a time only where all eight are. `candidates` has a place for each key.
private struct LogfmtScanner {
    let bytes: UnsafeRawPointer
    let end: Int
    let keys: KeyLookup
    let candidates: UnsafeMutablePointer<FieldValue>

    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 { bytes.load(fromByteOffset: offset, as: UInt8.self) }

    func run() throws(Malformation) -> LogfmtCensus {
        var census = LogfmtCensus()
        var offset = 0
        while true {
            while offset < end, byte(offset) <= 0x20 { offset &+= 1 }
            guard offset < end else { return census }
            let start = offset
            offset = firstDelimiter(start, UInt8(ascii: "="))
            let node = keys.child(of: 0, bytes, start..<offset, end: end)
            if offset < end, byte(offset) == UInt8(ascii: "=") {
                guard offset > start else { throw Malformation(.emptyKey, at: offset) }
                census.beginsWithPair = census.beginsWithPair || census.pairs + census.flags == 0
                census.pairs &+= 1
                census.keysAreNames = census.keysAreNames && isName(start..<offset)
                offset = try value(offset &+ 1, node: node)
            } else {
                if offset < end, byte(offset) == UInt8(ascii: "\"") { throw Malformation(.unexpectedQuote, at: offset) }
                census.flags &+= 1
                note(FieldValue(.flag, offset..<offset), at: node)
            }
        }
    }

    /// Reads a value from behind `=` on; returns the offset behind it.
    @inline(__always)
    private func value(_ start: Int, node: Int) throws(Malformation) -> Int {
        guard start < end, byte(start) == UInt8(ascii: "\"") else {
            let behind = firstDelimiter(start, UInt8(ascii: "\""))
            if behind < end, byte(behind) == UInt8(ascii: "\"") { throw Malformation(.unexpectedQuote, at: behind) }
            note(FieldValue(.string, start..<behind), at: node)
            return behind
        }
        var offset = quoteOrBackslash(start &+ 1)
        var hasEscapes = false
        while offset < end, byte(offset) == UInt8(ascii: "\\") {
            hasEscapes = true
            offset = quoteOrBackslash(min(offset &+ 2, end))
        }
        guard offset < end else { throw Malformation(.unterminatedString, at: start) }
        note(FieldValue(.string, start &+ 1..<offset, hasEscapes: hasEscapes), at: node)
        return offset &+ 1
    }

    @inline(__always)
    private func note(_ value: FieldValue, at node: Int) {
        guard node >= 0 else { return }
        candidates[Int(keys.nodes[node].candidates.lowerBound)] = value
    }

    private func isName(_ range: Range<Int>) -> Bool {
        let first = byte(range.lowerBound)
        guard isLetter(first) || first == UInt8(ascii: "_") || first == UInt8(ascii: "@") else { return false }
        for offset in range {
            let next = byte(offset)
            let isPunctuation = next == UInt8(ascii: "_") || next == UInt8(ascii: "@") || (0x2D...0x2F).contains(next)
            guard isLetter(next) || next &- UInt8(ascii: "0") < 10 || isPunctuation else { return false }
        }
        return true
    }

    @inline(__always)
    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    /// Where a key or a bare value that begins at `start` ends: before a blank, a double quote or `delimiter`.
    @inline(__always)
    private func firstDelimiter(_ start: Int, _ delimiter: UInt8) -> Int {
        first(start, below: 0x21, UInt8(ascii: "\""), delimiter)
    }

    @inline(__always)
    private func quoteOrBackslash(_ start: Int) -> Int {
        first(start, below: 0, UInt8(ascii: "\""), UInt8(ascii: "\\"))
    }

    /// The first of two bytes or of those below `limit` from `start` on, or `end`.
    @inline(__always)
    private func first(_ start: Int, below limit: UInt8, _ one: UInt8, _ other: UInt8) -> Int {
        var offset = start
        while offset &+ 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            var marks = ByteWord.equal(word, one) | ByteWord.equal(word, other)
            if limit > 0 { marks |= ByteWord.less(word, than: limit) }
            marks &= ByteWord.highBits
            if marks != 0 { return offset &+ ByteWord.first(marks) }
            offset &+= 8
        }
        while offset < end, byte(offset) >= limit, byte(offset) != one, byte(offset) != other { offset &+= 1 }
        return offset
    }
}
