package import NIOCore
import Synchronization

/// The sending end of one socket, for any thread.
///
/// Frames wait in a bounded outbox. However many are sent before the event loop comes round, they cost one task and one
/// flush; a reader that falls behind the bound is closed with 4408 and what waits for it is dropped.
package final class SocketHandle: Sendable {
    /// What waits, guarded by a lock because any thread may send.
    struct Line {
        /// Frames not yet taken by the event loop.
        var pending: [SocketFrame] = []
        /// Everything not yet handed to the channel, whether pending or taken.
        var bytes = 0
        var frames = 0
        /// A drain is on its way, or waits for the channel to become writable.
        var draining = false
        /// Set once: nothing is taken any more.
        var ended: SocketClose?
    }

    /// The loop on which the session is called.
    package let eventLoop: any EventLoop
    let settings: SocketSettings
    let line = Mutex(Line())
    /// The handler in the pipeline, gone when the channel is.
    let seat: NIOLoopBoundBox<SocketChannelHandler?>

    /// - Precondition: on the event loop.
    init(eventLoop: any EventLoop, settings: SocketSettings) {
        self.eventLoop = eventLoop
        self.settings = settings
        seat = NIOLoopBoundBox(nil, eventLoop: eventLoop)
    }

    /// Sends a frame, after all frames sent before from the same thread.
    ///
    /// Does nothing once the socket is over.
    package func send(_ frame: SocketFrame) {
        if enqueue(frame) { scheduleDrain() }
    }

    /// Closes after what was sent before has gone out; the reason is cut to 123 bytes.
    package func close(_ code: SocketCode, reason: String = "") {
        let first = line.withLock { line in
            guard line.ended == nil else { return false }
            line.ended = SocketClose(code, reason: reason, by: .here)
            return true
        }
        // Even if a drain waits for a slow reader already: the grace time starts now.
        if first { scheduleDrain() }
    }

    /// Hands no further text to the session, not even what was received already, until `resumeReading`.
    package func pauseReading() {
        onLoop { $0.pause() }
    }

    /// Goes on where `pauseReading` stopped.
    package func resumeReading() {
        onLoop { $0.resume() }
    }

    /// Whether the socket still takes frames.
    package var isOpen: Bool {
        line.withLock { $0.ended == nil }
    }

    /// Frames and bytes that wait for the reader, apart from what the channel has taken (at most 64 KiB and a frame).
    package var waiting: (frames: Int, bytes: Int) {
        line.withLock { ($0.frames, $0.bytes) }
    }

    /// Puts a frame into the outbox.
    ///
    /// True when the caller has to see to a drain.
    func enqueue(_ frame: SocketFrame) -> Bool {
        line.withLock { line in
            guard line.ended == nil else { return false }
            let bytes = line.bytes + frame.size
            // A single frame is always taken, however large, so that a bound below it cannot lock the socket up.
            if line.frames > 0, bytes > settings.outboxBytes || line.frames >= settings.outboxFrames
            {
                line.ended = SocketClose(.tooSlow, reason: "too slow a reader", by: .here)
                line.pending = []
            } else {
                line.bytes = bytes
                line.frames += 1
                line.pending.append(frame)
                if line.draining { return false }
            }
            line.draining = true
            return true
        }
    }

    private func scheduleDrain() {
        eventLoop.execute { self.seat.value?.drain() }
    }

    private func onLoop(_ act: @escaping @Sendable (SocketChannelHandler) -> Void) {
        if eventLoop.inEventLoop {
            if let handler = seat.value { act(handler) }
        } else {
            eventLoop.execute { if let handler = self.seat.value { act(handler) } }
        }
    }
}
