import LogModel
import SeriesModel

/// The line that a cell's value counted last.
struct Exemplar {
    /// Where the line begins.
    var offset: UInt64
    /// What it added, or what was observed.
    var value: Double
    /// When that was.
    var time: WallTime
    /// The stream that the line is from.
    var stream: StreamID

    /// Of a cell that counted no line.
    static let none = Exemplar(offset: 0, value: 0, time: .unixEpoch, stream: StreamID(0))
    var isNone: Bool { stream.rawValue == 0 }
}

/// For each cell with a count the line that it counted last, in shards like those of the cells.
///
/// In memory only: they are evidence, and not what is counted. After a start a series has none until a line counts.
struct ExemplarStore {
    typealias Shard = ContiguousArray<Exemplar>

    /// Whether lines are noted at all; without that there are none.
    var isKept = false {
        didSet { if !isKept { (shards, latest, touched) = ([], [], []) } }
    }
    private(set) var shards: [Shard] = []
    /// By cell: the number, from 1 on, of the update of the current batch that wrote it last; 0 for none.
    private var latest: ContiguousArray<UInt32> = []
    /// The cells that have one.
    private var touched: ContiguousArray<Int> = []

    /// Notes that an update of the current batch wrote a cell. Of most cells a batch has many updates, of which only the last
    /// one is worth more than a number.
    @inline(__always)
    mutating func touch(_ cell: Int, update: Int) {
        if cell >= latest.count { growLatest(to: cell) }
        if latest[cell] == 0 { touched.append(cell) }
        latest[cell] = UInt32(truncatingIfNeeded: update &+ 1)
    }

    /// Ends a batch: `exemplar` makes one of an update.
    mutating func settle(_ exemplar: (Int) -> Exemplar?) {
        for cell in touched {
            let update = Int(latest[cell]) - 1
            latest[cell] = 0
            guard let exemplar = exemplar(update) else { continue }
            if cell >> 8 >= shards.count { grow(to: cell) }
            shards[cell >> 8][cell & 255] = exemplar
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Forgets what cells counted that are given to another series.
    mutating func forget(_ cells: Range<Int>) {
        for cell in cells where cell >> 8 < shards.count { shards[cell >> 8][cell & 255] = .none }
    }

    @inline(never)
    private mutating func growLatest(to cell: Int) {
        latest.append(contentsOf: repeatElement(0, count: max(cell + 1, 2 * latest.count) - latest.count))
    }

    private mutating func grow(to cell: Int) {
        while cell >> 8 >= shards.count { shards.append(Shard(repeating: .none, count: SeriesSlot.cellsPerShard)) }
    }
}
