package import Desk
package import Foundation
package import SQL
package import SQLOnSQLite
import Storage

/// A folder that holds a shop's whole data at one instant: the rows, the files, and a list of what both must hold.
///
/// Whatever engine the data lives on, the rows lie in one SQLite file: of SQLite a copy page by page, of another engine a
/// copy row by row. So a backup can be put back on any engine.
package struct Backup: Sendable {
    /// `manifest.json`: what the backup holds, so that it can be proved before it is trusted.
    package struct Manifest: Codable, Sendable, Hashable {
        /// The form of this folder: 1 had another kind of digest, of which only the number of rows can be compared.
        package static let form = 2

        package var form = Manifest.form
        package let program: String
        /// Milliseconds since 1970.
        package let at: Int64
        package let tables: [TableDigest]
        package let files: [FileTree.File]

        package var digests: Digests { Digests(tables: tables) }
        package var rows: Int { digests.rows }
    }

    package let folder: URL

    package init(folder: URL) { self.folder = folder }

    package var database: URL { folder.appending(path: "qinke.sqlite") }
    package var files: URL { folder.appending(path: "files", directoryHint: .isDirectory) }
    private var manifestFile: URL { folder.appending(path: "manifest.json") }

    /// What a backup is made with.
    package struct Order: Sendable {
        /// The program's version.
        package var program: String
        package var now: Instant
        /// The uploads' folder; nil = none are copied.
        package var files: URL?
        /// Whether a folder that is there is replaced.
        package var force = false
        /// An earlier backup on the same disk, whose equal files need not be kept twice.
        package var earlier: Backup?

        package init(program: String, now: Instant, files: URL?) {
            self.program = program
            self.now = now
            self.files = files
        }
    }

    /// Makes a backup of a store that may be in use; the folder appears only when it is whole and proved.
    ///
    /// Blocks; call it on a thread of your own.
    package static func make(
        of source: SQLiteDatabase, at folder: URL, _ order: Order
    ) throws -> (Backup, Manifest) {
        try make(at: folder, order) { file in
            try source.copy(to: file) { try Digests(of: $0) }
        }
    }

    /// As ``make(of:at:_:)`` for whatever engine: the rows are copied one by one, all of one instant.
    package static func make(
        ofAny source: any Database, at folder: URL, _ order: Order
    ) async throws -> (Backup, Manifest) {
        if let source = source as? SQLiteDatabase { return try make(of: source, at: folder, order) }
        let scratch = URL(filePath: folder.plainPath.trimmedSlash + ".rows")
        defer { removeFile(scratch) }
        removeFile(scratch)
        try FileManager.default.createDirectory(
            at: scratch.deletingLastPathComponent(), withIntermediateDirectories: true)
        let digests = try await Mover.copyInstant(
            of: source, toFile: scratch.plainPath, at: order.now)
        return try make(at: folder, order) { file in
            try FileManager.default.moveItem(atPath: scratch.plainPath, toPath: file)
            return digests
        }
    }

    private static func make(
        at folder: URL, _ order: Order, rows: (String) throws -> Digests
    ) throws -> (Backup, Manifest) {
        let manager = FileManager.default
        guard order.force || !manager.fileExists(atPath: folder.plainPath) else {
            throw KeepingFailure(
                zh: "\(folder.plainPath) 已经存在；要覆盖请加 --force",
                en: "\(folder.plainPath) exists already; add --force to replace it")
        }
        let partial = Backup(
            folder: URL(
                filePath: folder.plainPath.trimmedSlash + ".partial", directoryHint: .isDirectory))
        try? manager.removeItem(at: partial.folder)
        try manager.createDirectory(at: partial.files, withIntermediateDirectories: true)
        do {
            let digests = try rows(partial.database.plainPath)
            try partial.check(digests)
            // After the rows: every file that they name is there by now, since files are never rewritten.
            let copied = try order.files.map {
                try FileTree.copy($0, to: partial.files, linking: order.earlier?.files)
            }
            let manifest = Manifest(
                program: order.program, at: order.now.milliseconds, tables: digests.tables,
                files: copied ?? [])
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try encoder.encode(manifest).write(to: partial.manifestFile)
            if manager.fileExists(atPath: folder.plainPath) { try manager.removeItem(at: folder) }
            try manager.moveItem(at: partial.folder, to: folder)
            return (Backup(folder: folder), manifest)
        } catch {
            try? manager.removeItem(at: partial.folder)
            throw error
        }
    }

    /// A database and what SQLite may keep beside it.
    static func removeFile(_ file: URL) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: file.plainPath + ending)
        }
    }

    package func manifest() throws -> Manifest {
        guard let bytes = try? Data(contentsOf: manifestFile),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: bytes),
            (1...Manifest.form).contains(manifest.form)
        else {
            throw KeepingFailure(
                zh: "\(folder.plainPath) 不是 qinke backup 做的备份（缺少或看不懂 manifest.json）",
                en:
                    "\(folder.plainPath) is no backup of qinke's (manifest.json is missing or unreadable)"
            )
        }
        return manifest
    }

    /// Reads everything and compares it with the list.
    @discardableResult
    package func prove() throws -> Manifest {
        let manifest = try manifest()
        try Self.prove(database, holds: manifest)
        try prove(files: manifest)
        return manifest
    }

    private func check(_ digests: Digests) throws {
        try Self.prove(
            database, holds: Manifest(program: "", at: 0, tables: digests.tables, files: []))
    }

    /// SQLite's check of a file, then every row of it.
    static func prove(_ file: URL, holds manifest: Manifest) throws {
        do {
            try SQLiteDatabase.check(file.plainPath)
        } catch let error as SQLError {
            throw KeepingFailure(
                zh: "备份里的数据文件损坏（\(error)）：请用另一份备份",
                en: "the backup's file of data is damaged (\(error)): use another backup")
        }
        let found = try SQLiteDatabase.read(file: file.plainPath) { try Digests(of: $0) }
        let wrong: [String]
        if manifest.form == 1 {
            let rows = Dictionary(manifest.tables.map { ($0.table, $0.rows) }) { first, _ in first }
            wrong = found.tables.filter { rows[$0.table] != $0.rows }.map(\.table)
        } else {
            wrong = found.differing(from: manifest.digests)
        }
        guard wrong.isEmpty else {
            throw KeepingFailure(
                zh: "备份里这些表的内容和清单不符：\(wrong.joined(separator: "、"))，请用另一份备份",
                en:
                    "these tables of the backup are not what its list says: \(wrong.joined(separator: ", ")); use another backup"
            )
        }
    }

    private func prove(files manifest: Manifest) throws {
        let found = try FileTree.list(files)
        guard Set(found) == Set(manifest.files) else {
            let wrong = Set(found).symmetricDifference(manifest.files).map(\.path)
            let names = Set(wrong).sorted().prefix(3)
            throw KeepingFailure(
                zh: "备份里的文件不对：\(names.joined(separator: "、"))",
                en: "files of the backup are wrong: \(names.joined(separator: ", "))")
        }
    }
}
