/// A drawing of dots, two across and four down in each character (Unicode's braille patterns).
struct DotCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    /// Which drawing was there last, by character.
    private(set) var owners: [Int?]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        dots = Array(repeating: 0, count: columns * rows)
        owners = Array(repeating: nil, count: columns * rows)
    }

    var width: Int { columns * 2 }
    var height: Int { rows * 4 }

    /// Bits of the pattern, by row and column of the dot.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    /// Sets a dot; `y` is 0 at the top. What lies outside is left out.
    mutating func set(_ x: Int, _ y: Int, owner: Int) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let cell = y / 4 * columns + x / 2
        dots[cell] |= Self.bits[y % 4][x % 2]
        owners[cell] = owner
    }

    /// A straight line between two dots.
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y))
        guard steps > 0 else { return set(start.x, start.y, owner: owner) }
        for step in 0...steps {
            let part = Double(step) / Double(steps)
            let x = Double(start.x) + Double(end.x - start.x) * part
            let y = Double(start.y) + Double(end.y - start.y) * part
            set(Int(x.rounded()), Int(y.rounded()), owner: owner)
        }
    }

    /// A line of characters, with whoever drew each of them last.
    func row(_ row: Int) -> [(character: Character, owner: Int?)] {
        (0..<columns).map { column in
            let cell = row * columns + column
            guard dots[cell] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else { return (" ", nil) }
            return (Character(scalar), owners[cell])
        }
    }
}
