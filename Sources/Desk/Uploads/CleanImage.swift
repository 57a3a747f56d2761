/// What the image worker makes of a file: an upright image that tells nothing about people and
/// places, and a small JPEG of it.
package struct CleanImage: Hashable, Sendable {
    package let kind: FileKind
    /// Pixels as shown.
    package let width: Int
    package let height: Int
    package let bytes: [UInt8]
    /// Empty for an animation that could not be drawn small.
    package let thumbnail: [UInt8]

    package init(kind: FileKind, width: Int, height: Int, bytes: [UInt8], thumbnail: [UInt8]) {
        self.kind = kind
        self.width = width
        self.height = height
        self.bytes = bytes
        self.thumbnail = thumbnail
    }
}

/// The worker's answer on its way between two processes.
///
/// `QKIM`, one byte for the outcome (1 an image, 0 a refusal), then fields, each four bytes of length,
/// most significant first, and that many bytes: kind, width, height, image, thumbnail in decimal or as
/// they are; or the code of the refusal.
package enum ImageAnswer: Hashable, Sendable {
    case image(CleanImage)
    /// The code of a ``Refusal``.
    case refused(String)

    private static let mark = Array("QKIM".utf8)

    package var bytes: [UInt8] {
        switch self {
        case .image(let image):
            let texts = [image.kind.rawValue, String(image.width), String(image.height)]
            let fields = texts.map { Array($0.utf8) } + [image.bytes, image.thumbnail]
            return Self.mark + [1] + fields.flatMap(Self.field)
        case .refused(let code):
            return Self.mark + [0] + Self.field(Array(code.utf8))
        }
    }

    private static func field(_ bytes: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }

    /// Nil when these bytes are no whole answer, as when the worker was stopped half-way.
    package init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.mark), bytes.count > 5 else { return nil }
        var fields: [ArraySlice<UInt8>] = []
        var rest = bytes.dropFirst(5)
        while !rest.isEmpty {
            let length = rest.big(0, 4)
            guard rest.count >= 4 + length else { return nil }
            fields.append(rest.dropFirst(4).prefix(length))
            rest = rest.dropFirst(4 + length)
        }
        func text(_ index: Int) -> String { String(decoding: fields[index], as: UTF8.self) }
        switch (bytes[4], fields.count) {
        case (0, 1): self = .refused(text(0))
        case (1, 5):
            guard let kind = FileKind(rawValue: text(0)), let width = Int(text(1)),
                let height = Int(text(2))
            else { return nil }
            self = .image(
                CleanImage(
                    kind: kind, width: width, height: height, bytes: Array(fields[3]),
                    thumbnail: Array(fields[4])))
        default: return nil
        }
    }
}
