/// How much a shop takes; all of it is a setting.
package struct UploadLimits: Hashable, Sendable, Codable {
    /// Bytes of one file, by group of kinds.
    package var image = 20 << 20
    package var video = 100 << 20
    package var audio = 20 << 20
    package var document = 50 << 20
    package var text = 10 << 20
    /// Width times height of an image: what it costs to decode does not show in its bytes.
    package var pixels = 50_000_000
    /// The longer side of a thumbnail, in pixels.
    package var thumbnail = 320
    /// Unclaimed uploads are removed after this.
    package var unclaimed = Span.hours(24)
    /// Unclaimed uploads that one person may have at a time.
    package var unclaimedEach = 50

    package init() {}

    /// The same, with nothing larger than a shop's own bounds.
    package func within(bytes: Int, pixels: Int) -> UploadLimits {
        var limits = self
        limits.image = min(image, bytes)
        limits.video = min(video, bytes)
        limits.audio = min(audio, bytes)
        limits.document = min(document, bytes)
        limits.text = min(text, bytes)
        limits.pixels = min(self.pixels, pixels)
        return limits
    }

    package func bytes(for kind: FileKind) -> Int {
        switch kind.group {
        case .image: image
        case .video: video
        case .audio: audio
        case .document: document
        case .text: text
        }
    }

    /// The largest of them: what the door lets in before the kind is known.
    package var largest: Int { [image, video, audio, document, text].max() ?? 0 }
}

extension FileKind {
    /// Whether a file of this kind and size is taken.
    /// - Throws: the ``Refusal`` to show.
    package func admit(size: Int, limits: UploadLimits) throws(Refusal) {
        if size == 0 { throw .uploadEmpty }
        switch self {
        case .heic, .avif: throw .uploadPhoneImage
        case .executable: throw .uploadExecutable
        case .unknown: throw .uploadUnsupported
        default: break
        }
        if size > limits.bytes(for: self) { throw .uploadTooLarge(limit: limits.bytes(for: self)) }
    }
}

extension Refusal {
    package static let uploadEmpty = Refusal(
        .invalid, "upload.empty", zh: "文件是空的", en: "The file is empty",
        instead: Localized(zh: "请重新选择文件", en: "Please choose the file again"))

    package static let uploadPhoneImage = Refusal(
        .unsupported, "upload.phoneImage", zh: "暂不支持 HEIC/AVIF 格式的照片",
        en: "HEIC and AVIF photos cannot be shown everywhere",
        instead: Localized(
            zh: "请发送 JPEG 照片：iPhone 在“设置 › 相机 › 格式”里选“兼容性最佳”，或发送截图",
            en:
                "Please send a JPEG: on an iPhone choose Settings › Camera › Formats › Most Compatible, or send a screenshot"
        ))

    package static let uploadExecutable = Refusal(
        .unsupported, "upload.executable", zh: "为了安全，不接收程序、脚本和带宏的文件",
        en: "Programs, scripts and files with macros are not accepted, for everybody's safety",
        instead: Localized(zh: "请发送图片、视频或 PDF", en: "Please send an image, a video or a PDF"))

    package static let uploadUnsupported = Refusal(
        .unsupported, "upload.unsupported", zh: "不认识这种文件格式",
        en: "This kind of file is not recognised",
        instead: Localized(
            zh: "可以发送图片（JPEG、PNG、GIF、WebP）、视频（MP4、MOV）、音频、PDF、Office 文档、压缩包和文本",
            en:
                "You may send images (JPEG, PNG, GIF, WebP), videos (MP4, MOV), audio, PDF, Office documents, archives and text"
        ))

    package static func uploadTooLarge(limit bytes: Int) -> Refusal {
        let size = bytes >= 1 << 20 ? "\(bytes >> 20) MB" : "\(bytes >> 10) KB"
        return Refusal(
            .tooLarge, "upload.tooLarge", zh: "文件太大，最大 \(size)",
            en: "The file is too large; at most \(size)",
            instead: Localized(zh: "请压缩后再发送", en: "Please make it smaller and send it again"))
    }

    package static func uploadTooManyPixels(limit pixels: Int) -> Refusal {
        let millions = pixels / 1_000_000
        return Refusal(
            .tooLarge, "upload.pixels", zh: "图片太大，最多 \(millions * 100) 万像素",
            en: "The image is too large; at most \(millions) megapixels",
            instead: Localized(zh: "请缩小后再发送", en: "Please scale it down and send it again"))
    }

    package static let uploadDamaged = Refusal(
        .invalid, "upload.damaged", zh: "图片已损坏，无法打开",
        en: "The image is damaged and cannot be opened",
        instead: Localized(zh: "请重新拍照或截图再发送", en: "Please take it again and send it"))

    /// The refusal behind a code that came from the image worker.
    package static func upload(_ code: String, limits: UploadLimits) -> Refusal {
        let known = [
            uploadEmpty, uploadPhoneImage, uploadExecutable, uploadUnsupported, uploadDamaged,
            uploadTooLarge(limit: limits.image), uploadTooManyPixels(limit: limits.pixels),
        ]
        return known.first { $0.code == code } ?? uploadDamaged
    }

    package static let uploadUnknown = Refusal.unknown("upload", zh: "文件", en: "file")

    package static let uploadTooMany = Refusal(
        .tooMany, "upload.tooMany", zh: "还没发送的文件太多了", en: "Too many files wait to be sent",
        instead: Localized(zh: "请先发送已上传的文件", en: "Please send those uploaded before"), retry: true)

    package static let uploadTooOften = Refusal(
        .tooMany, "upload.tooOften", zh: "上传太频繁了", en: "Too many files within an hour",
        instead: Localized(zh: "请过一会儿再试", en: "Please try again a little later"), retry: true)

    package static let uploadSlow = Refusal(
        .invalid, "upload.slow", zh: "上传太慢，已中断", en: "The upload was too slow and was stopped",
        instead: Localized(zh: "请换个网络或压缩后再试", en: "Please try another network or a smaller file"),
        retry: true)

    package static let uploadBusy = Refusal(
        .busy, "upload.busy", zh: "处理图片的人太多了，请稍候再试",
        en: "Too many images at once; please try again",
        retry: true)
}
