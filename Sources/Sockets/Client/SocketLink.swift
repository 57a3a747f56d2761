import DequeModule
package import NIOCore
import Synchronization

/// A client's socket for code that would rather await texts than be called: one reader, at most 256 texts waiting; beyond
/// them reading pauses.
package final class SocketLink: SocketSession {
    private struct Box {
        var texts: Deque<ByteBuffer> = []
        var reader: CheckedContinuation<ByteBuffer?, Never>?
        var closed: SocketClose?
        var paused = false
    }

    private static let high = 256

    package let handle: SocketHandle
    /// What the server chose of the offered subprotocols.
    package let subprotocol: String?
    private let box = Mutex(Box())

    private init(handle: SocketHandle, subprotocol: String?) {
        self.handle = handle
        self.subprotocol = subprotocol
    }

    /// Opens a socket.
    ///
    /// Throws `SocketClientError`, or NIO's connection error.
    package static func open(_ client: SocketClient) async throws -> SocketLink {
        let made = Mutex<SocketLink?>(nil)
        _ = try await client.connect { handle, subprotocol in
            let link = SocketLink(handle: handle, subprotocol: subprotocol)
            made.withLock { $0 = link }
            return link
        }.get()
        guard let link = made.withLock({ $0 }) else { throw SocketClientError.connectionLost }
        return link
    }

    /// Sends a text.
    package func send(_ text: String) {
        handle.send(masked: text)
    }

    /// Closes after what was sent.
    package func close(_ code: SocketCode = .normal, reason: String = "") {
        handle.close(code, reason: reason)
    }

    /// Why the socket ended; nil while it has not.
    package var closed: SocketClose? { box.withLock { $0.closed } }

    /// The next text; nil when the socket is over, or the task was cancelled.
    ///
    /// For one reader at a time.
    package func next() async -> ByteBuffer? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let (answer, resume): (ByteBuffer??, Bool) = box.withLock { box in
                    if let text = box.texts.popFirst() {
                        let resume = box.paused && box.texts.count < Self.high / 4
                        if resume { box.paused = false }
                        return (.some(text), resume)
                    }
                    if box.closed != nil || Task.isCancelled { return (.some(nil), false) }
                    box.reader = reader
                    return (nil, false)
                }
                if resume { handle.resumeReading() }
                if let answer { reader.resume(returning: answer) }
            }
        } onCancel: {
            let reader = box.withLock { box in
                defer { box.reader = nil }
                return box.reader
            }
            reader?.resume(returning: nil)
        }
    }

    package func received(_ text: ByteBuffer) {
        let (reader, pause) = box.withLock { box in
            if let reader = box.reader {
                box.reader = nil
                return (Optional(reader), false)
            }
            box.texts.append(text)
            let pause = box.texts.count >= Self.high && !box.paused
            if pause { box.paused = true }
            return (nil, pause)
        }
        reader?.resume(returning: text)
        if pause { handle.pauseReading() }
    }

    package func closed(_ why: SocketClose) {
        let reader = box.withLock { box in
            box.closed = why
            defer { box.reader = nil }
            return box.reader
        }
        reader?.resume(returning: nil)
    }
}
