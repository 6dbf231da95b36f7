import CLinux
import Glibc

// SAFETY: as in SystemCallsUnsafe.swift.
extension SystemCalls {
    static func listenLocally(_ path: String) throws(Errno) -> Int32 {
        try check(path) { outrider_local_listen($0) }
    }

    static func connectLocally(_ path: String) throws(Errno) -> Int32 {
        try check(path) { outrider_local_connect($0) }
    }

    static func acceptLocally(_ listener: Int32) throws(Errno) -> Int32 {
        try check { outrider_local_accept(listener) }
    }

    static func peerUser(_ descriptor: Int32) throws(Errno) -> UInt32 {
        var user: UInt32 = 0
        _ = try check { outrider_local_peer(descriptor, &user) }
        return user
    }

    /// Returns whether the descriptor became ready before the time was over.
    static func waitReady(_ descriptor: Int32, writing: Bool, milliseconds: Int32) throws(Errno) -> Bool {
        try check { outrider_wait_ready(descriptor, writing ? 1 : 0, milliseconds) } > 0
    }

    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
        try check { outrider_send(descriptor, bytes.baseAddress, bytes.count) }
    }

    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        try check { outrider_receive(descriptor, buffer.baseAddress, buffer.count) }
    }
}
