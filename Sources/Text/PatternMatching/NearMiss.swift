/// How far an expression went in a text that it does not match: for people who wonder why.
public struct NearMiss: Hashable, Sendable {
    /// What keeps the expression from matching.
    public enum Obstacle: Hashable, Sendable {
        /// The text goes on otherwise than the expression.
        case text
        /// What a negative look-around forbids is there.
        case exclusion
        /// Nothing but the case of letters.
        case letterCase
        /// Nothing but the `^` at its front: the rest is elsewhere in the line.
        case lineBegin
    }

    /// What keeps the expression from matching.
    public var obstacle: Obstacle
    /// The part of the expression that the text does not meet, in bytes; what stands before it was met.
    public var unmet: Range<Int>
    /// What was met, in bytes of the text; the expression wants something else behind it.
    public var met: Range<Int>
}
