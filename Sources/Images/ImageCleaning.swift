package import Desk

/// Takes from an image what it tells about people and places, turns it upright, draws it small.
///
/// Decoders of images have holes, so only the image worker, a process of its own, calls this.
package enum ImageCleaning {
    /// - Throws: the ``Refusal`` to show to who sent the file.
    package static func clean(
        _ file: [UInt8], limits: UploadLimits
    ) throws(Refusal) -> CleanImage {
        let kind = FileKind(head: file, name: "")
        try kind.admit(size: file.count, limits: limits)
        let plain = try PlainImage(file, kind: kind)
        guard plain.pixels <= limits.pixels else {
            throw .uploadTooManyPixels(limit: limits.pixels)
        }
        guard let drawing = Drawing(plain.bytes, kind: kind) else {
            // gd draws no animated WebP; such a one is given out as it is, without a thumbnail.
            guard kind == .webp, plain.isAnimation else { throw .uploadDamaged }
            return CleanImage(
                kind: kind, width: plain.width, height: plain.height, bytes: plain.bytes,
                thumbnail: [])
        }
        guard plain.orientation != 1 else {
            return CleanImage(
                kind: kind, width: plain.width, height: plain.height, bytes: plain.bytes,
                thumbnail: try thumbnail(of: drawing, limits.thumbnail))
        }
        guard let upright = drawing.upright(from: plain.orientation),
            let drawn = upright.encoded(as: kind, quality: 90)
        else { throw .uploadDamaged }
        let profile = kind == .jpeg ? ColourProfile.segments(ofJPEG: plain.bytes) : []
        return CleanImage(
            kind: drawn.kind, width: upright.width, height: upright.height,
            bytes: ColourProfile.add(profile, toJPEG: drawn.bytes),
            thumbnail: try thumbnail(of: upright, limits.thumbnail))
    }

    private static func thumbnail(of drawing: Drawing, _ side: Int) throws(Refusal) -> [UInt8] {
        guard let small = drawing.small(side: side),
            let drawn = small.encoded(as: .jpeg, quality: 80)
        else { throw .uploadDamaged }
        return drawn.bytes
    }
}
