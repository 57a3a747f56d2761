package import NIOCore

/// One whole WebSocket frame as it goes over the wire, header included (RFC 6455 §5.2).
///
/// A frame is built once and the same bytes are written to every receiver: fan-out copies nothing.
package struct SocketFrame: Sendable {
    /// Header and payload.
    let bytes: ByteBuffer

    /// What this frame weighs in an outbox, in bytes.
    package var size: Int { bytes.readableBytes }

    init(bytes: ByteBuffer) {
        self.bytes = bytes
    }

    /// A text frame of these UTF-8 bytes, as a server sends it.
    package init(text: ByteBuffer) {
        self.init(text: text.readableBytesView)
    }

    /// A text frame of these UTF-8 bytes, as a server sends it.
    package init(text: some Collection<UInt8>) {
        var frame = Self.header(.text, length: text.count, mask: nil, room: text.count)
        frame.writeBytes(text)
        self.init(bytes: frame)
    }

    /// A text frame of this string, as a server sends it.
    package init(text: String) {
        let length = text.utf8.count
        var frame = Self.header(.text, length: length, mask: nil, room: length)
        frame.writeString(text)
        self.init(bytes: frame)
    }

    /// A frame of any kind; `mask` for what a client sends (§5.3: every frame, with a fresh key).
    init(_ opcode: Opcode, payload: ByteBuffer, final: Bool = true, mask: UInt32? = nil) {
        var frame = Self.header(
            opcode, length: payload.readableBytes, final: final, mask: mask,
            room: payload.readableBytes)
        if let mask {
            Mask(mask).copy(payload, to: &frame)
        } else {
            frame.writeImmutableBuffer(payload)
        }
        self.init(bytes: frame)
    }

    /// A Close frame; a code that may not travel (§7.4.1) gives an empty one.
    init(close: SocketClose, mask: UInt32? = nil) {
        var payload = ByteBuffer()
        if close.code.mayTravel {
            payload.writeInteger(close.code.rawValue)
            payload.writeString(close.travellingReason)
        }
        self.init(.close, payload: payload, mask: mask)
    }

    private static func header(
        _ opcode: Opcode, length: Int, final: Bool = true, mask: UInt32?, room: Int
    ) -> ByteBuffer {
        var frame = ByteBufferAllocator().buffer(capacity: room + 14)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        frame.writeInteger(opcode.rawValue | (final ? 0x80 : 0))
        switch length {
        case ...125:
            frame.writeInteger(maskBit | UInt8(length))
        case ...0xFFFF:
            frame.writeInteger(maskBit | 126)
            frame.writeInteger(UInt16(length))
        default:
            frame.writeInteger(maskBit | 127)
            frame.writeInteger(UInt64(length))
        }
        if let mask { frame.writeInteger(mask) }
        return frame
    }
}

/// The frame kinds of RFC 6455 §5.2.
enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
}
