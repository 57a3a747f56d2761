import Desk
import Foundation
import TestSupport
import Testing

@testable import Images

struct ImageCleaningTests {
    private func clean(_ bytes: [UInt8]) throws -> CleanImage {
        try ImageCleaning.clean(bytes, limits: UploadLimits())
    }

    @Test(arguments: [FileKind.jpeg, .png, .webp, .gif])
    func `An upright image keeps its pixels byte for byte and gets a small JPEG`(kind: FileKind)
        throws
    {
        let file = try Picture.bytes(kind)
        let image = try clean(file)
        let plain = try PlainImage(file, kind: kind)
        #expect(image.bytes == plain.bytes)
        #expect(image.kind == kind)
        #expect(image.width == 400 && image.height == 200)
        #expect(FileKind(head: image.thumbnail, name: "") == .jpeg)
        let small = try PlainImage(image.thumbnail, kind: .jpeg)
        #expect(small.width == 320 && small.height == 160)
        #expect(try Picture.isDark(image.thumbnail, .jpeg, 0.1, 0.1))
        #expect(try !Picture.isDark(image.thumbnail, .jpeg, 0.9, 0.9))
    }

    /// Where the dark corner must come to stand, by EXIF 2.32 table 6.
    @Test(
        arguments: [
            (1, 0.05, 0.05, false), (2, 0.95, 0.05, false), (3, 0.95, 0.95, false),
            (4, 0.05, 0.95, false),
            (5, 0.05, 0.05, true), (6, 0.95, 0.05, true), (7, 0.95, 0.95, true),
            (8, 0.05, 0.95, true),
        ] as [(UInt8, Double, Double, Bool)])
    func `A photo is turned upright and tells no place`(
        orientation: UInt8, x: Double, y: Double, swapped: Bool
    ) throws {
        let file = Picture.withExif(try Picture.bytes(.jpeg), orientation: orientation)
        #expect(Data(file).range(of: Data("GPS".utf8)) != nil)
        let image = try clean(file)
        #expect(Data(image.bytes).range(of: Data("GPS".utf8)) == nil)
        #expect(Data(image.bytes).range(of: Data("Exif".utf8)) == nil)
        #expect(image.width == (swapped ? 200 : 400))
        #expect(image.height == (swapped ? 400 : 200))
        for (bytes, name) in [(image.bytes, "image"), (image.thumbnail, "thumbnail")] {
            for corner in [(0.05, 0.05), (0.95, 0.05), (0.05, 0.95), (0.95, 0.95)] {
                let dark = try Picture.isDark(bytes, .jpeg, corner.0, corner.1)
                let wanted = corner.0 == x && corner.1 == y
                #expect(dark == wanted, "\(name) at \(corner)")
            }
        }
    }

    @Test
    func `A small image is not blown up`() throws {
        let image = try clean(try Picture.bytes(.png, width: 40, height: 30))
        let small = try PlainImage(image.thumbnail, kind: .jpeg)
        #expect(small.width == 40 && small.height == 30)
    }

    @Test
    func `What is no image, is damaged or has too many pixels is refused`() throws {
        #expect(throws: Refusal.uploadUnsupported) { try clean(Array("hello".utf8)) }
        var broken = try Picture.bytes(.png)
        broken.replaceSubrange(
            60..<(broken.count - 20), with: Array(repeating: 0, count: broken.count - 80))
        #expect(throws: Refusal.uploadDamaged) { try clean(broken) }
        var limits = UploadLimits()
        limits.pixels = 1000
        let many = try Picture.bytes(.png)
        #expect(throws: Refusal.uploadTooManyPixels(limit: 1000)) {
            try ImageCleaning.clean(many, limits: limits)
        }
    }
}
