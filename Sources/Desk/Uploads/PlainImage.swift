/// An image without what it says about people and places, and what must be known before it is decoded.
///
/// The pixels are not touched: the file is taken apart, and only what is needed to draw it is put
/// together again. EXIF (place, time, camera, owner), XMP, IPTC, comments, embedded previews and
/// whatever follows the image's end are left out; colour profiles stay, since without them the colours
/// are wrong.
package struct PlainImage: Hashable, Sendable {
    package var bytes: [UInt8]
    /// Pixels as stored, before the orientation is applied.
    package var width: Int
    package var height: Int
    /// EXIF orientation 1…8; 1 is upright.
    ///
    /// It was left out with the EXIF: the caller must turn the
    /// pixels when it is not 1.
    package var orientation: Int
    /// More than one picture, shown one after another.
    package var isAnimation = false

    /// - Throws: ``Refusal/uploadDamaged`` when the file is not built as its kind says,
    ///   ``Refusal/uploadUnsupported`` for a kind that is no image.
    package init(_ file: [UInt8], kind: FileKind) throws(Refusal) {
        switch kind {
        case .jpeg: self = try JPEGFile.plain(file)
        case .png: self = try PNGFile.plain(file)
        case .gif: self = try GIFFile.plain(file)
        case .webp: self = try WebPFile.plain(file)
        default: throw .uploadUnsupported
        }
        guard width > 0, height > 0 else { throw .uploadDamaged }
    }

    init(bytes: [UInt8], width: Int, height: Int, orientation: Int) {
        self.bytes = bytes
        self.width = width
        self.height = height
        self.orientation = orientation
    }

    package var pixels: Int { width * height }
}

/// Bytes read in order, never past their end.
struct ByteReader {
    let bytes: [UInt8]
    var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - place }

    mutating func take(_ count: Int) throws(Refusal) -> ArraySlice<UInt8> {
        guard count >= 0, count <= left else { throw .uploadDamaged }
        defer { place += count }
        return bytes[place..<(place + count)]
    }

    mutating func byte() throws(Refusal) -> UInt8 {
        guard place < bytes.count else { throw .uploadDamaged }
        defer { place += 1 }
        return bytes[place]
    }
}

extension ArraySlice<UInt8> {
    /// Unsigned numbers, most or least significant byte first; bytes that are not there count as 0.
    func big(_ offset: Int, _ width: Int) -> Int {
        dropFirst(offset).prefix(width).reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ offset: Int, _ width: Int) -> Int {
        dropFirst(offset).prefix(width).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// The one thing that matters in EXIF: which way is up.
enum Exif {
    /// Reads tag 0x0112 of the first directory of a TIFF structure (EXIF 2.32, 4.6.4); 1 when absent
    /// or nonsense.
    static func orientation(tiff: ArraySlice<UInt8>) -> Int {
        let little = tiff.starts(with: "II".utf8)
        guard little || tiff.starts(with: "MM".utf8) else { return 1 }
        func number(_ offset: Int, _ width: Int) -> Int {
            little ? tiff.little(offset, width) : tiff.big(offset, width)
        }
        guard number(2, 2) == 42 else { return 1 }
        let directory = number(4, 4)
        guard directory >= 8, directory + 2 <= tiff.count else { return 1 }
        for entry in 0..<min(number(directory, 2), 512) {
            let offset = directory + 2 + entry * 12
            guard offset + 12 <= tiff.count else { return 1 }
            if number(offset, 2) == 0x0112 {
                let value = number(offset + 8, 2)
                return (1...8).contains(value) ? value : 1
            }
        }
        return 1
    }
}
