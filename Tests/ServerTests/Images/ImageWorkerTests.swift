import ArgumentParser
import CGD
import Desk
import Foundation
import Testing

@testable import Server

/// Real pictures, drawn by the same library that decodes them.
private enum Picture {
    /// White with a black square at the left of the top edge, so that every turn shows.
    static func bytes(_ kind: FileKind, width: Int = 400, height: Int = 200) throws -> [UInt8] {
        let image = try #require(gdImageCreateTrueColor(Int32(width), Int32(height)))
        defer { gdImageDestroy(image) }
        gdImageFilledRectangle(image, 0, 0, Int32(width), Int32(height), 0xFFFFFF)
        gdImageFilledRectangle(image, 0, 0, Int32(width / 4), Int32(height / 4), 0x000000)
        if kind == .gif { gdImageTrueColorToPalette(image, 0, 16) }
        var size: Int32 = 0
        let bytes =
            switch kind {
            case .jpeg: gdImageJpegPtr(image, &size, 90)
            case .webp: gdImageWebpPtrEx(image, &size, 90)
            case .gif: gdImageGifPtr(image, &size)
            default: gdImagePngPtr(image, &size)
            }
        let start = try #require(bytes)
        defer { gdFree(start) }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(size)))
    }

    /// Puts an EXIF segment with an orientation and a place behind the first two bytes of a JPEG.
    static func withExif(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
        var tiff = Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
        tiff += [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff + Array("GPS 30.27N 120.15E".utf8)
        let length = body.count + 2
        return [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body
            + jpeg.dropFirst(2)
    }

    /// Whether the pixel at a place of the image, told in 0…1, is dark.
    static func isDark(_ bytes: [UInt8], _ kind: FileKind, _ x: Double, _ y: Double) throws -> Bool
    {
        var bytes = bytes
        let size = Int32(bytes.count)
        let image = try #require(
            bytes.withUnsafeMutableBytes { buffer in
                kind == .jpeg
                    ? gdImageCreateFromJpegPtr(size, buffer.baseAddress)
                    : kind == .webp
                        ? gdImageCreateFromWebpPtr(size, buffer.baseAddress)
                        : gdImageCreateFromPngPtr(size, buffer.baseAddress)
            })
        defer { gdImageDestroy(image) }
        let pixel = gdImageGetTrueColorPixel(
            image, Int32(Double(image.pointee.sx - 1) * x), Int32(Double(image.pointee.sy - 1) * y))
        return pixel & 0xFF < 0x80
    }
}

struct ImageWorkerTests {
    private func clean(_ bytes: [UInt8]) throws -> CleanImage {
        try ImageWorker.parse([]).clean(bytes)
    }

    @Test(arguments: [FileKind.jpeg, .png, .webp, .gif])
    func `An upright image keeps its pixels byte for byte and gets a small JPEG`(kind: FileKind)
        throws
    {
        let file = try Picture.bytes(kind)
        let image = try clean(file)
        let plain = try PlainImage(file, kind: kind)
        #expect(image.bytes == plain.bytes)
        #expect(image.kind == kind)
        #expect(image.width == 400 && image.height == 200)
        #expect(FileKind(head: image.thumbnail, name: "") == .jpeg)
        let small = try PlainImage(image.thumbnail, kind: .jpeg)
        #expect(small.width == 320 && small.height == 160)
        #expect(try Picture.isDark(image.thumbnail, .jpeg, 0.1, 0.1))
        #expect(try !Picture.isDark(image.thumbnail, .jpeg, 0.9, 0.9))
    }

    /// Where the dark corner must come to stand, by EXIF 2.32 table 6.
    @Test(
        arguments: [
            (1, 0.05, 0.05, false), (2, 0.95, 0.05, false), (3, 0.95, 0.95, false),
            (4, 0.05, 0.95, false),
            (5, 0.05, 0.05, true), (6, 0.95, 0.05, true), (7, 0.95, 0.95, true),
            (8, 0.05, 0.95, true),
        ] as [(UInt8, Double, Double, Bool)])
    func `A photo is turned upright and tells no place`(
        orientation: UInt8, x: Double, y: Double, swapped: Bool
    ) throws {
        let file = Picture.withExif(try Picture.bytes(.jpeg), orientation: orientation)
        #expect(Data(file).range(of: Data("GPS".utf8)) != nil)
        let image = try clean(file)
        #expect(Data(image.bytes).range(of: Data("GPS".utf8)) == nil)
        #expect(Data(image.bytes).range(of: Data("Exif".utf8)) == nil)
        #expect(image.width == (swapped ? 200 : 400))
        #expect(image.height == (swapped ? 400 : 200))
        for (bytes, name) in [(image.bytes, "image"), (image.thumbnail, "thumbnail")] {
            for corner in [(0.05, 0.05), (0.95, 0.05), (0.05, 0.95), (0.95, 0.95)] {
                let dark = try Picture.isDark(bytes, .jpeg, corner.0, corner.1)
                let wanted = corner.0 == x && corner.1 == y
                #expect(dark == wanted, "\(name) at \(corner)")
            }
        }
    }

    @Test
    func `A small image is not blown up`() throws {
        let image = try clean(try Picture.bytes(.png, width: 40, height: 30))
        let small = try PlainImage(image.thumbnail, kind: .jpeg)
        #expect(small.width == 40 && small.height == 30)
    }

    @Test
    func `What is no image, is damaged or has too many pixels is refused`() throws {
        #expect(throws: Refusal.uploadUnsupported) { try clean(Array("hello".utf8)) }
        var broken = try Picture.bytes(.png)
        broken.replaceSubrange(
            60..<(broken.count - 20), with: Array(repeating: 0, count: broken.count - 80))
        #expect(throws: Refusal.uploadDamaged) { try clean(broken) }
        let worker = try ImageWorker.parse(["--pixels", "1000"])
        #expect(throws: Refusal.uploadTooManyPixels(limit: 1000)) {
            try worker.clean(try Picture.bytes(.png))
        }
    }
}

/// The worker as the process that it is.
struct ImageWorkersTests {
    /// The product beside the test bundle.
    private static let executable: URL? = {
        let bundle = URL(filePath: CommandLine.arguments.first ?? "")
        return [bundle.deletingLastPathComponent(), Bundle.main.bundleURL]
            .map { $0.appending(path: "qinke") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    private func written(_ bytes: [UInt8]) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "qinke-image-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        return file
    }

    @Test
    func `A photo goes through a process of its own and comes back clean`() async throws {
        let workers = ImageWorkers(executable: try #require(Self.executable))
        defer { workers.stop() }
        let file = try written(Picture.withExif(try Picture.bytes(.jpeg), orientation: 6))
        defer { try? FileManager.default.removeItem(at: file) }
        let image = try await workers.clean(file, limits: UploadLimits())
        #expect(image.width == 200 && image.height == 400)
        #expect(!image.thumbnail.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: file.path + ".answer"))
    }

    @Test
    func `A refusal of the worker comes back in words`() async throws {
        let workers = ImageWorkers(executable: try #require(Self.executable))
        defer { workers.stop() }
        let file = try written(try Picture.bytes(.png))
        defer { try? FileManager.default.removeItem(at: file) }
        var limits = UploadLimits()
        limits.pixels = 100
        await #expect(throws: Refusal.uploadTooManyPixels(limit: 100)) {
            try await workers.clean(file, limits: limits)
        }
    }

    @Test
    func `A picture larger than the worker's memory harms only the worker`() async throws {
        var settings = ImageWorkers.Settings()
        settings.memory = 400
        let workers = ImageWorkers(executable: try #require(Self.executable), settings: settings)
        defer { workers.stop() }
        // 45 megapixels of one colour: a few kilobytes on disk, 180 MB decoded.
        let file = try written(try Picture.bytes(.png, width: 9000, height: 5000))
        defer { try? FileManager.default.removeItem(at: file) }
        await #expect(throws: Refusal.uploadDamaged) {
            try await workers.clean(file, limits: UploadLimits())
        }
    }

    @Test
    func `A worker that never answers is ended`() async throws {
        var settings = ImageWorkers.Settings()
        settings.seconds = 1
        let endless = try written(Array("#!/bin/sh\nexec sleep 60\n".utf8))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: endless.path)
        let workers = ImageWorkers(executable: endless, settings: settings)
        defer { workers.stop() }
        let file = try written([1])
        defer {
            try? FileManager.default.removeItem(at: file)
            try? FileManager.default.removeItem(at: endless)
        }
        await #expect(throws: Refusal.uploadDamaged) {
            try await workers.clean(file, limits: UploadLimits())
        }
    }

    @Test
    func `When too many wait the next is asked to come again`() async throws {
        var settings = ImageWorkers.Settings()
        settings.waiting = 0
        let workers = ImageWorkers(executable: URL(filePath: "/usr/bin/true"), settings: settings)
        defer { workers.stop() }
        await #expect(throws: Refusal.uploadBusy) {
            try await workers.clean(URL(filePath: "/dev/null"), limits: UploadLimits())
        }
    }
}
