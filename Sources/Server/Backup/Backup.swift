import Crypto
import Desk
import Foundation
import SQLOnSQLite

/// A folder that holds a shop's whole data at one instant: the database, the files, and a list of what both must hold.
struct Backup: Sendable {
    /// `manifest.json`: what the backup holds, so that it can be proved before it is trusted.
    struct Manifest: Codable, Sendable, Hashable {
        struct File: Codable, Sendable, Hashable {
            let path: String
            let size: Int
            /// SHA-256 in hexadecimal.
            let digest: String
        }

        /// The form of this folder.
        var form = 1
        let program: String
        /// Milliseconds since 1970.
        let at: Int64
        let tables: [TableDigest]
        let files: [File]
    }

    struct Failure: Error, CustomStringConvertible {
        let message: Localized
        init(zh: String, en: String) { message = Localized(zh: zh, en: en) }
        var description: String { Say.text(message) }
    }

    let folder: URL

    var database: URL { folder.appending(path: "qinke.sqlite") }
    var files: URL { folder.appending(path: "files", directoryHint: .isDirectory) }
    private var manifestFile: URL { folder.appending(path: "manifest.json") }

    /// Makes a backup of a store that may be in use; the folder appears only when it is whole and proved.
    static func make(
        of source: SQLiteDatabase, files: URL, at folder: URL, force: Bool, now: Instant
    ) throws -> (Backup, Manifest) {
        let manager = FileManager.default
        guard force || !manager.fileExists(atPath: folder.plainPath) else {
            throw Failure(
                zh: "\(folder.plainPath) 已经存在；要覆盖请加 --force",
                en: "\(folder.plainPath) exists already; add --force to replace it")
        }
        let partial = Backup(
            folder: folder.deletingLastPathComponent()
                .appending(path: folder.lastPathComponent + ".partial", directoryHint: .isDirectory)
        )
        try? manager.removeItem(at: partial.folder)
        try manager.createDirectory(at: partial.files, withIntermediateDirectories: true)
        do {
            let tables = try source.copy(to: partial.database.plainPath)
            // After the database: every file that its copy names is there by now, since files are never rewritten.
            let copied = try Tree.copy(files, to: partial.files)
            let manifest = Manifest(
                program: Qinke.version, at: now.milliseconds, tables: tables, files: copied)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try encoder.encode(manifest).write(to: partial.manifestFile)
            let backup = Backup(folder: folder)
            if manager.fileExists(atPath: folder.plainPath) { try manager.removeItem(at: folder) }
            try manager.moveItem(at: partial.folder, to: folder)
            return (backup, manifest)
        } catch {
            try? manager.removeItem(at: partial.folder)
            throw error
        }
    }

    /// Reads everything and compares it with the list.
    func prove() throws -> Manifest {
        guard let bytes = try? Data(contentsOf: manifestFile),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: bytes), manifest.form == 1
        else {
            throw Failure(
                zh: "\(folder.plainPath) 不是 qinke backup 做的备份（缺少或看不懂 manifest.json）",
                en:
                    "\(folder.plainPath) is no backup of qinke's (manifest.json is missing or unreadable)"
            )
        }
        try SQLiteDatabase.verify(database.plainPath, holds: manifest.tables)
        let found = try Tree.list(files)
        guard Set(found) == Set(manifest.files) else {
            let wrong = Set(found).symmetricDifference(manifest.files).map(\.path).sorted()
            throw Failure(
                zh: "备份里的文件不对：\(wrong.prefix(3).joined(separator: "、"))",
                en: "files of the backup are wrong: \(wrong.prefix(3).joined(separator: ", "))")
        }
        return manifest
    }

    /// Puts the backup in the place of the data, which nobody may be using.
    ///
    /// What stood there is kept beside it. The new data is written under another name, proved, and renamed.
    /// - Returns: what was restored and where the old data is now, if there was any.
    func restore(to data: URL, files target: URL, force: Bool, now: Instant) throws -> (
        Manifest, URL?
    ) {
        let manager = FileManager.default
        let occupied = manager.fileExists(atPath: data.plainPath)
        guard force || !occupied else {
            throw Failure(
                zh: "\(data.plainPath) 已经有数据；要换成备份请加 --force（旧数据会留在旁边）",
                en:
                    "\(data.plainPath) holds data; add --force to replace it (the old data is kept beside it)"
            )
        }
        let manifest = try prove()
        let fresh = URL(filePath: data.plainPath + ".restoring")
        let freshFiles = URL(
            filePath: target.plainPath.trimmedSlash + ".restoring", directoryHint: .isDirectory)
        for old in [fresh, freshFiles] { try? manager.removeItem(at: old) }
        do {
            try manager.copyItem(at: database, to: fresh)
            try SQLiteDatabase.verify(fresh.plainPath, holds: manifest.tables)
            try manager.createDirectory(at: freshFiles, withIntermediateDirectories: true)
            _ = try Tree.copy(files, to: freshFiles)
        } catch {
            for part in [fresh, freshFiles] { try? manager.removeItem(at: part) }
            throw error
        }
        let suffix = ".before-\(now.milliseconds)"
        for ending in ["", "-wal", "-shm"] where manager.fileExists(atPath: data.plainPath + ending)
        {
            try manager.moveItem(
                atPath: data.plainPath + ending, toPath: data.plainPath + suffix + ending)
        }
        if manager.fileExists(atPath: target.plainPath) {
            try manager.moveItem(
                atPath: target.plainPath.trimmedSlash,
                toPath: target.plainPath.trimmedSlash + suffix)
        }
        try manager.moveItem(at: freshFiles, to: target)
        try manager.moveItem(at: fresh, to: data)
        return (manifest, occupied ? URL(filePath: data.plainPath + suffix) : nil)
    }
}

/// Folders of files that are never rewritten.
private enum Tree {
    static func list(_ root: URL) throws -> [Backup.Manifest.File] {
        guard let walk = FileManager.default.enumerator(atPath: root.plainPath) else { return [] }
        var files: [Backup.Manifest.File] = []
        while let path = walk.nextObject() as? String {
            guard walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular else {
                continue
            }
            files.append(try describe(path, in: root))
        }
        return files
    }

    static func copy(_ root: URL, to target: URL) throws -> [Backup.Manifest.File] {
        let manager = FileManager.default
        guard let walk = manager.enumerator(atPath: root.plainPath) else { return [] }
        var files: [Backup.Manifest.File] = []
        while let path = walk.nextObject() as? String {
            guard walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular else {
                continue
            }
            // Half of an upload, or one that was cleared up meanwhile, belongs to no row.
            guard !path.hasPrefix("incoming/"),
                manager.fileExists(atPath: root.appending(path: path).plainPath)
            else { continue }
            let copy = target.appending(path: path)
            try manager.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try manager.copyItem(at: root.appending(path: path), to: copy)
            files.append(try describe(path, in: target))
        }
        return files
    }

    private static func describe(_ path: String, in root: URL) throws -> Backup.Manifest.File {
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
    var plainPath: String { path(percentEncoded: false) }
}

extension String {
    var trimmedSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
