import NIOCore

/// Doubles and reorders the frames of a WebSocket as they pass, whole and unopened (RFC 6455 §5.2).
///
/// Everything up to the end of the HTTP head passes as it is, and so does a connection that is no socket.
struct FrameTricks {
    /// One frame in so many is sent twice.
    var doubled: Int?
    /// One frame in so many changes places with the next.
    var reordered: Int?

    private enum State {
        case head
        case frames
        case plain
    }

    private var state = State.head
    private var random: SplitMix
    private var rest = ByteBuffer()
    private var held: ByteBuffer?

    init(seed: UInt64) { random = SplitMix(seed) }

    var holds: Bool { held != nil }

    /// What goes on when these bytes have come.
    mutating func pass(_ bytes: ByteBuffer) -> ByteBuffer {
        guard doubled != nil || reordered != nil, state != .plain else { return bytes }
        rest.writeImmutableBuffer(bytes)
        var out = ByteBuffer()
        if state == .head { passHead(&out) }
        guard state == .frames else { return out }
        while let frame = nextFrame() { trick(frame, &out) }
        return out
    }

    mutating func release() -> ByteBuffer {
        defer { held = nil }
        return held ?? ByteBuffer()
    }

    private mutating func passHead(_ out: inout ByteBuffer) {
        let view = rest.readableBytesView
        let end = Array("\r\n\r\n".utf8)
        guard
            let start = view.indices.first(where: { view[$0...].starts(with: end) }),
            let head = rest.readSlice(length: start - view.startIndex + end.count)
        else { return }
        out.writeImmutableBuffer(head)
        let isSocket = String(buffer: head).lowercased().contains("upgrade: websocket")
        state = isSocket ? .frames : .plain
        if !isSocket { out.writeBuffer(&rest) }
    }

    /// The next whole frame, when it is there.
    private mutating func nextFrame() -> ByteBuffer? {
        let start = rest.readerIndex
        guard let second = rest.getInteger(at: start + 1, as: UInt8.self) else { return nil }
        var head = 2
        var length = Int(second & 0x7f)
        if length == 126 {
            guard let long = rest.getInteger(at: start + 2, as: UInt16.self) else { return nil }
            (head, length) = (4, Int(long))
        } else if length == 127 {
            guard let long = rest.getInteger(at: start + 2, as: UInt64.self), long < 1 << 30 else {
                return nil
            }
            (head, length) = (10, Int(long))
        }
        if second & 0x80 != 0 { head += 4 }
        return rest.readSlice(length: head + length)
    }

    private mutating func trick(_ frame: ByteBuffer, _ out: inout ByteBuffer) {
        let first = frame.getInteger(at: frame.readerIndex, as: UInt8.self) ?? 0
        // Only whole texts: control frames and parts of one message keep their places.
        let isText = first == 0x81
        if isText, held == nil, let reordered, Int.random(in: 0..<reordered, using: &random) == 0 {
            held = frame
            return
        }
        out.writeImmutableBuffer(frame)
        if isText, let doubled, Int.random(in: 0..<doubled, using: &random) == 0 {
            out.writeImmutableBuffer(frame)
        }
        if let late = held {
            out.writeImmutableBuffer(late)
            held = nil
        }
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
