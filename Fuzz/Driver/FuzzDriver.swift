import CFuzzer

/// The target; set once before libFuzzer's one thread calls it.
nonisolated(unsafe) private var target: (UnsafeRawBufferPointer) -> Void = { _ in }

/// Runs `body` with inputs that libFuzzer makes up, under its options on the command line, until the time is over or something is
/// found, and ends the process.
///
/// Each input is an allocation of exactly its size, so that reading behind it is seen.
public func fuzz(_ body: @escaping (UnsafeRawBufferPointer) -> Void) {
    target = body
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let status = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
        target(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
    }
    guard status == 0 else { fatalError("libFuzzer ended with status \(status)") }
}

/// Reports the input as a finding when a property does not hold.
@inline(__always)
public func check(_ property: Bool, _ description: @autoclosure () -> String) {
    if !property { fatalError("the property does not hold: \(description())") }
}
