import NIOCore

/// The masking of RFC 6455 §5.3: the payload's byte i is combined with the key's byte i mod 4.
struct Mask {
    /// The key as its four bytes stand in memory, twice, so that eight bytes are done at a time.
    private let pattern: UInt64

    /// - Parameter key: the four bytes in network order, as read from the frame.
    init(_ key: UInt32) {
        let stored = UInt64(key.bigEndian)
        pattern = stored | stored << 32
    }

    /// Appends the masked (or, what is the same, unmasked) readable bytes of `source` to `target`.
    func copy(_ source: ByteBuffer, to target: inout ByteBuffer) {
        let count = source.readableBytes
        guard count > 0 else { return }
        target.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { to in
            source.withUnsafeReadableBytes { from in
                var at = 0
                while at + 8 <= count {
                    let word = from.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    to.storeBytes(of: word ^ pattern, toByteOffset: at, as: UInt64.self)
                    at += 8
                }
                var rest = UInt64(littleEndian: pattern)
                while at < count {
                    to[at] = from[at] ^ UInt8(truncatingIfNeeded: rest)
                    rest >>= 8
                    at += 1
                }
            }
            return count
        }
    }
}
