import Crypto
package import Foundation

/// Folders of files that are never rewritten.
package enum FileTree {
    package struct File: Codable, Sendable, Hashable {
        package let path: String
        package let size: Int
        /// SHA-256 in hexadecimal.
        package let digest: String
    }

    package static func list(_ root: URL) throws -> [File] {
        try paths(root).map { try describe($0, in: root) }
    }

    /// Bytes of all files, without reading them.
    package static func size(_ root: URL) throws -> Int64 {
        try paths(root).reduce(0) { sum, path in
            let facts = try? FileManager.default.attributesOfItem(
                atPath: root.appending(path: path).plainPath)
            return sum + Int64(facts?[.size] as? Int ?? 0)
        }
    }

    /// Copies every file that is not there yet, and reads each of them.
    ///
    /// - Parameter earlier: a folder that may hold some of them: those are linked, not copied, if the disk allows.
    package static func copy(
        _ root: URL, to target: URL, linking earlier: URL? = nil
    ) throws -> [File] {
        let manager = FileManager.default
        var files: [File] = []
        for path in try paths(root) {
            // Half of an upload, or one that was cleared up meanwhile, belongs to no row.
            guard !path.hasPrefix("incoming/"),
                manager.fileExists(atPath: root.appending(path: path).plainPath)
            else { continue }
            let copy = target.appending(path: path)
            try manager.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            if !manager.fileExists(atPath: copy.plainPath) {
                if let earlier, link(earlier.appending(path: path).plainPath, copy.plainPath) == 0 {
                    // The same bytes stand for both.
                } else {
                    try manager.copyItem(at: root.appending(path: path), to: copy)
                }
            }
            files.append(try describe(path, in: target))
        }
        return files
    }

    static func paths(_ root: URL) throws -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: root.plainPath) else { return [] }
        var paths: [String] = []
        while let path = walk.nextObject() as? String {
            if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                paths.append(path)
            }
        }
        return paths.sorted()
    }

    private static func describe(_ path: String, in root: URL) throws -> File {
        let handle = try FileHandle(forReadingFrom: root.appending(path: path))
        defer { try? handle.close() }
        var hash = SHA256()
        var size = 0
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
            hash.update(data: part)
            size += part.count
        }
        return .init(
            path: path, size: size,
            digest: hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                .joined())
    }
}

extension URL {
    package var plainPath: String { path(percentEncoded: false) }
}

extension String {
    package var trimmedSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

/// Bytes free for a file or folder that may not exist yet; nil when nobody can tell.
package enum DiskSpace {
    package static func free(at path: String) -> Int64? {
        var folder = URL(filePath: path)
        while !FileManager.default.fileExists(atPath: folder.plainPath) {
            let above = folder.deletingLastPathComponent()
            guard above.plainPath != folder.plainPath else { return nil }
            folder = above
        }
        let facts = try? FileManager.default.attributesOfFileSystem(forPath: folder.plainPath)
        return (facts?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
