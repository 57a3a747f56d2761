import NIOCore
import Testing

@testable import Sockets

struct MaskTests {
    @Test(arguments: [0, 1, 3, 4, 7, 8, 9, 31, 125, 1000])
    func `masking combines every byte with the key's byte i mod 4`(count: Int) {
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var masked = ByteBuffer()
        Mask(0x37FA_213D).copy(ByteBuffer(bytes: plain), to: &masked)
        let expected = plain.enumerated().map { $1 ^ key[$0 % 4] }
        #expect(Array(masked.readableBytesView) == expected)
    }
}
