public import Configuration
import Extraction
import FileAccess
public import LogModel
import MetricRegistry

extension AgentConfiguration {
    /// What an agent would refuse about the metrics when it starts, though each of them is right by itself: such as a gauge named
    /// like the sum of a histogram. Nil when there is nothing.
    public var metricMistake: (any DescribedError)? {
        do {
            _ = try MetricsConsumer(
                extractor: try Pipeline.extractor(self), registry: SeriesRegistry(), page: page, time: LinuxTime())
            return nil
        } catch {
            return error as? any DescribedError
        }
    }
}
