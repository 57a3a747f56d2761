import NIOCore

/// Which end of the connection this is: a server takes only masked frames and sends plain ones, a client the reverse
/// (RFC 6455 §5.1).
enum SocketSide {
    case server, client
}

/// A breach of the protocol by the peer, with the code that the connection is failed with.
struct SocketFault: Error, Equatable {
    let code: SocketCode
    let reason: String
}

/// Turns received bytes into whole messages and control frames, and refuses whatever RFC 6455 §5–7 forbids.
///
/// NIOWebSocket's decoder is not used: it lets unmasked frames, reserved bits and opcodes, overlong lengths, lone
/// continuations and bad UTF-8 through, and asks one object per frame. Every rule here is judged from a frame's header,
/// before its payload is waited for. Pure: no channel, no clock.
struct FrameReader {
    /// What the peer said.
    enum Event: Equatable {
        /// A whole text message, joined from its fragments, valid UTF-8, in a buffer of its own.
        case text(ByteBuffer)
        case ping(ByteBuffer)
        case pong
        /// A Close frame; without a code it reads as 1005.
        case close(SocketCode, reason: String)
    }

    let side: SocketSide
    /// The largest message in bytes, over all its fragments.
    let limit: Int
    /// The fragments so far, while a message is unfinished.
    private var joined: ByteBuffer?

    init(side: SocketSide, limit: Int) {
        self.side = side
        self.limit = limit
    }

    private struct Header {
        var opcode: Opcode
        var final: Bool
        var length: Int
        var mask: UInt32?
        var size: Int
    }

    /// Takes the next event from the front of `buffer`; nil when the bytes at hand do not finish one.
    ///
    /// Fragments that finish no message are taken and kept. Throws `SocketFault`; nothing may be read afterwards.
    mutating func next(_ buffer: inout ByteBuffer) throws(SocketFault) -> Event? {
        while let header = try header(buffer) {
            guard buffer.readableBytes >= header.size + header.length else { return nil }
            buffer.moveReaderIndex(forwardBy: header.size)
            guard let slice = buffer.readSlice(length: header.length) else { return nil }
            if let event = try take(header, slice) { return event }
        }
        return nil
    }

    /// How many bytes the frame at the front of `buffer` has, header included, as far as its header is there to tell.
    func wanted(_ buffer: ByteBuffer) -> Int? {
        guard let header = try? header(buffer) else { return nil }
        return header.size + header.length
    }

    private mutating func take(_ header: Header, _ slice: ByteBuffer) throws(SocketFault) -> Event?
    {
        switch header.opcode {
        case .ping:
            return .ping(payload(header, slice))
        case .pong:
            return .pong
        case .close:
            return try close(payload(header, slice))
        case .text where header.final:
            return try text(payload(header, slice))
        case .text, .binary:
            joined = payload(header, slice)
            return nil
        case .continuation:
            var whole = joined ?? ByteBuffer()
            joined = nil
            if let mask = header.mask {
                Mask(mask).copy(slice, to: &whole)
            } else {
                whole.writeImmutableBuffer(slice)
            }
            if header.final { return try text(whole) }
            joined = whole
            return nil
        }
    }

    private func text(_ bytes: ByteBuffer) throws(SocketFault) -> Event {
        guard UTF8Text.isValid(bytes) else {
            throw SocketFault(code: .notUTF8, reason: "text is not UTF-8")
        }
        return .text(bytes)
    }

    /// The plain payload in a buffer of its own size, so that keeping it does not keep the whole receive buffer.
    private func payload(_ header: Header, _ slice: ByteBuffer) -> ByteBuffer {
        guard let mask = header.mask else { return slice }
        var plain = ByteBufferAllocator().buffer(capacity: header.length)
        Mask(mask).copy(slice, to: &plain)
        return plain
    }

    private func close(_ payload: ByteBuffer) throws(SocketFault) -> Event {
        var payload = payload
        guard payload.readableBytes > 0 else { return .close(.none, reason: "") }
        guard let number = payload.readInteger(as: UInt16.self) else {
            throw SocketFault(code: .protocolError, reason: "a close code has two bytes")
        }
        let code = SocketCode(rawValue: number)
        guard code.mayTravel else {
            throw SocketFault(code: .protocolError, reason: "close code \(number) may not be sent")
        }
        guard UTF8Text.isValid(payload) else {
            throw SocketFault(code: .notUTF8, reason: "close reason is not UTF-8")
        }
        return .close(code, reason: String(buffer: payload))
    }

    /// The header at the front of `buffer`, judged as far as it has arrived; nil when it is not whole.
    private func header(_ buffer: ByteBuffer) throws(SocketFault) -> Header? {
        let start = buffer.readerIndex
        guard let first = buffer.getInteger(at: start, as: UInt8.self) else { return nil }
        guard first & 0x70 == 0 else { throw broken("a reserved bit is set") }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw broken("unknown opcode") }
        let final = first & 0x80 != 0
        if opcode.isControl {
            guard final else { throw broken("a control frame in fragments") }
        } else if opcode == .continuation {
            guard joined != nil else { throw broken("a continuation of nothing") }
        } else {
            guard joined == nil else { throw broken("a new message inside another") }
            guard opcode == .text else {
                throw SocketFault(code: .unacceptable, reason: "only text is spoken here")
            }
        }
        guard let second = buffer.getInteger(at: start + 1, as: UInt8.self) else { return nil }
        let masked = second & 0x80 != 0
        guard masked == (side == .server) else {
            throw broken(masked ? "a server may not mask" : "a client must mask")
        }
        guard let (length, headSize) = try length(buffer, at: start, short: second & 0x7F) else {
            return nil
        }
        var size = headSize
        if opcode.isControl {
            guard length <= 125 else { throw broken("a control frame over 125 bytes") }
        } else if length > limit - (joined?.readableBytes ?? 0) {
            throw SocketFault(code: .tooBig, reason: "a message has at most \(limit) bytes")
        }
        var mask: UInt32?
        if masked {
            guard let key = buffer.getInteger(at: start + size, as: UInt32.self) else { return nil }
            mask = key
            size += 4
        }
        return Header(opcode: opcode, final: final, length: length, mask: mask, size: size)
    }

    /// Payload length and the header's size without the mask (§5.2: the shortest form only).
    private func length(
        _ buffer: ByteBuffer, at start: Int, short: UInt8
    ) throws(SocketFault) -> (Int, Int)? {
        switch short {
        case 126:
            guard let long = buffer.getInteger(at: start + 2, as: UInt16.self) else { return nil }
            guard long > 125 else { throw broken("a length in too many bytes") }
            return (Int(long), 4)
        case 127:
            guard let long = buffer.getInteger(at: start + 2, as: UInt64.self) else { return nil }
            guard long > 0xFFFF, long <= UInt64(Int64.max) else {
                throw broken("a length out of form")
            }
            return (Int(long), 10)
        default:
            return (Int(short), 2)
        }
    }

    private func broken(_ reason: String) -> SocketFault {
        SocketFault(code: .protocolError, reason: reason)
    }
}
