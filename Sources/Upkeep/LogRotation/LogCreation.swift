/// How the file is made that takes the place of a log that is set aside.
public struct LogCreation: Hashable, Sendable {
    /// Its permissions; those of the file before it where nil.
    public var permissions: UInt32?
    /// Its owner's number; the owner of the file before it where nil.
    public var owner: UInt32?
    /// Its group's number; the group of the file before it where nil.
    public var group: UInt32?
    /// Like the file before it, unless told otherwise.
    public init(permissions: UInt32? = nil, owner: UInt32? = nil, group: UInt32? = nil) {
        self.permissions = permissions
        self.owner = owner
        self.group = group
    }
}
