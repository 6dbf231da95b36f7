/// The times at which an expression is evaluated.
struct Steps: Equatable {
    var start: Int64
    /// The distance between two; any where there is only one.
    var interval: Int64
    var count: Int

    static func instant(_ time: Int64) -> Steps { Steps(start: time, interval: 1, count: 1) }

    func time(_ index: Int) -> Int64 { start + Int64(index) * interval }

    var end: Int64 { time(max(0, count - 1)) }
}
