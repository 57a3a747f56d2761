package import Desk
package import Foundation
package import SQL
package import SQLOnSQLite

/// A folder from which a SQLite store can be put back as it was at any moment: whole copies now and then (`bases/`), every
/// transaction since (`frames/`), and all uploads (`uploads/`).
package struct Continuum: Sendable {
    package let folder: URL
    package init(_ folder: URL) { self.folder = folder }

    var shelf: Shelf { Shelf(folder.appending(path: "bases", directoryHint: .isDirectory)) }
    package var log: FrameLog {
        FrameLog(folder.appending(path: "frames", directoryHint: .isDirectory))
    }
    /// Laid out like a backup's, so that a base can link them.
    var uploads: Backup {
        Backup(folder: folder.appending(path: "uploads", directoryHint: .isDirectory))
    }

    /// Where a base stands in the frames.
    package struct Position: Codable, Hashable, Sendable {
        /// The chain of records that goes on from the base.
        package let chain: Int64
        /// The last record before the base was begun; later ones may be in it already, which does no harm.
        package let sequence: Int64
        /// From here on the base with its records is a state that was; milliseconds since 1970.
        package let ready: Int64
    }

    package struct Base: Sendable {
        package let at: Instant
        package let backup: Backup
        package let position: Position
    }

    /// Usable bases, the newest first.
    package func bases() -> [Base] {
        shelf.backups().compactMap { at, backup in
            guard let bytes = try? Data(contentsOf: Self.place(of: backup)),
                let position = try? JSONDecoder().decode(Position.self, from: bytes)
            else { return nil }
            return Base(at: at, backup: backup, position: position)
        }
    }

    private static func place(of backup: Backup) -> URL {
        backup.folder.appending(path: "position.json")
    }

    /// Makes a base; copying may go on meanwhile.
    ///
    /// - Parameters:
    ///   - sequence: the last record before this call.
    ///   - settle: copies what was committed meanwhile and answers the moment.
    func addBase(
        of source: SQLiteDatabase, _ order: Backup.Order, chain: Int64, sequence: Int64,
        settle: () throws -> Int64
    ) throws {
        var order = order
        order.earlier = uploads
        order.force = true
        let place = shelf.folder.appending(
            path: Shelf.name(at: order.now), directoryHint: .isDirectory)
        let (backup, _) = try Backup.make(of: source, at: place, order)
        let position = Position(chain: chain, sequence: sequence, ready: try settle())
        try JSONEncoder().encode(position).write(to: Self.place(of: backup), options: .atomic)
    }

    /// Copies uploads that are not there yet.
    func copyUploads(from files: URL) throws { _ = try FileTree.add(files, to: uploads.files) }

    /// Removes what only moments before `since` need.
    func prune(before since: Instant) throws {
        let bases = bases()
        // The newest base that was ready by then still serves the moments after it.
        let last = bases.first { $0.position.ready <= since.milliseconds }
        var kept = bases
        if let last {
            kept = bases.filter { $0.at >= last.at }
            for base in bases where base.at < last.at {
                try FileManager.default.removeItem(at: base.backup.folder)
            }
        }
        guard let newest = kept.map(\.position.chain).max() else { return }
        for chain in log.chains() where chain <= newest {
            let first = kept.filter { $0.position.chain == chain }.map(\.position.sequence).min()
            try log.remove(chain: chain, before: first)
        }
        if last != nil { try FileTree.removeUnlinked(uploads.files, before: since) }
    }

    // MARK: Restoring

    package struct Restored: Sendable, Hashable {
        /// The moment of the last transaction that is in it; nil = the base alone.
        package let mark: Instant?
        package let base: Instant
        package let records: Int
        /// Where the old data is now.
        package let old: URL?
    }

    /// Puts the store back as it was at a moment: with every transaction that had been copied by then and none that came later.
    package func restore(at moment: Instant, _ restore: Restore) throws -> Restored {
        let bases = bases()
        guard let base = bases.first(where: { $0.position.ready <= moment.milliseconds }) else {
            guard let oldest = bases.last else {
                throw KeepingFailure(
                    zh: "\(folder.plainPath) 里没有可用的连续备份",
                    en: "there is no continuous copy in \(folder.plainPath)")
            }
            let from = Date(timeIntervalSince1970: Double(oldest.position.ready) / 1000)
                .formatted(.iso8601)
            throw KeepingFailure(
                zh: "最早只能恢复到 \(from)", en: "the earliest moment that can be restored is \(from)")
        }
        let manifest = try base.backup.prove()
        var mark: Instant?
        var records = 0
        let old = try restore.put(files: [base.backup.files, uploads.files]) { file in
            try FileManager.default.copyItem(at: base.backup.database, to: file)
            let handle = try FileHandle(forUpdating: file)
            defer { try? handle.close() }
            try log.read(chain: base.position.chain, from: base.position.sequence + 1) { record in
                guard record.mark <= moment.milliseconds else { return false }
                try SQLiteDatabase.apply(record, to: handle)
                mark = Instant(milliseconds: record.mark)
                records += 1
                return true
            }
            try handle.synchronize()
            try SQLiteDatabase.settle(file.plainPath)
            if records == 0 { return try Backup.prove(file, holds: manifest) }
            do { try SQLiteDatabase.check(file.plainPath) } catch let error as SQLError {
                throw KeepingFailure(
                    zh: "恢复出来的数据损坏（\(error)）：请换一个时刻或用备份",
                    en: "what was restored is damaged (\(error)): try another moment or a backup")
            }
        }
        return Restored(mark: mark, base: base.at, records: records, old: old)
    }
}

extension FileTree {
    /// Copies files that are not in the target, without reading those that are.
    static func add(_ root: URL, to target: URL) throws -> Int {
        let manager = FileManager.default
        var count = 0
        for path in try paths(root) where !path.hasPrefix("incoming/") {
            let copy = target.appending(path: path)
            guard !manager.fileExists(atPath: copy.plainPath) else { continue }
            try manager.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            // Under another name first, so that a name never stands for half a file.
            let partial = URL(filePath: copy.plainPath + ".partial")
            try? manager.removeItem(at: partial)
            do { try manager.copyItem(at: root.appending(path: path), to: partial) } catch {
                // Cleared up meanwhile.
                if !manager.fileExists(atPath: root.appending(path: path).plainPath) { continue }
                throw error
            }
            try manager.moveItem(at: partial, to: copy)
            count += 1
        }
        return count
    }

    /// Removes files that no other name stands for and that are older than a moment.
    static func removeUnlinked(_ root: URL, before moment: Instant) throws {
        for path in try paths(root) {
            let file = root.appending(path: path).plainPath
            let facts = try FileManager.default.attributesOfItem(atPath: file)
            guard (facts[.referenceCount] as? Int ?? 0) <= 1,
                let changed = facts[.modificationDate] as? Date,
                changed.timeIntervalSince1970 * 1000 < Double(moment.milliseconds)
            else { continue }
            try FileManager.default.removeItem(atPath: file)
        }
    }
}
