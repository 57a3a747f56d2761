import Desk
import Foundation
import TestSupport
import Testing
import Web

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
