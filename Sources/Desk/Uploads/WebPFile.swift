/// WebP (RFC 9649), as far as leaving out chunks needs it.
enum WebPFile {
    private static let kept: Set<String> = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]

    static func plain(_ file: [UInt8]) throws(Refusal) -> PlainImage {
        var reader = ByteReader(file)
        let header = try reader.take(12)
        guard header.starts(with: "RIFF".utf8), header.dropFirst(8).elementsEqual("WEBP".utf8)
        else {
            throw .uploadDamaged
        }
        var image = PlainImage(bytes: Array(header), width: 0, height: 0, orientation: 1)
        image.bytes.reserveCapacity(file.count)
        // What stands behind the length that the header tells is not part of the image.
        let end = min(header.little(4, 4) + 8, file.count)
        var drawn = false
        while reader.place + 8 <= end {
            let type = String(decoding: try reader.take(4), as: UTF8.self)
            let length = try reader.take(4).little(0, 4)
            var body = try reader.take(length)
            if length % 2 == 1, reader.left > 0 { _ = try reader.take(1) }
            switch type {
            case "VP8X":
                guard body.count >= 10 else { throw .uploadDamaged }
                // The flags say which chunks follow; EXIF (8) and XMP (4) no longer do.
                body[body.startIndex] &= ~UInt8(0x0C)
                grow(&image, body.little(4, 3) + 1, body.little(7, 3) + 1)
            case "VP8 ":
                guard body.count >= 10, body.dropFirst(3).starts(with: [0x9D, 0x01, 0x2A]) else {
                    throw .uploadDamaged
                }
                grow(&image, body.little(6, 2) & 0x3FFF, body.little(8, 2) & 0x3FFF)
                drawn = true
            case "VP8L":
                guard body.count >= 5, body.first == 0x2F else { throw .uploadDamaged }
                let bits = body.little(1, 4)
                grow(&image, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
                drawn = true
            case "ANMF":
                guard body.count >= 16 else { throw .uploadDamaged }
                grow(&image, body.little(6, 3) + 1, body.little(9, 3) + 1)
                drawn = true
                image.isAnimation = true
            case "EXIF":
                let tiff = body.starts(with: "Exif\0\0".utf8) ? body.dropFirst(6) : body
                image.orientation = Exif.orientation(tiff: tiff)
            default: break
            }
            guard kept.contains(type) else { continue }
            image.bytes += type.utf8
            image.bytes += little(length)
            image.bytes += body
            if length % 2 == 1 { image.bytes.append(0) }
        }
        guard drawn else { throw .uploadDamaged }
        image.bytes.replaceSubrange(4..<8, with: little(image.bytes.count - 8))
        return image
    }

    /// The canvas and every picture on it count: a small canvas may hold a large picture.
    private static func grow(_ image: inout PlainImage, _ width: Int, _ height: Int) {
        image.width = max(image.width, width)
        image.height = max(image.height, height)
    }

    private static func little(_ value: Int) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
