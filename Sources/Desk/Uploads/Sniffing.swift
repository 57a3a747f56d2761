extension FileKind {
    /// Bytes from the beginning of a file that ``init(head:name:)`` wants to see.
    package static let headLength = 4096

    /// Finds the kind from a file's first bytes.
    ///
    /// - Parameters:
    ///   - head: the first ``headLength`` bytes, or all of a shorter file.
    ///   - name: only tells apart what the bytes cannot (a CSV is plain text), and refuses what a
    ///     computer would run because of its name.
    package init(head: some Collection<UInt8>, name: String) {
        let head = Array(head.prefix(Self.headLength))
        let ending = FileName.ending(of: name)
        let kind =
            Self.byMagic(head) ?? Self.byContainer(head) ?? Self.byText(head, ending: ending)
            ?? .unknown
        self = Self.runnableEndings.contains(ending) ? .executable : kind
    }

    private static let magic: [(bytes: [UInt8], kind: FileKind)] = [
        ([0xFF, 0xD8, 0xFF], .jpeg),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        (Array("GIF87a".utf8), .gif),
        (Array("GIF89a".utf8), .gif),
        (Array("%PDF-".utf8), .pdf),
        (Array("Rar!\u{1A}\u{07}".utf8), .rar),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldOffice),
        ([0x1A, 0x45, 0xDF, 0xA3], .webm),
        (Array("OggS".utf8), .ogg),
        (Array("#!AMR".utf8), .amr),
        (Array("ID3".utf8), .mp3),
        ([0xFF, 0xFB], .mp3),
        ([0xFF, 0xF3], .mp3),
        // Windows, Linux, macOS, Java and Android programs, shortcuts, scripts.
        (Array("MZ".utf8), .executable),
        ([0x7F, 0x45, 0x4C, 0x46], .executable),
        ([0xFE, 0xED, 0xFA, 0xCE], .executable),
        ([0xFE, 0xED, 0xFA, 0xCF], .executable),
        ([0xCE, 0xFA, 0xED, 0xFE], .executable),
        ([0xCF, 0xFA, 0xED, 0xFE], .executable),
        ([0xCA, 0xFE, 0xBA, 0xBE], .executable),
        (Array("dex\n".utf8), .executable),
        ([0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00], .executable),
        (Array("#!".utf8), .executable),
    ]

    private static func byMagic(_ head: [UInt8]) -> FileKind? {
        magic.first { head.starts(with: $0.bytes) }?.kind
    }

    private static func byContainer(_ head: [UInt8]) -> FileKind? {
        if head.starts(with: "RIFF".utf8), head.count >= 12 {
            if head[8..<12].elementsEqual("WEBP".utf8) { return .webp }
            if head[8..<12].elementsEqual("WAVE".utf8) { return .wav }
        }
        if head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) {
            return byBrand(String(decoding: head[8..<12], as: UTF8.self))
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return archive(head) }
        if head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
        return nil
    }

    /// ISO base media files name themselves by a brand.
    private static func byBrand(_ brand: String) -> FileKind {
        switch brand {
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": .heic
        case "avif", "avis": .avif
        case "qt  ": .mov
        case "M4A ", "M4B ": .m4a
        default: .mp4
        }
    }

    /// A ZIP archive by the names of its first entries.
    private static func archive(_ head: [UInt8]) -> FileKind {
        let names: [(String, FileKind)] = [
            ("AndroidManifest.xml", .executable), ("classes.dex", .executable),
            ("META-INF/MANIFEST.MF", .executable), ("vbaProject.bin", .executable),
            ("word/", .docx), ("xl/", .xlsx), ("ppt/", .pptx),
        ]
        return names.first { contains(head, $0.0) }?.1 ?? .zip
    }

    // MARK: Text

    private static func byText(_ head: [UInt8], ending: String) -> FileKind? {
        guard !head.isEmpty, TextEncoding(of: head) != nil else { return nil }
        // Whatever a careless browser may take for a page or a drawing is one.
        let lower = head.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        if contains(lower, "<svg") || ending == "svg" { return .svg }
        let pages = [
            "<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<object", "<embed",
            "<meta", "<link", "<style", "<img", "<base", "<form",
        ]
        let htmlEndings = ["html", "htm", "xhtml", "shtml", "mhtml", "mht"]
        if htmlEndings.contains(ending) || pages.contains(where: { contains(lower, $0) }) {
            return .html
        }
        if contains(Array(lower.prefix(64)), "<?xml") || ending == "xml" { return .xml }
        return ending == "csv" ? .csv : .text
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains {
            bytes[$0] == first && bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}

/// How a text file writes its characters.
package enum TextEncoding: String, Hashable, Sendable, Codable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    /// GB 18030, of which GBK and GB 2312 are parts: what Chinese Windows programs export.
    case gbk = "gb18030"

    /// Nil when these are not the first bytes of a text.
    ///
    /// A character cut off at the end is forgiven.
    package init?(of head: some Collection<UInt8>) {
        let head = Array(head)
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            self = .utf16
            return
        }
        // NUL and the other control characters do not stand in texts.
        let allowed: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D, 0x1B]
        guard head.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || allowed.contains($0) }) else {
            return nil
        }
        if Self.isUTF8(head) {
            self = .utf8
        } else if Self.isGBK(head) {
            self = .gbk
        } else {
            return nil
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        for cut in 0...min(3, bytes.count)
        where String(validating: bytes.dropLast(cut), as: UTF8.self) != nil {
            if cut == 0 { return true }
            // What was cut must be the beginning of one character.
            let tail = bytes.suffix(cut)
            guard let lead = tail.first, lead >= 0xC2, lead <= 0xF4 else { continue }
            let width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            if cut < width, tail.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) { return true }
        }
        return false
    }

    private static func isGBK(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            guard (0x81...0xFE).contains(lead) else { return false }
            if index + 1 >= bytes.count { return true }
            switch bytes[index + 1] {
            case 0x40...0x7E, 0x80...0xFE: index += 2
            case 0x30...0x39: index += 4
            default: return false
            }
        }
        return true
    }
}
