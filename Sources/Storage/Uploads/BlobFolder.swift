import Crypto
package import Foundation

/// Blobs as files in a folder beside the database: `ab/abcdef…`.
///
/// A file is written under another name, brought to the disk and then renamed, so that a name never
/// stands for half a file, whenever the power goes.
package struct BlobFolder: BlobStore {
    private let root: URL
    /// Where the folder is.
    package var path: String { root.path }
    private var incoming: URL { root.appending(path: "incoming", directoryHint: .isDirectory) }

    /// Makes the folder when it is not there.
    package init(_ root: URL) throws {
        self.root = root
        try FileManager.default.createDirectory(
            at: root.appending(path: "incoming", directoryHint: .isDirectory),
            withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A folder that is only read; it need not be there.
    package init(reading root: URL) { self.root = root }

    package func receive() throws -> IncomingBlob {
        try IncomingBlob(file: incoming.appending(path: UUID().uuidString))
    }

    package func keep(_ bytes: [UInt8]) throws -> BlobKey {
        let incoming = try receive()
        do {
            try incoming.append(bytes)
            return try keep(incoming)
        } catch {
            incoming.discard()
            throw error
        }
    }

    package func keep(_ incoming: IncomingBlob) throws -> BlobKey {
        let key = try incoming.finish()
        let file = place(of: key)
        let folder = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        // Renaming over an equal file changes nothing but its time, which says that it was kept anew.
        guard rename(incoming.file.path, file.path) == 0 else {
            incoming.discard()
            throw CocoaError(.fileWriteUnknown)
        }
        try Self.synchronize(folder)
        try Self.synchronize(root)
        return key
    }

    package func read(_ key: BlobKey, from offset: Int, count: Int) throws -> [UInt8] {
        guard let handle = try? FileHandle(forReadingFrom: place(of: key)) else {
            throw BlobMissing(key: key)
        }
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        return [UInt8](try handle.read(upToCount: count) ?? Data())
    }

    package func remove(_ key: BlobKey, notKeptSince moment: Date) throws -> Bool {
        let file = place(of: key)
        guard let kept = modified(file), kept < moment else { return false }
        try FileManager.default.removeItem(at: file)
        return true
    }

    package func leftovers(notKeptSince moment: Date) throws -> [BlobKey] {
        for file in try contents(of: incoming) {
            if let began = modified(file), began < moment {
                try? FileManager.default.removeItem(at: file)
            }
        }
        var keys: [BlobKey] = []
        for folder in try contents(of: root) where folder.lastPathComponent.utf8.count == 2 {
            for file in try contents(of: folder) {
                guard let key = BlobKey(file.lastPathComponent), let kept = modified(file),
                    kept < moment
                else { continue }
                keys.append(key)
            }
        }
        return keys
    }

    private func place(of key: BlobKey) -> URL {
        root.appending(path: "\(key.description.prefix(2))/\(key)", directoryHint: .notDirectory)
    }

    /// Nothing when the folder is not there: one that is only read need not be.
    private func contents(of folder: URL) throws -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
    }

    private func modified(_ file: URL) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
    }

    /// Brings a folder's entries to the disk: a renamed file is lost otherwise when the power goes.
    private static func synchronize(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
