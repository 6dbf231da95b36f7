public import LogModel

/// A source that cannot be read as it is configured.
public struct FileTailError: DescribedError {
    public let code: String
    public let message: String
    public let hint: String?
    public let healing: Healing
}
