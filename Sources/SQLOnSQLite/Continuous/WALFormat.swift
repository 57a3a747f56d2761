/// The parts of SQLite's write-ahead log, as its file format page describes them: a header of 32 bytes, then frames of a
/// header of 24 bytes and one page; all numbers have their highest byte first.
///
/// Each checksum goes on from the one before it, so a frame proves all frames before it.
package enum WALFormat {
    package static let headerSize = 32
    package static let frameHeaderSize = 24

    /// SQLite's checksum: two sums over words of 32 bits.
    package struct Checksum: Hashable, Sendable {
        package var first: UInt32 = 0
        package var second: UInt32 = 0

        package init(_ first: UInt32 = 0, _ second: UInt32 = 0) {
            self.first = first
            self.second = second
        }

        /// - Parameter bytes: a multiple of 8.
        mutating func add(_ bytes: UnsafeRawBufferPointer, bigEndian: Bool) {
            var place = 0
            while place + 8 <= bytes.count {
                let one = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
                let two = bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                first &+= (bigEndian ? UInt32(bigEndian: one) : UInt32(littleEndian: one)) &+ second
                second &+= (bigEndian ? UInt32(bigEndian: two) : UInt32(littleEndian: two)) &+ first
                place += 8
            }
        }
    }

    package struct Header: Hashable, Sendable {
        package let pageSize: Int
        /// Two numbers that a log begun anew changes: the first rises by one, the second is by chance.
        package let salt: UInt64
        package let checksum: Checksum
        package let bigEndian: Bool

        /// Nil when the bytes are no whole header.
        package init?(_ bytes: [UInt8]) {
            guard bytes.count >= headerSize else { return nil }
            let magic = word(bytes, 0)
            guard magic == 0x377f_0682 || magic == 0x377f_0683 else { return nil }
            bigEndian = magic & 1 == 1
            pageSize = Int(word(bytes, 8))
            salt = UInt64(word(bytes, 16)) << 32 | UInt64(word(bytes, 20))
            var sum = Checksum()
            let swapped = bigEndian
            bytes.withUnsafeBytes { sum.add(.init(rebasing: $0[0..<24]), bigEndian: swapped) }
            checksum = Checksum(word(bytes, 24), word(bytes, 28))
            guard sum == checksum, (512...65_536).contains(pageSize) else { return nil }
        }
    }

    package struct Frame: Hashable, Sendable {
        package let page: UInt32
        /// Pages of the database after this frame's commit; 0 = no commit ends here.
        package let sizeAfterCommit: UInt32
        package let salt: UInt64
        package let checksum: Checksum
    }

    /// Reads a frame's header; the bytes of its page follow it.
    package static func frame(_ bytes: ArraySlice<UInt8>) -> Frame {
        let start = bytes.startIndex
        return Frame(
            page: word(bytes, start), sizeAfterCommit: word(bytes, start + 4),
            salt: UInt64(word(bytes, start + 8)) << 32 | UInt64(word(bytes, start + 12)),
            checksum: Checksum(word(bytes, start + 16), word(bytes, start + 20)))
    }

    /// Follows the chain over whole frames.
    ///
    /// - Returns: the frames and the last checksum; nil when a frame does not go on from the one before it.
    package static func follow(
        _ bytes: ArraySlice<UInt8>, pageSize: Int, salt: UInt64, bigEndian: Bool,
        from checksum: Checksum
    ) -> (frames: [Frame], checksum: Checksum)? {
        let size = frameHeaderSize + pageSize
        var sum = checksum
        var frames: [Frame] = []
        var place = bytes.startIndex
        while place + size <= bytes.endIndex {
            let found = frame(bytes[place..<place + size])
            bytes.withUnsafeBytes { all in
                let offset = place - bytes.startIndex
                sum.add(.init(rebasing: all[offset..<offset + 8]), bigEndian: bigEndian)
                let body = offset + frameHeaderSize
                sum.add(.init(rebasing: all[body..<body + pageSize]), bigEndian: bigEndian)
            }
            guard found.salt == salt, found.checksum == sum else { return nil }
            frames.append(found)
            place += size
        }
        return (frames, sum)
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 { word(bytes[...], place) }

    private static func word(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt32 {
        UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16
            | UInt32(bytes[place + 2]) << 8 | UInt32(bytes[place + 3])
    }
}
