/// What the kernel answered instead of doing what it was asked.
package struct Errno: Error, Hashable {
    package let number: Int32
    package init(_ number: Int32) { self.number = number }
}
