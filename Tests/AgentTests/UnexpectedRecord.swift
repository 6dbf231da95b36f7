/// A pipeline that has no consumer of records opened the file of one.
struct UnexpectedRecord: Error {}
