/// Owns a file descriptor and closes it when the last reference goes.
final class Descriptor: Sendable {
    let number: Int32
    init(owning number: Int32) { self.number = number }
    deinit { SystemCalls.close(number) }
}
