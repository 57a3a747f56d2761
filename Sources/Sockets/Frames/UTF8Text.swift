import NIOCore

/// Whether bytes are UTF-8 (RFC 3629): no stray or missing continuation, no overlong form, no surrogate, nothing
/// beyond U+10FFFF.
enum UTF8Text {
    static func isValid(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { isValid($0) }
    }

    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        var at = 0
        while at < count {
            // Eight ASCII bytes at a time: most frames are JSON around little text.
            while at + 8 <= count,
                bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080
                    == 0
            {
                at += 8
            }
            guard at < count else { return true }
            let first = bytes[at]
            if first < 0x80 {
                at += 1
                continue
            }
            guard let length = sequenceLength(bytes, at: at) else { return false }
            at += length
        }
        return true
    }

    /// The length of the well-formed sequence of two to four bytes that begins here; nil when there is none.
    private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at: Int) -> Int? {
        let first = bytes[at]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { return nil }
        for next in (at + 2)..<max(at + 2, at + length) where bytes[next] & 0xC0 != 0x80 {
            return nil
        }
        return length
    }
}
