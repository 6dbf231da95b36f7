public import LogModel
public import MetricRegistry
public import QueryModel
public import SeriesModel

/// A page of metrics as it is sampled.
public struct SampledPage {
    /// The stored metrics.
    public var metrics: MetricSnapshot
    /// When they were frozen: every series that is not among them was created later, if ever.
    public var sealedAt: WallTime
    /// What the agent says about itself beside them.
    public var own: [SampleFamily]
    /// Labels of every series that has none of that name itself.
    public var target: [Label]

    /// A page of these parts.
    public init(metrics: MetricSnapshot, sealedAt: WallTime, own: [SampleFamily] = [], target: [Label] = []) {
        self.metrics = metrics
        self.sealedAt = sealedAt
        self.own = own
        self.target = target
    }
}
