import CGD
import Desk

/// One decoded image, owned.
///
/// Only the image worker's process makes these: a picture that breaks the decoder breaks nothing else.
final class Drawing {
    private let image: gdImagePtr

    private init(owning image: gdImagePtr) {
        self.image = image
        // Pixels are read directly below, which needs them in one form.
        if image.pointee.trueColor == 0 { gdImagePaletteToTrueColor(image) }
        gdImageSaveAlpha(image, 1)
    }

    deinit { gdImageDestroy(image) }

    /// Decodes; nil when the decoder cannot.
    convenience init?(_ bytes: [UInt8], kind: FileKind) {
        var bytes = bytes
        let size = Int32(clamping: bytes.count)
        let image = bytes.withUnsafeMutableBytes { buffer -> gdImagePtr? in
            switch kind {
            case .jpeg: gdImageCreateFromJpegPtr(size, buffer.baseAddress)
            case .png: gdImageCreateFromPngPtr(size, buffer.baseAddress)
            case .gif: gdImageCreateFromGifPtr(size, buffer.baseAddress)
            case .webp: gdImageCreateFromWebpPtr(size, buffer.baseAddress)
            default: nil
            }
        }
        guard let image else { return nil }
        self.init(owning: image)
    }

    var width: Int { Int(image.pointee.sx) }
    var height: Int { Int(image.pointee.sy) }

    /// Turned so that EXIF orientation `orientation` becomes 1; nil when there is no memory for it.
    func upright(from orientation: Int) -> Drawing? {
        // The turns that EXIF 2.32 names, and gd's angles, which run against the clock.
        let angles: [Int: Float] = [3: 180, 5: 270, 6: 270, 7: 270, 8: 90]
        var turned = self
        if let angle = angles[orientation] {
            guard let image = gdImageRotateInterpolated(image, angle, 0) else { return nil }
            turned = Drawing(owning: image)
        }
        switch orientation {
        case 2, 5: gdImageFlipHorizontal(turned.image)
        case 4, 7: gdImageFlipVertical(turned.image)
        default: break
        }
        return turned
    }

    /// As large as fits into a square of `side`, on white, never larger than it is.
    ///
    /// Every pixel is the mean of those it covers: as smooth as resampling and several times faster.
    func small(side: Int) -> Drawing? {
        let longer = max(width, height)
        let newWidth = longer <= side ? width : max(1, width * side / longer)
        let newHeight = longer <= side ? height : max(1, height * side / longer)
        guard let target = gdImageCreateTrueColor(Int32(newWidth), Int32(newHeight)),
            let rows = target.pointee.tpixels, let source = image.pointee.tpixels
        else { return nil }
        let small = Drawing(owning: target)
        for y in 0..<newHeight {
            let top = y * height / newHeight
            let bottom = max(top + 1, (y + 1) * height / newHeight)
            guard let row = rows[y] else { return nil }
            for x in 0..<newWidth {
                let left = x * width / newWidth
                let right = max(left + 1, (x + 1) * width / newWidth)
                row[x] = Self.mean(source, left..<right, top..<bottom)
            }
        }
        return small
    }

    private static func mean(
        _ rows: UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>, _ columns: Range<Int>,
        _ lines: Range<Int>
    ) -> Int32 {
        var red = 0
        var green = 0
        var blue = 0
        for line in lines {
            guard let row = rows[line] else { continue }
            for column in columns {
                let pixel = Int(row[column])
                // gd's alpha: 0 opaque … 127 clear.
                let opaque = 127 - (pixel >> 24 & 0x7F)
                let white = 255 * (127 - opaque)
                red += (pixel >> 16 & 0xFF) * opaque + white
                green += (pixel >> 8 & 0xFF) * opaque + white
                blue += (pixel & 0xFF) * opaque + white
            }
        }
        let weight = 127 * columns.count * lines.count
        return Int32((red / weight) << 16 | (green / weight) << 8 | blue / weight)
    }

    /// Encodes; GIF becomes PNG, which turns cannot hurt.
    ///
    /// Nil when the encoder cannot.
    func encoded(as kind: FileKind, quality: Int) -> (kind: FileKind, bytes: [UInt8])? {
        var size: Int32 = 0
        let made: FileKind = kind == .gif ? .png : kind
        let bytes: UnsafeMutableRawPointer? =
            switch made {
            case .jpeg: gdImageJpegPtr(image, &size, Int32(quality))
            case .webp: gdImageWebpPtrEx(image, &size, Int32(quality))
            default: gdImagePngPtrEx(image, &size, 6)
            }
        guard let bytes, size > 0 else { return nil }
        defer { gdFree(bytes) }
        return (made, Array(UnsafeRawBufferPointer(start: bytes, count: Int(size))))
    }
}
