import CGD
package import Desk
import Testing

/// Real pictures, drawn by the same library that decodes them.
package enum Picture {
    /// White with a black square at the left of the top edge, so that every turn shows.
    package static func bytes(_ kind: FileKind, width: Int = 400, height: Int = 200) throws
        -> [UInt8]
    {
        let image = try #require(gdImageCreateTrueColor(Int32(width), Int32(height)))
        defer { gdImageDestroy(image) }
        gdImageFilledRectangle(image, 0, 0, Int32(width), Int32(height), 0xFFFFFF)
        gdImageFilledRectangle(image, 0, 0, Int32(width / 4), Int32(height / 4), 0x000000)
        if kind == .gif { gdImageTrueColorToPalette(image, 0, 16) }
        var size: Int32 = 0
        let bytes =
            switch kind {
            case .jpeg: gdImageJpegPtr(image, &size, 90)
            case .webp: gdImageWebpPtrEx(image, &size, 90)
            case .gif: gdImageGifPtr(image, &size)
            default: gdImagePngPtr(image, &size)
            }
        let start = try #require(bytes)
        defer { gdFree(start) }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(size)))
    }

    /// Puts an EXIF segment with an orientation and a place behind the first two bytes of a JPEG.
    package static func withExif(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
        var tiff = Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
        tiff += [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff + Array("GPS 30.27N 120.15E".utf8)
        let length = body.count + 2
        return [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body
            + jpeg.dropFirst(2)
    }

    /// Whether the pixel at a place of the image, told in 0…1, is dark in any of its colours: a white that lost one is
    /// no white.
    package static func isDark(_ bytes: [UInt8], _ kind: FileKind, _ x: Double, _ y: Double) throws
        -> Bool
    {
        var bytes = bytes
        let size = Int32(bytes.count)
        let image = try #require(
            bytes.withUnsafeMutableBytes { buffer in
                kind == .jpeg
                    ? gdImageCreateFromJpegPtr(size, buffer.baseAddress)
                    : kind == .webp
                        ? gdImageCreateFromWebpPtr(size, buffer.baseAddress)
                        : gdImageCreateFromPngPtr(size, buffer.baseAddress)
            })
        defer { gdImageDestroy(image) }
        let pixel = gdImageGetTrueColorPixel(
            image, Int32(Double(image.pointee.sx - 1) * x), Int32(Double(image.pointee.sy - 1) * y))
        return [pixel >> 16, pixel >> 8, pixel].contains { $0 & 0xFF < 0x80 }
    }
}
