/// JPEG (ITU-T T.81), as far as leaving out segments needs it.
enum JPEGFile {
    static func plain(_ file: [UInt8]) throws(Refusal) -> PlainImage {
        var reader = ByteReader(file)
        guard try reader.take(2).elementsEqual([0xFF, 0xD8]) else { throw .uploadDamaged }
        var image = PlainImage(bytes: [0xFF, 0xD8], width: 0, height: 0, orientation: 1)
        image.bytes.reserveCapacity(file.count)
        var scans = 0
        while reader.left > 0 {
            let marker = try nextMarker(&reader)
            if marker == 0xD9 { break }
            if (0xD0...0xD7).contains(marker) || marker == 0x01 { continue }
            guard marker != 0xD8, marker != 0x00 else { throw .uploadDamaged }
            let body = try segment(&reader)
            switch marker {
            case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
                // One frame only: a second one could be larger than what was checked.
                guard image.width == 0, body.count >= 6 else { throw .uploadDamaged }
                image.height = body.big(1, 2)
                image.width = body.big(3, 2)
            case 0xE1 where body.starts(with: "Exif\0\0".utf8):
                image.orientation = Exif.orientation(tiff: body.dropFirst(6))
            default: break
            }
            write(marker, body, to: &image.bytes)
            if marker == 0xDA {
                scans += 1
                copyScan(&reader, to: &image.bytes)
            }
        }
        guard scans > 0, image.width > 0 else { throw .uploadDamaged }
        // Phones cut files short; decoders fill in the rest as long as the end is marked.
        image.bytes += [0xFF, 0xD9]
        return image
    }

    private static func nextMarker(_ reader: inout ByteReader) throws(Refusal) -> UInt8 {
        guard try reader.byte() == 0xFF else { throw .uploadDamaged }
        var marker = try reader.byte()
        while marker == 0xFF { marker = try reader.byte() }
        return marker
    }

    private static func segment(_ reader: inout ByteReader) throws(Refusal) -> ArraySlice<UInt8> {
        let length = try reader.take(2).big(0, 2)
        return try reader.take(length - 2)
    }

    private static func write(_ marker: UInt8, _ body: ArraySlice<UInt8>, to output: inout [UInt8])
    {
        switch marker {
        case 0xE0:
            // Version and density stay, the thumbnail inside goes.
            guard body.starts(with: "JFIF\0".utf8), body.count >= 14 else { return }
            output += [0xFF, 0xE0, 0, 16]
            output += body.prefix(12)
            output += [0, 0]
        case 0xE2 where !body.starts(with: "ICC_PROFILE\0".utf8): return
        // Adobe's segment (0xEE) says how colours are stored; without it they come out inverted.
        case 0xE1, 0xE3...0xED, 0xEF, 0xFE: return
        default:
            output += [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)]
            output += body
        }
    }

    /// Copies coded data up to the next marker that does not belong to it.
    private static func copyScan(_ reader: inout ByteReader, to output: inout [UInt8]) {
        let bytes = reader.bytes
        var end = reader.place
        while end < bytes.count {
            if bytes[end] == 0xFF, end + 1 < bytes.count {
                let next = bytes[end + 1]
                if next != 0x00, !(0xD0...0xD7).contains(next) { break }
                end += 2
            } else {
                end += 1
            }
        }
        output += bytes[reader.place..<end]
        reader.place = end
    }
}
