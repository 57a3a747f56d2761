import CZlib

/// Unpacks raw deflate piece by piece.
final class Inflate {
    enum Problem: Error {
        case broken
    }

    private var stream = z_stream()
    private var isOpen: Bool
    private(set) var isDone = false

    init() {
        isOpen =
            inflateInit2_(
                &stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if isOpen { inflateEnd(&stream) }
    }

    /// Unpacks, and tells what comes out in pieces of at most 64 KiB.
    /// - Parameter tell: false to stop.
    func take(_ packed: [UInt8], _ tell: ([UInt8]) throws -> Bool) throws {
        guard isOpen, !isDone, !packed.isEmpty else { return }
        var input = packed
        var output = [UInt8](repeating: 0, count: 64 << 10)
        var left = input.count
        repeat {
            let start = input.count - left
            let (result, stillLeft, made) = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress.map { $0 + start }
                    stream.avail_in = UInt32(left)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let result = inflate(&stream, Z_NO_FLUSH)
                    return (
                        result, Int(stream.avail_in), output.count - Int(stream.avail_out)
                    )
                }
            }
            left = stillLeft
            guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                throw Problem.broken
            }
            if made > 0, try !tell(Array(output[..<made])) { return }
            if result == Z_STREAM_END {
                isDone = true
                return
            }
            // Nothing more comes of what is here.
            if made == 0 && (result == Z_BUF_ERROR || left == 0) { return }
        } while true
    }
}

/// Packs to raw deflate.
final class Deflate {
    private var stream = z_stream()

    init() {
        deflateInit2_(
            &stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
    }

    deinit { deflateEnd(&stream) }

    /// - Parameter last: whether nothing follows.
    func take(_ plain: [UInt8], last: Bool) -> [UInt8] {
        var input = plain
        var packed: [UInt8] = []
        var output = [UInt8](repeating: 0, count: 32 << 10)
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            repeat {
                let made = output.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    _ = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH)
                    return output.count - Int(stream.avail_out)
                }
                packed += output[..<made]
            } while stream.avail_out == 0
        }
        return packed
    }
}

/// The check sum of zip files.
enum CRC {
    static func add(_ bytes: [UInt8], to sum: UInt32) -> UInt32 {
        bytes.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: crc32(uLong(sum), $0.baseAddress, UInt32($0.count)))
        }
    }
}
