/// What a container runtime writes around each line.
public enum ContainerFormat: String, Hashable, Sendable, CaseIterable {
    /// Nothing: lines are as the service wrote them.
    case none
    case docker
    case cri
    /// Whichever of the two a line is, if any.
    case auto
}
