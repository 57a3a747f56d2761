/// PNG (ISO/IEC 15948), as far as leaving out chunks needs it.
enum PNGFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// What is needed to draw the image, animated ones included.
    private static let kept: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT",
        "pHYs",
        "bKGD", "acTL", "fcTL", "fdAT",
    ]

    static func plain(_ file: [UInt8]) throws(Refusal) -> PlainImage {
        var reader = ByteReader(file)
        guard try reader.take(8).elementsEqual(signature) else { throw .uploadDamaged }
        var image = PlainImage(bytes: signature, width: 0, height: 0, orientation: 1)
        image.bytes.reserveCapacity(file.count)
        while true {
            let start = reader.place
            let length = try reader.take(4).big(0, 4)
            let type = String(decoding: try reader.take(4), as: UTF8.self)
            let body = try reader.take(length)
            _ = try reader.take(4)
            if start == 8 {
                guard type == "IHDR", length == 13 else { throw .uploadDamaged }
                image.width = body.big(0, 4)
                image.height = body.big(4, 4)
                guard image.width < 1 << 24, image.height < 1 << 24 else { throw .uploadDamaged }
            } else if type == "IHDR" {
                throw .uploadDamaged
            }
            if type == "acTL" { image.isAnimation = true }
            if type == "eXIf" { image.orientation = Exif.orientation(tiff: body) }
            if kept.contains(type) { image.bytes += file[start..<reader.place] }
            if type == "IEND" { return image }
        }
    }
}
