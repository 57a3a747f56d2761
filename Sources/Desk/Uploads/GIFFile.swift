/// GIF 89a, as far as leaving out extensions needs it.
enum GIFFile {
    static func plain(_ file: [UInt8]) throws(Refusal) -> PlainImage {
        var reader = ByteReader(file)
        let header = try reader.take(13)
        guard header.starts(with: "GIF8".utf8) else { throw .uploadDamaged }
        var image = PlainImage(
            bytes: Array(header), width: header.little(6, 2), height: header.little(8, 2),
            orientation: 1)
        image.bytes.reserveCapacity(file.count)
        image.bytes += try colours(header[header.startIndex + 10], &reader)
        var frames = 0
        while true {
            let start = reader.place
            switch try reader.byte() {
            case 0x2C:
                let descriptor = try reader.take(9)
                image.width = max(image.width, descriptor.little(0, 2) + descriptor.little(4, 2))
                image.height = max(image.height, descriptor.little(2, 2) + descriptor.little(6, 2))
                _ = try colours(descriptor[descriptor.startIndex + 8], &reader)
                _ = try reader.byte()
                _ = try blocks(&reader)
                image.bytes += file[start..<reader.place]
                frames += 1
                image.isAnimation = frames > 1
            case 0x21:
                let label = try reader.byte()
                let first = try blocks(&reader)
                // Graphic control, and the loop count of an animation; comments and the rest go.
                let loops =
                    first.starts(with: "NETSCAPE2.0".utf8) || first.starts(with: "ANIMEXTS1.0".utf8)
                if label == 0xF9 || label == 0xFF && loops {
                    image.bytes += file[start..<reader.place]
                }
            case 0x3B:
                guard frames > 0 else { throw .uploadDamaged }
                image.bytes.append(0x3B)
                return image
            default: throw .uploadDamaged
            }
        }
    }

    /// A colour table, when `flags` say that there is one.
    private static func colours(
        _ flags: UInt8, _ reader: inout ByteReader
    ) throws(Refusal) -> ArraySlice<UInt8> {
        flags & 0x80 == 0 ? [] : try reader.take(3 << (Int(flags & 7) + 1))
    }

    /// Skips sub-blocks up to the empty one.
    /// - Returns: the first of them.
    private static func blocks(_ reader: inout ByteReader) throws(Refusal) -> ArraySlice<UInt8> {
        var first: ArraySlice<UInt8>?
        while true {
            let block = try reader.take(Int(try reader.byte()))
            first = first ?? block
            if block.isEmpty { return first ?? [] }
        }
    }
}
