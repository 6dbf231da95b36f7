/// What the kernel answered instead of doing what it was asked.
struct Errno: Error, Hashable {
    let number: Int32
    init(_ number: Int32) { self.number = number }
}
