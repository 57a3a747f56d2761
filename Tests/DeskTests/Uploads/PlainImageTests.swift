import Testing

@testable import Desk

/// Images built by hand, byte by byte, so that what must vanish is known to be there.
enum HandMade {
    static let secret = Array("30.2741N 120.1551E iPhone of Zhang San".utf8)

    static func big(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func little(_ value: Int, _ width: Int) -> [UInt8] { big(value, width).reversed() }

    /// A TIFF directory with an orientation and a GPS text, in either byte order.
    static func tiff(orientation: Int, littleEndian: Bool = true) -> [UInt8] {
        let number = littleEndian ? little : big
        var bytes = Array((littleEndian ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
        bytes += number(2, 2)
        bytes += number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
        bytes += number(0x8825, 2) + number(2, 2) + number(secret.count, 4) + number(38, 4)
        return bytes + number(0, 4) + secret
    }

    static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xFF, marker] + big(body.count + 2, 2) + body
    }

    static func jpeg(orientation: Int = 1, width: Int = 800, height: Int = 600) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 1, 1] + [9, 9, 9])
        bytes += segment(
            0xE1, Array("Exif\0\0".utf8) + tiff(orientation: orientation, littleEndian: false))
        bytes += segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + secret)
        bytes += segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 1, 7])
        bytes += segment(0xE2, Array("MPF\0".utf8) + secret)
        bytes += segment(0xED, secret)
        bytes += segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 1])
        bytes += segment(0xFE, secret)
        bytes += segment(0xDB, Array(repeating: 1, count: 65))
        bytes += segment(0xC0, [8] + big(height, 2) + big(width, 2) + [1, 1, 0x11, 0])
        bytes += segment(0xC4, [0] + Array(repeating: 0, count: 16))
        bytes += segment(0xDA, [1, 1, 0, 0, 63, 0]) + scan
        return bytes + [0xFF, 0xD9] + secret
    }

    /// Coded data with a stuffed FF and a restart marker in it.
    static let scan: [UInt8] = [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]

    static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
        big(body.count, 4) + Array(type.utf8) + body + [1, 2, 3, 4]
    }

    static func png(orientation: Int = 1) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", big(640, 4) + big(480, 4) + [8, 6, 0, 0, 0])
        bytes += chunk("eXIf", tiff(orientation: orientation))
        bytes +=
            chunk("tEXt", secret) + chunk("iTXt", secret) + chunk("zTXt", secret)
            + chunk("tIME", [1])
        bytes += chunk("gAMA", [0, 0, 1, 2]) + chunk("IDAT", [5, 6, 7]) + chunk("prVt", secret)
        return bytes + chunk("IEND", []) + secret
    }

    static func gif() -> [UInt8] {
        var bytes =
            Array("GIF89a".utf8) + little(32, 2) + little(16, 2) + [0x80, 0, 0] + [
                0, 0, 0, 255, 255, 255,
            ]
        bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
        bytes +=
            [0x21, 0xFF, 11] + Array("XMP DataXMP".utf8) + [UInt8(secret.count)] + secret + [0]
        bytes += [0x21, 0xFE, UInt8(secret.count)] + secret + [0]
        bytes += [0x21, 0xF9, 4, 0, 10, 0, 0, 0]
        bytes +=
            [0x2C] + little(0, 2) + little(0, 2) + little(32, 2) + little(16, 2) + [
                0, 2, 2, 0x4C, 1, 0,
            ]
        return bytes + [0x3B] + secret
    }

    static func riff(_ type: String, _ body: [UInt8]) -> [UInt8] {
        Array(type.utf8) + little(body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
    }

    static func webp(orientation: Int = 1) -> [UInt8] {
        let frame: [UInt8] =
            [0, 0, 0, 0x9D, 0x01, 0x2A] + little(200, 2) + little(100, 2) + [1, 2, 3]
        let chunks =
            riff("VP8X", [0x2C, 0, 0, 0] + little(199, 3) + little(99, 3))
            + riff("ICCP", [7]) + riff("VP8 ", frame)
            + riff("EXIF", tiff(orientation: orientation)) + riff("XMP ", secret)
        return Array("RIFF".utf8) + little(chunks.count + 4, 4) + Array("WEBP".utf8) + chunks
            + secret
    }
}

struct PlainImageTests {
    static let files: [(FileKind, [UInt8], Int, Int)] = [
        (.jpeg, HandMade.jpeg(), 800, 600), (.png, HandMade.png(), 640, 480),
        (.gif, HandMade.gif(), 32, 16), (.webp, HandMade.webp(), 200, 100),
    ]

    @Test(arguments: files)
    func `Place, owner, comments and what follows the end are left out`(
        kind: FileKind, file: [UInt8], width: Int, height: Int
    ) throws {
        let image = try PlainImage(file, kind: kind)
        #expect(holds(file, HandMade.secret))
        #expect(!holds(image.bytes, HandMade.secret))
        for word in ["Exif", "XMP", "MPF", "eXIf", "EXIF", "adobe.com"] {
            #expect(!holds(image.bytes, Array(word.utf8)), "\(word)")
        }
        #expect(image.width == width)
        #expect(image.height == height)
        #expect(image.orientation == 1)
    }

    @Test(arguments: files)
    func `A plain image is left as it is`(
        kind: FileKind, file: [UInt8], width: Int, height: Int
    ) throws {
        let once = try PlainImage(file, kind: kind)
        #expect(try PlainImage(once.bytes, kind: kind) == once)
        #expect(FileKind(head: once.bytes, name: "") == kind)
    }

    @Test
    func `What is needed to draw stays`() throws {
        let jpeg = try PlainImage(HandMade.jpeg(), kind: .jpeg).bytes
        #expect(holds(jpeg, Array("ICC_PROFILE".utf8)))
        #expect(holds(jpeg, Array("Adobe".utf8)))
        #expect(holds(jpeg, HandMade.scan + [0xFF, 0xD9]))
        let png = try PlainImage(HandMade.png(), kind: .png).bytes
        #expect(holds(png, HandMade.chunk("IDAT", [5, 6, 7])) && holds(png, Array("gAMA".utf8)))
        let gif = try PlainImage(HandMade.gif(), kind: .gif).bytes
        #expect(holds(gif, Array("NETSCAPE2.0".utf8)) && holds(gif, [0x21, 0xF9, 4]))
        let webp = try PlainImage(HandMade.webp(), kind: .webp).bytes
        #expect(holds(webp, Array("ICCP".utf8)))
        #expect(webp[20] == 0x20, "the flags must no longer announce EXIF and XMP")
        #expect(HandMade.little(webp.count - 8, 4) == Array(webp[4..<8]))
    }

    @Test(arguments: 1...8)
    func `Which way is up is read before it is thrown away`(orientation: Int) throws {
        let files: [(FileKind, [UInt8])] = [
            (.jpeg, HandMade.jpeg(orientation: orientation)),
            (.png, HandMade.png(orientation: orientation)),
            (.webp, HandMade.webp(orientation: orientation)),
        ]
        for (kind, file) in files {
            #expect(try PlainImage(file, kind: kind).orientation == orientation)
        }
    }

    @Test(arguments: files)
    func `A file cut short or with a byte changed never crashes the reader`(
        kind: FileKind, file: [UInt8], width: Int, height: Int
    ) {
        var refused = 0
        for end in 0..<file.count {
            if (try? PlainImage(Array(file[..<end]), kind: kind)) == nil { refused += 1 }
        }
        for index in file.indices {
            for value: UInt8 in [0x00, 0x7F, 0xFF] {
                var changed = file
                changed[index] = value
                if let image = try? PlainImage(changed, kind: kind) {
                    #expect(image.width > 0 && image.height > 0)
                }
            }
        }
        #expect(refused > 0)
    }

    @Test
    func `A second frame cannot hide behind a small first one`() {
        var file = HandMade.jpeg()
        let frame = HandMade.segment(
            0xC0, [8] + HandMade.big(60000, 2) + HandMade.big(60000, 2) + [1, 1, 0x11, 0])
        file.insert(contentsOf: frame, at: 2)
        #expect(throws: Refusal.uploadDamaged) { try PlainImage(file, kind: .jpeg) }
    }

    @Test
    func `A small canvas does not hide a large picture`() throws {
        var file = HandMade.webp()
        file.replaceSubrange(24..<30, with: [0, 0, 0, 0, 0, 0])
        let image = try PlainImage(file, kind: .webp)
        #expect(image.width == 200 && image.height == 100)
    }

    @Test
    func `A file that is no image is refused`() {
        #expect(throws: Refusal.uploadUnsupported) { try PlainImage([1, 2, 3], kind: .pdf) }
        #expect(throws: Refusal.uploadDamaged) { try PlainImage([], kind: .png) }
    }

    private func holds(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains {
            bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}
