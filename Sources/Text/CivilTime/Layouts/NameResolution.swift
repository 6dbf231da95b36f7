/// The stretch of time in which a layout gives the same name, from short to long.
public enum NameResolution: Int, Hashable, Sendable, Comparable, CaseIterable {
    case second
    case minute
    case hour
    case day
    /// From Monday on.
    case week
    case month
    case year

    /// Whether the left stretch is the shorter one.
    public static func < (left: NameResolution, right: NameResolution) -> Bool { left.rawValue < right.rawValue }
}
