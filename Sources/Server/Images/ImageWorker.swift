import ArgumentParser
import Desk
import Foundation
import Images

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
            var limits = UploadLimits()
            limits.pixels = pixels
            limits.image = bytes
            limits.thumbnail = thumbnail
            answer = .image(try ImageCleaning.clean(file, limits: limits))
        } catch {
            answer = .refused(error.code)
        }
        try FileHandle.standardOutput.write(contentsOf: Data(answer.bytes))
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
