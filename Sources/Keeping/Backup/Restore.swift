package import Desk
package import Foundation
package import SQL
import SQLOnSQLite

/// Puts data in the place of other data that nobody may be using.
///
/// What stood there is kept beside it. The new data is written under another name, proved, and renamed, so that at every moment
/// one of the two is whole under the name.
package struct Restore: Sendable {
    package let data: URL
    package let files: URL
    /// Whether data that is there is replaced.
    package var force: Bool
    package var now: Instant

    package init(data: URL, files: URL, force: Bool, now: Instant) {
        self.data = data
        self.files = files
        self.force = force
        self.now = now
    }

    private var fresh: URL { URL(filePath: data.plainPath + ".restoring") }
    private var freshFiles: URL {
        URL(filePath: files.plainPath.trimmedSlash + ".restoring", directoryHint: .isDirectory)
    }

    /// - Returns: what was restored and where the old data is now, if there was any.
    package func put(_ backup: Backup) throws -> (Backup.Manifest, URL?) {
        try refuseIfOccupied()
        let manifest = try backup.prove()
        // One without uploads, as before an upgrade, leaves those that are there: its rows name them.
        let sources = manifest.files.isEmpty ? [] : [backup.files]
        let old = try put(files: sources) { file in
            try FileManager.default.copyItem(at: backup.database, to: file)
            try Backup.prove(file, holds: manifest)
        }
        return (manifest, old)
    }

    /// - Parameters:
    ///   - sources: the folders of uploads to copy; none leaves the uploads' folder as it is.
    ///   - rows: makes the file of data at the place that it is given, and proves it.
    func put(files sources: [URL], rows: (URL) throws -> Void) throws -> URL? {
        try refuseIfOccupied()
        let manager = FileManager.default
        clear()
        do {
            try manager.createDirectory(
                at: data.deletingLastPathComponent(), withIntermediateDirectories: true)
            try rows(fresh)
            if sources.isEmpty {
                try manager.createDirectory(at: files, withIntermediateDirectories: true)
            } else {
                try manager.createDirectory(at: freshFiles, withIntermediateDirectories: true)
            }
            for source in sources { _ = try FileTree.copy(source, to: freshFiles) }
        } catch {
            clear()
            throw error
        }
        return try swap()
    }

    private func refuseIfOccupied() throws {
        guard force || !FileManager.default.fileExists(atPath: data.plainPath) else {
            throw KeepingFailure(
                zh: "\(data.plainPath) 已经有数据；要换成备份请加 --force（旧数据会留在旁边）",
                en:
                    "\(data.plainPath) holds data; add --force to replace it (the old data is kept beside it)"
            )
        }
    }

    private func clear() {
        Backup.removeFile(fresh)
        try? FileManager.default.removeItem(at: freshFiles)
    }

    private func swap() throws -> URL? {
        let manager = FileManager.default
        let suffix = ".before-\(now.milliseconds)"
        let old = try Self.setAside(data, suffix)
        if manager.fileExists(atPath: freshFiles.plainPath) {
            if manager.fileExists(atPath: files.plainPath) {
                try manager.moveItem(
                    atPath: files.plainPath.trimmedSlash,
                    toPath: files.plainPath.trimmedSlash + suffix)
            }
            try manager.moveItem(at: freshFiles, to: files)
        }
        try manager.moveItem(at: fresh, to: data)
        return old
    }

    /// Renames a file of data with what SQLite keeps beside it.
    ///
    /// - Returns: where it is now; nil when there was none.
    static func setAside(_ data: URL, _ suffix: String) throws -> URL? {
        let manager = FileManager.default
        let occupied = manager.fileExists(atPath: data.plainPath)
        for ending in ["", "-wal", "-shm"] where manager.fileExists(atPath: data.plainPath + ending)
        {
            // SQLite looks for the log beside the file under the file's own name.
            try manager.moveItem(
                atPath: data.plainPath + ending, toPath: data.plainPath + suffix + ending)
        }
        return occupied ? URL(filePath: data.plainPath + suffix) : nil
    }
}

/// Restores a backup into a place of its own, as one would in need, and says whether it would have worked.
package struct Drill: Sendable {
    package struct Report: Sendable, Hashable {
        package let manifest: Backup.Manifest
        /// How long it took, in milliseconds.
        package let milliseconds: Int
    }

    package let backup: Backup
    package init(_ backup: Backup) { self.backup = backup }

    /// - Parameters:
    ///   - scratch: a folder on a disk with room for the whole backup; made and removed.
    ///   - open: opens the restored data as the server does, looks whether it is this program's, and closes it.
    package func run(
        in scratch: URL, now: Instant, open: @Sendable (String) async throws -> Void
    ) async throws -> Report {
        let began = ContinuousClock.now
        let manager = FileManager.default
        let needed = try FileTree.size(backup.folder)
        if let free = DiskSpace.free(at: scratch.plainPath), free < needed {
            throw KeepingFailure(
                zh:
                    "演练要 \(needed >> 20) MiB 空间，\(scratch.plainPath) 只有 \(free >> 20) MiB：用 --scratch 换个地方",
                en:
                    "the drill needs \(needed >> 20) MiB, \(scratch.plainPath) has \(free >> 20) MiB: choose another place by --scratch"
            )
        }
        try? manager.removeItem(at: scratch)
        try manager.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: scratch) }
        let data = scratch.appending(path: "qinke.sqlite")
        let files = scratch.appending(path: "files", directoryHint: .isDirectory)
        let (manifest, _) = try Restore(data: data, files: files, force: false, now: now)
            .put(backup)
        try await open(data.plainPath)
        try Self.proveSearch(data)
        let took = (ContinuousClock.now - began).components
        return Report(
            manifest: manifest,
            milliseconds: Int(took.seconds) * 1000 + Int(took.attoseconds / 1_000_000_000_000_000))
    }

    /// The search index proves itself: what it holds is made from the rows, so it has no digest of its own.
    private static func proveSearch(_ data: URL) throws {
        do {
            try SQLiteDatabase.checkSearch(data.plainPath)
        } catch let error as SQLError {
            throw KeepingFailure(
                zh: "备份里的搜索索引损坏（\(error)），数据本身完好",
                en: "the backup's search index is damaged (\(error)); the data itself is sound")
        }
    }
}
