/// Goes over JSON text and notes what it finds at the candidates of a tree.
///
/// Every function takes the offset to go on from and returns the offset behind what it read.
///
/// SAFETY: reads `bytes` below `end`, and eight at a time only where all eight are. `candidates` has a place for each of the
/// tree's candidates. Nodes are those of the tree, or -1 where no path leads.
struct JSONScanner {
    let bytes: UnsafeRawPointer
    let end: Int
    private let keys: KeyLookup
    private let candidates: UnsafeMutablePointer<FieldValue>
    private let root: Int
    private let isClosed: Bool

    /// A scanner of `end` bytes, for as long as they, the tree and the candidates are. When the object is closed, it must not
    /// have other keys than the tree.
    init(
        bytes: UnsafeRawPointer, end: Int, tree: FieldTree, candidates: UnsafeMutablePointer<FieldValue>,
        isClosed: Bool = false
    ) {
        self.isClosed = isClosed
        self.bytes = bytes
        self.end = end
        keys = KeyLookup(tree)
        self.candidates = candidates
        root = tree.pathCount == 0 ? -1 : 0
    }

    /// Reads the whole text, which must be one object.
    @inline(__always)
    func document() throws(Malformation) {
        let start = skipBlanks(0)
        guard start < end, byte(start) == UInt8(ascii: "{") else { throw Malformation(.notAnObject, at: start) }
        let behind = skipBlanks(try object(start + 1, node: root, depth: 1))
        guard behind == end else { throw Malformation(.textBehindObject, at: behind) }
    }

    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 { bytes.load(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    private func skipBlanks(_ start: Int) -> Int {
        var offset = start
        while offset < end, byte(offset) <= 0x20, isBlank(byte(offset)) { offset &+= 1 }
        return offset
    }

    @inline(__always)
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    // MARK: - Objects and arrays

    /// Reads the members of an object from behind its brace on.
    private func object(_ start: Int, node: Int, depth: Int) throws(Malformation) -> Int {
        var offset = skipBlanks(start)
        if offset < end, byte(offset) == UInt8(ascii: "}") { return offset &+ 1 }
        while true {
            guard offset < end, byte(offset) == UInt8(ascii: "\"") else { throw Malformation(.missingKey, at: offset) }
            let keyStart = offset &+ 1
            let (keyEnd, hasEscapes) = try string(keyStart)
            offset = skipBlanks(keyEnd &+ 1)
            guard offset < end, byte(offset) == UInt8(ascii: ":") else { throw Malformation(.missingColon, at: offset) }
            let child = node < 0 ? -1 : member(of: node, keyStart..<keyEnd, hasEscapes: hasEscapes)
            if child < 0, isClosed, depth == 1 { throw Malformation(.unknownKey, at: keyStart &- 1) }
            offset = skipBlanks(try value(skipBlanks(offset &+ 1), node: child, depth: depth))
            guard offset < end else { throw Malformation(.missingComma, at: offset) }
            if byte(offset) == UInt8(ascii: ",") {
                offset = skipBlanks(offset &+ 1)
            } else if byte(offset) == UInt8(ascii: "}") {
                return offset &+ 1
            } else {
                throw Malformation(.missingComma, at: offset)
            }
        }
    }

    /// Reads the items of an array from behind its bracket on.
    private func array(_ start: Int, node: Int, depth: Int) throws(Malformation) -> Int {
        var offset = skipBlanks(start)
        if offset < end, byte(offset) == UInt8(ascii: "]") { return offset &+ 1 }
        let node = node >= 0 && keys.nodes[node].hasIndexes ? node : -1
        var index: Int32 = 0
        while true {
            let child = node < 0 ? -1 : item(of: node, index)
            offset = skipBlanks(try value(offset, node: child, depth: depth))
            guard offset < end else { throw Malformation(.missingComma, at: offset) }
            if byte(offset) == UInt8(ascii: ",") {
                offset = skipBlanks(offset &+ 1)
                index &+= 1
            } else if byte(offset) == UInt8(ascii: "]") {
                return offset &+ 1
            } else {
                throw Malformation(.missingComma, at: offset)
            }
        }
    }

    @inline(__always)
    private func member(of node: Int, _ range: Range<Int>, hasEscapes: Bool) -> Int {
        hasEscapes
            ? keys.escapedChild(of: node, UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count))
            : keys.child(of: node, bytes, range, end: end)
    }

    private func item(of node: Int, _ index: Int32) -> Int {
        for edge in keys.nodes[node].edges where keys.edges[Int(edge)].arrayIndex == index {
            return Int(keys.edges[Int(edge)].node)
        }
        return -1
    }

    // MARK: - Values

    @inline(__always)
    private func value(_ start: Int, node: Int, depth: Int) throws(Malformation) -> Int {
        // What an earlier member of the same name had is forgotten, also what was in it.
        if node >= 0 { forget(node) }
        guard start < end else { throw Malformation(.missingValue, at: start) }
        switch byte(start) {
        case UInt8(ascii: "\""):
            let (stringEnd, hasEscapes) = try string(start &+ 1)
            if node >= 0 { note(.string, start &+ 1, stringEnd, at: node, hasEscapes: hasEscapes) }
            return stringEnd &+ 1
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let behind = try number(start)
            if node >= 0 { note(.number, start, behind, at: node) }
            return behind
        case UInt8(ascii: "{"):
            guard depth < JSONFieldReader.maximumDepth else { throw Malformation(.tooDeep, at: start) }
            let behind = try object(start &+ 1, node: node, depth: depth &+ 1)
            if node >= 0 { note(.object, start, behind, at: node) }
            return behind
        case UInt8(ascii: "["):
            guard depth < JSONFieldReader.maximumDepth else { throw Malformation(.tooDeep, at: start) }
            let behind = try array(start &+ 1, node: node, depth: depth &+ 1)
            if node >= 0 { note(.array, start, behind, at: node) }
            return behind
        default:
            return try word(start, node: node)
        }
    }

    @inline(__always)
    private func forget(_ node: Int) {
        for candidate in keys.nodes[node].candidates { candidates[Int(candidate)] = .absent }
    }

    @inline(__always)
    private func note(_ kind: FieldValue.Kind, _ start: Int, _ end: Int, at node: Int, hasEscapes: Bool = false) {
        guard keys.nodes[node].isEnd else { return }
        candidates[Int(keys.nodes[node].candidates.lowerBound)] = FieldValue(kind, start..<end, hasEscapes: hasEscapes)
    }

    private func word(_ start: Int, node: Int) throws(Malformation) -> Int {
        let kind: FieldValue.Kind
        let length: Int
        switch byte(start) {
        case UInt8(ascii: "t"): (kind, length) = (.true, try expect("true", start))
        case UInt8(ascii: "f"): (kind, length) = (.false, try expect("false", start))
        case UInt8(ascii: "n"): (kind, length) = (.null, try expect("null", start))
        case UInt8(ascii: "N"): (kind, length) = (.number, try expect("NaN", start))
        case UInt8(ascii: "I"): (kind, length) = (.number, try expect("Infinity", start))
        default: throw Malformation(.missingValue, at: start)
        }
        if node >= 0 { note(kind, start, start + length, at: node) }
        return start + length
    }

    @inline(__always)
    private func expect(_ word: StaticString, _ start: Int) throws(Malformation) -> Int {
        let length = word.utf8CodeUnitCount
        guard length <= end - start else { throw Malformation(.badWord, at: start) }
        for index in 0..<length where byte(start + index) != word.utf8Start[index] {
            throw Malformation(.badWord, at: start)
        }
        return length
    }

    // MARK: - Numbers

    @inline(__always)
    private func number(_ start: Int) throws(Malformation) -> Int {
        var offset = start
        if byte(offset) == UInt8(ascii: "-") { offset &+= 1 }
        let integer = offset
        offset = digits(offset)
        if offset == integer, offset < end, byte(offset) == UInt8(ascii: "I") {
            return offset + (try expect("Infinity", offset))
        }
        guard offset > integer, byte(integer) != UInt8(ascii: "0") || offset == integer &+ 1 else {
            throw Malformation(.badNumber, at: start)
        }
        guard offset < end else { return offset }
        if byte(offset) == UInt8(ascii: ".") {
            let fraction = offset &+ 1
            offset = digits(fraction)
            guard offset > fraction else { throw Malformation(.badNumber, at: start) }
        }
        guard offset < end, byte(offset) | 0x20 == UInt8(ascii: "e") else { return offset }
        return try exponent(offset &+ 1, ofNumberAt: start)
    }

    @inline(never)
    private func exponent(_ start: Int, ofNumberAt number: Int) throws(Malformation) -> Int {
        var offset = start
        if offset < end, byte(offset) == UInt8(ascii: "+") || byte(offset) == UInt8(ascii: "-") { offset += 1 }
        let behind = digits(offset)
        guard behind > offset else { throw Malformation(.badNumber, at: number) }
        return behind
    }

    @inline(__always)
    private func digits(_ start: Int) -> Int {
        var offset = start
        while offset < end, byte(offset) &- UInt8(ascii: "0") < 10 { offset &+= 1 }
        return offset
    }

    // MARK: - Strings

    /// Reads a string from behind its quote on; returns where its closing quote stands.
    @inline(__always)
    func string(_ start: Int) throws(Malformation) -> (end: Int, hasEscapes: Bool) {
        let offset = special(start)
        if offset < end, byte(offset) == UInt8(ascii: "\"") { return (offset, false) }
        return (try stringWithEscapes(offset, start), true)
    }

    /// Goes on at `special`, where a string that began at `start` has its first byte that is more than a character.
    @inline(never)
    private func stringWithEscapes(_ special: Int, _ start: Int) throws(Malformation) -> Int {
        var offset = special
        while offset < end {
            switch byte(offset) {
            case UInt8(ascii: "\""): return offset
            case UInt8(ascii: "\\"): offset = self.special(try escape(offset))
            default: throw Malformation(.controlCharacter, at: offset)
            }
        }
        throw Malformation(.unterminatedString, at: start - 1)
    }

    private func escape(_ start: Int) throws(Malformation) -> Int {
        guard start + 1 < end else { throw Malformation(.badEscape, at: start) }
        switch byte(start + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            guard end - start >= 6, (2..<6).allSatisfy({ hexadecimalValue(byte(start + $0)) != nil }) else {
                throw Malformation(.badEscape, at: start)
            }
            return start + 6
        default: throw Malformation(.badEscape, at: start)
        }
    }

    /// The first quote, backslash or control character from `start` on, or `end`.
    @inline(__always)
    private func special(_ start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let marks =
                ByteWord.highBits
                & (ByteWord.equal(word, UInt8(ascii: "\"")) | ByteWord.equal(word, UInt8(ascii: "\\"))
                    | ByteWord.less(word, than: 0x20))
            if marks != 0 { return offset &+ ByteWord.first(marks) }
            offset &+= 8
        }
        while offset < end {
            let next = byte(offset)
            if next < 0x20 || next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") { break }
            offset &+= 1
        }
        return offset
    }
}
