/// What a page of OpenMetrics shows beside values.
public struct PageSettings: Hashable, Sendable {
    /// Whether counters and buckets name the line that they counted last.
    public var showsExemplars: Bool
    /// Whether counters and histograms show since when they count.
    public var showsCreated: Bool
    /// The defaults of the configuration unless others are given.
    public init(showsExemplars: Bool = true, showsCreated: Bool = false) {
        self.showsExemplars = showsExemplars
        self.showsCreated = showsCreated
    }
}
