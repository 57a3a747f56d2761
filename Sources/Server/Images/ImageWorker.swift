import ArgumentParser
import Desk
import Foundation

/// `qinke image-worker`: cleans one image from standard input and answers on standard output.
///
/// It runs as a process of its own, with limits on time and memory that it sets before it reads a
/// byte, so that a picture made to break decoders breaks only this process.
struct ImageWorker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image-worker",
        abstract: "清理一张图片（由服务进程调用） · Cleans one image; run by the server itself.",
        shouldDisplay: false)

    @Option(help: "宽×高上限 · Largest width times height")
    var pixels = UploadLimits().pixels

    @Option(help: "文件字节上限 · Largest file in bytes")
    var bytes = UploadLimits().image

    @Option(help: "缩略图长边像素 · Longer side of the thumbnail in pixels")
    var thumbnail = UploadLimits().thumbnail

    @Option(help: "内存上限 MB · Memory limit in MB")
    var memory = 1024

    @Option(help: "处理器秒数上限 · Processor time limit in seconds")
    var seconds = 15

    func run() throws {
        restrain()
        let file = [UInt8](FileHandle.standardInput.readData(ofLength: bytes + 1))
        let answer: ImageAnswer
        do throws(Refusal) {
            guard file.count <= bytes else { throw .uploadTooLarge(limit: bytes) }
            answer = .image(try clean(file))
        } catch {
            answer = .refused(error.code)
        }
        try FileHandle.standardOutput.write(contentsOf: Data(answer.bytes))
    }

    /// - Throws: the ``Refusal`` to show to who sent the file.
    func clean(_ file: [UInt8]) throws(Refusal) -> CleanImage {
        let kind = FileKind(head: file, name: "")
        try kind.admit(size: file.count, limits: UploadLimits())
        let plain = try PlainImage(file, kind: kind)
        guard plain.pixels <= pixels else { throw .uploadTooManyPixels(limit: pixels) }
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
                thumbnail: try thumbnail(of: drawing))
        }
        guard let upright = drawing.upright(from: plain.orientation),
            let drawn = upright.encoded(as: kind, quality: 90)
        else { throw .uploadDamaged }
        let profile = kind == .jpeg ? ColourProfile.segments(ofJPEG: plain.bytes) : []
        return CleanImage(
            kind: drawn.kind, width: upright.width, height: upright.height,
            bytes: ColourProfile.add(profile, toJPEG: drawn.bytes),
            thumbnail: try thumbnail(of: upright))
    }

    private func thumbnail(of drawing: Drawing) throws(Refusal) -> [UInt8] {
        guard let small = drawing.small(side: thumbnail),
            let drawn = small.encoded(as: .jpeg, quality: 80)
        else { throw .uploadDamaged }
        return drawn.bytes
    }

    /// Limits that the system enforces: a decoder that loops or grows is ended by the kernel.
    private func restrain() {
        limit(RLIMIT_AS, rlim_t(memory) << 20)
        limit(RLIMIT_CPU, rlim_t(seconds))
        limit(RLIMIT_FSIZE, rlim_t(bytes) * 4 + 1 << 20)
        limit(RLIMIT_CORE, 0)
        limit(RLIMIT_NOFILE, 16)
    }

    private func limit(_ resource: __rlimit_resource, _ value: rlim_t) {
        var limits = rlimit(rlim_cur: value, rlim_max: value)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limits)
    }
}
