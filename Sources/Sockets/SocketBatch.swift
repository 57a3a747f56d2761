import NIOCore

/// Frames for many sockets that go out together: one task per event loop, however many receivers there are.
///
/// What was added leaves when the batch goes out of scope, or earlier with `deliver`.
package struct SocketBatch: ~Copyable {
    private var due: [ObjectIdentifier: [SocketHandle]] = [:]

    package init() {}

    deinit {
        for handles in due.values {
            handles.first?.eventLoop.execute {
                for handle in handles { handle.seat.value?.drain() }
            }
        }
    }

    /// Puts a frame into a socket's outbox.
    ///
    /// Order per socket is kept.
    package mutating func add(_ frame: SocketFrame, to handle: SocketHandle) {
        guard handle.enqueue(frame) else { return }
        due[ObjectIdentifier(handle.eventLoop), default: []].append(handle)
    }

    /// Sends all that was added.
    package consuming func deliver() {}

    /// Sends each frame to its socket.
    package static func deliver(_ frames: some Sequence<(SocketHandle, SocketFrame)>) {
        var batch = SocketBatch()
        for (handle, frame) in frames { batch.add(frame, to: handle) }
        batch.deliver()
    }
}
