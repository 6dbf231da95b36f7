/// SAFETY: a line is read within its bounds only, and not kept.
extension RequiredLiterals {
    /// Whether the line has a literal of each set; without that it cannot match. Slow, and so for doubtful lines only.
    func areIn(_ line: UnsafeRawBufferPointer) -> Bool {
        sets.allSatisfy { set in set.literals.contains { isIn(line, $0) } }
    }

    private func isIn(_ line: UnsafeRawBufferPointer, _ literal: Literal) -> Bool {
        let count = literal.bytes.count
        guard line.count >= count else { return false }
        return (0...line.count - count).contains { start in
            (0..<count).allSatisfy { offset in
                let byte = line[start + offset]
                return (literal.isCaseless ? lowercased(byte) : byte) == literal.bytes[offset]
            }
        }
    }
}
