import SeriesModel

/// The version of this program.
public enum OutriderVersion {
    /// The semantic version, without a leading `v`.
    public static let current = "0.1.0"

    static var family: SampleFamily {
        SampleFamily(
            name: "outrider_build_info", kind: .gauge, help: "The version of this agent; always 1.",
            samples: [.init(labels: [("version", current)], value: 1)])
    }
}
