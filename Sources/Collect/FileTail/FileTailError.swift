public import LogModel

/// A source that cannot be read as it is configured.
public struct FileTailError: DescribedError {
    /// What to switch on.
    public let code: String
    /// Which source, which glob, and what is wrong with it.
    public let message: String
    /// What to write instead.
    public let hint: String?
    /// Whether it goes away without a change of the configuration.
    public let healing: Healing
}
