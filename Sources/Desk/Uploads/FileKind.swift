/// What a file is by its bytes, whatever its name or its sender says.
package enum FileKind: String, Hashable, Sendable, Codable, CaseIterable {
    case jpeg, png, gif, webp
    case heic, avif
    case pdf, docx, xlsx, pptx, oldOffice
    case zip, rar, sevenZip
    case mp4, mov, webm
    case mp3, wav, ogg, m4a, amr
    case text, csv
    case html, svg, xml
    case executable
    case unknown

    /// What the desk does with a file of this kind.
    package enum Treatment: String, Hashable, Sendable {
        /// Cleaned, given a thumbnail, and shown in the conversation.
        case shown
        /// Kept as it is, given out as a download only, never shown by a browser in our name.
        case download
        /// Not taken.
        case refused
    }

    /// One line of the table below.
    package struct Facts: Sendable {
        package let treatment: Treatment
        package let group: Group
        /// The media type under which it is given out.
        package let mediaType: String
        /// File name endings that fit, the usual one first.
        package let endings: [String]
    }

    /// Kinds that share a size limit.
    package enum Group: String, Hashable, Sendable, Codable, CaseIterable {
        case image, video, audio, document, text
    }

    package var facts: Facts { Self.table[self] ?? Self.nothing }
    package var treatment: Treatment { facts.treatment }
    package var mediaType: String { facts.mediaType }
    package var group: Group { facts.group }
    package var isImage: Bool { treatment == .shown }

    private static let nothing = Facts(
        treatment: .refused, group: .document, mediaType: "application/octet-stream", endings: [])

    /// What is shown, what is given out as a download only, what is refused.
    ///
    /// HTML, SVG and XML can run scripts, so they leave as plain bytes. HEIC and AVIF are what phones
    /// make and most browsers cannot show.
    private static let table: [FileKind: Facts] = {
        func facts(
            _ treatment: Treatment, _ group: Group, _ mediaType: String, _ endings: String...
        ) -> Facts {
            Facts(treatment: treatment, group: group, mediaType: mediaType, endings: endings)
        }
        let office = "application/vnd.openxmlformats-officedocument."
        let bytes = "application/octet-stream"
        return [
            .jpeg: facts(.shown, .image, "image/jpeg", "jpg", "jpeg", "jpe", "jfif"),
            .png: facts(.shown, .image, "image/png", "png", "apng"),
            .gif: facts(.shown, .image, "image/gif", "gif"),
            .webp: facts(.shown, .image, "image/webp", "webp"),
            .heic: facts(.refused, .image, "image/heic", "heic", "heif"),
            .avif: facts(.refused, .image, "image/avif", "avif"),
            .pdf: facts(.download, .document, "application/pdf", "pdf"),
            .docx: facts(.download, .document, office + "wordprocessingml.document", "docx"),
            .xlsx: facts(.download, .document, office + "spreadsheetml.sheet", "xlsx"),
            .pptx: facts(.download, .document, office + "presentationml.presentation", "pptx"),
            .oldOffice: facts(.download, .document, bytes, "doc", "xls", "ppt", "et", "wps"),
            .zip: facts(.download, .document, "application/zip", "zip"),
            .rar: facts(.download, .document, "application/vnd.rar", "rar"),
            .sevenZip: facts(.download, .document, "application/x-7z-compressed", "7z"),
            .mp4: facts(.download, .video, "video/mp4", "mp4", "m4v", "3gp"),
            .mov: facts(.download, .video, "video/quicktime", "mov"),
            .webm: facts(.download, .video, "video/webm", "webm", "mkv"),
            .mp3: facts(.download, .audio, "audio/mpeg", "mp3"),
            .wav: facts(.download, .audio, "audio/wav", "wav"),
            .ogg: facts(.download, .audio, "audio/ogg", "ogg", "oga", "opus"),
            .m4a: facts(.download, .audio, "audio/mp4", "m4a"),
            .amr: facts(.download, .audio, "audio/amr", "amr"),
            .text: facts(.download, .text, "text/plain", "txt", "log", "md", "text"),
            .csv: facts(.download, .text, "text/csv", "csv"),
            .html: facts(.download, .text, bytes, "html", "htm", "mhtml"),
            .svg: facts(.download, .text, bytes, "svg"),
            .xml: facts(.download, .text, bytes, "xml"),
            .executable: nothing,
            .unknown: nothing,
        ]
    }()

    /// File name endings under which a person's computer would run a file, whatever is in it.
    package static let runnableEndings: Set<String> = [
        "exe", "dll", "scr", "com", "pif", "cpl", "msi", "msix", "bat", "cmd", "ps1", "psm1", "vbs",
        "vbe", "js", "jse", "wsf", "wsh", "hta", "lnk", "url", "reg", "inf", "jar", "apk", "ipa",
        "app",
        "dmg", "pkg", "deb", "rpm", "sh", "bash", "command", "chm", "iso", "img", "vhd", "scf",
        "gadget",
        "docm", "xlsm", "pptm", "dotm", "xlam",
    ]
}
