import NIOCore
import Testing

@testable import Sockets

/// The reader alone: what it makes of bytes does not depend on how they are cut.
struct FrameReaderTests {
    /// Numbers that are the same in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> (
        events: [FrameReader.Event], code: UInt16?
    ) {
        var reader = FrameReader(side: .server, limit: 2000)
        var buffer = ByteBuffer()
        var events: [FrameReader.Event] = []
        do throws(SocketFault) {
            for piece in pieces {
                buffer.writeBytes(piece)
                while let event = try reader.next(&buffer) { events.append(event) }
            }
            return (events, nil)
        } catch {
            return (events, error.code.rawValue)
        }
    }

    private static func cut(_ bytes: [UInt8], _ dice: inout Dice) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...max(1, min(rest.count, 40)), using: &dice)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    @Test(arguments: 0..<60)
    func `any cut of a good stream gives the same messages`(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        var bytes: [UInt8] = []
        var texts: [FrameReader.Event] = []
        for number in 0..<20 {
            let text = Array(
                String(repeating: "客\(number)", count: Int.random(in: 0...40, using: &dice)).utf8)
            let at = Int.random(in: 0...text.count, using: &dice)
            bytes += RawPeer.frame(1, Array(text[..<at]), final: false)
            bytes += RawPeer.frame(9, [UInt8(number)])
            bytes += RawPeer.frame(0, Array(text[at...]))
            texts += [.ping(ByteBuffer(bytes: [UInt8(number)])), .text(ByteBuffer(bytes: text))]
        }
        let result = Self.read(Self.cut(bytes, &dice))
        #expect(result.events == texts)
        #expect(result.code == nil)
    }

    @Test(arguments: 0..<300)
    func `any bytes give messages or a fault, the same however they are cut`(seed: Int) {
        var dice = Dice(state: UInt64(seed) &* 77)
        // Begins well, so that the noise also hits the middle of messages.
        var bytes = RawPeer.frame(1, Array("在吗".utf8), final: seed % 2 == 0)
        for _ in 0..<Int.random(in: 1...400, using: &dice) {
            bytes.append(UInt8.random(in: .min ... .max, using: &dice))
        }
        let whole = Self.read([bytes[...]])
        let parts = Self.read(Self.cut(bytes, &dice))
        #expect(whole.events == parts.events)
        #expect(whole.code == parts.code)
    }

    @Test func `what is announced too big is refused before it comes`() {
        let head = RawPeer.frame(1, [], announced: [126, 0x07, 0xD1])
        #expect(Self.read([head[...]]).code == 1009)
    }
}
