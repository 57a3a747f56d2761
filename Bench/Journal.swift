import Foundation
import NIOCore
import Sockets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Appends messages to a file, all that wait in one write and one fdatasync, and only then acknowledges and forwards them.
///
/// The thread that writes also builds the frames and hands them out in one batch.
final class Journal: Sendable {
    struct Line: Sendable {
        var buyer: Int
        var number: Int
        var key: ByteBuffer
        var text: ByteBuffer
        var from: SocketHandle
        var to: SocketHandle?
    }

    private let waiting = Waiting()
    private let file: Int32

    init(path: String) throws {
        file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        Thread.detachNewThread { [self] in
            while true { commit(waiting.takeAll()) }
        }
    }

    func append(_ line: Line) {
        waiting.add(line)
    }

    private func commit(_ lines: [Line]) {
        var bytes = ByteBuffer()
        for line in lines {
            bytes.writeInteger(UInt32(line.key.readableBytes + line.text.readableBytes + 8))
            bytes.writeInteger(UInt32(line.buyer))
            bytes.writeInteger(UInt32(line.number))
            bytes.writeImmutableBuffer(line.key)
            bytes.writeImmutableBuffer(line.text)
        }
        bytes.withUnsafeReadableBytes { all in
            var rest = all
            while !rest.isEmpty {
                let count = write(file, rest.baseAddress, rest.count)
                guard count > 0 else {
                    fatalError("the relay's disk: \(String(cString: strerror(errno)))")
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        guard fdatasync(file) == 0 else {
            fatalError("the relay's disk: \(String(cString: strerror(errno)))")
        }
        var batch = SocketBatch()
        let now = Int(Date().timeIntervalSince1970 * 1000)
        for line in lines {
            batch.add(ack(line, now), to: line.from)
            if let to = line.to { batch.add(event(line, now), to: to) }
        }
    }

    /// As in Docs/api.md §2.
    private func ack(_ line: Line, _ now: Int) -> SocketFrame {
        var json = ByteBuffer()
        json.writeString(#"{"type":"ack","key":""#)
        json.writeImmutableBuffer(line.key)
        json.writeString(
            #"","event":\#(line.number),"conversation":"\#(line.buyer)","id":"\#(line.number)","#)
        json.writeString(
            #""number":\#(line.number),"follows":\#(line.number - 1),"at":\#(now)}"#)
        return SocketFrame(text: json)
    }

    /// As in Docs/api.md §2 and §3.
    private func event(_ line: Line, _ now: Int) -> SocketFrame {
        var json = ByteBuffer()
        json.writeString(
            #"{"type":"event","event":\#(line.number),"kind":"message.sent","#
                + #""conversation":"\#(line.buyer)","at":\#(now),"#
                + #""actor":{"kind":"buyer","id":"\#(line.buyer)","name":"买家"},"#
                + #""body":{"id":"\#(line.number)","number":\#(line.number),"#
                + #""follows":\#(line.number - 1),"at":\#(now),"key":""#)
        json.writeImmutableBuffer(line.key)
        json.writeString(
            #"","author":{"kind":"buyer","id":"\#(line.buyer)","name":"买家"},"#
                + #""kind":"text","text":""#)
        json.writeImmutableBuffer(line.text)
        json.writeString(#"","audience":"all","mentions":[],"withdrawn":false}}"#)
        return SocketFrame(text: json)
    }
}

/// Lines that wait for the writing thread.
private final class Waiting: Sendable {
    private let condition = NSCondition()
    // Guarded by `condition`, which Swift cannot see.
    private nonisolated(unsafe) var lines: [Journal.Line] = []

    func add(_ line: Journal.Line) {
        condition.lock()
        lines.append(line)
        if lines.count == 1 { condition.signal() }
        condition.unlock()
    }

    func takeAll() -> [Journal.Line] {
        condition.lock()
        defer { condition.unlock() }
        while lines.isEmpty { condition.wait() }
        defer { lines = [] }
        return lines
    }
}
