package import Desk
package import Foundation
package import SQL
package import SQLOnSQLite
import Storage
import Synchronization

/// Brings a store that an older program wrote to this program's structure, or leaves it exactly as it was.
///
/// First a backup, then all missing steps and a check of the result in one transaction, then a second look at what was
/// committed. Whatever fails, the store is what it was before: by the transaction, or by putting the backup in its place.
package struct Upgrade: Sendable {
    package let migrator: Migrator
    /// The program's version.
    package let program: String
    package let now: Instant
    /// Looks at the store once more after the commit; a test makes it fail.
    package var afterwards: @Sendable (any Database) async throws -> Void = { _ in }

    package init(_ migrator: Migrator, program: String, now: Instant) {
        self.migrator = migrator
        self.program = program
        self.now = now
    }

    package struct Report: Sendable, Hashable {
        /// Names of the steps applied now; empty when the store was current.
        package var steps: [String] = []
        /// The backup made before; nil when the store was current or new.
        package var backup: URL?
    }

    /// - Parameters:
    ///   - open: opens the store.
    ///   - file: the file of data; nil when the store is not a file.
    ///   - place: where the backup goes; a name for this upgrade is appended.
    /// - Throws: ``KeepingFailure`` in words, with the store unchanged.
    package func bring(
        open: @Sendable () throws -> any Database, file: URL?, place: URL
    ) async throws -> (any Database, Report) {
        let database = try open()
        do {
            return (database, try await bring(database, file, place))
        } catch {
            try? database.close()
            throw error
        }
    }

    private func bring(
        _ database: any Database, _ file: URL?, _ place: URL
    ) async throws -> Report {
        let isNew = try await database.read { try Catalogue(of: $0).table("migration") == nil }
        if isNew {
            let steps = try await migrator.migrate(database, at: now.milliseconds)
            return Report(steps: steps)
        }
        switch try await migrator.standing(database) {
        case .missing(0): return Report()
        case .missing: break
        // Says which, in the words of whoever opens the store; nothing was changed.
        case .newer, .edited: _ = try await migrator.migrate(database, at: now.milliseconds)
        }
        let saved = try await save(database, place)
        let upgraded = Mutex<Digests?>(nil)
        do {
            let steps = try await migrate(database, saved.before) { after in
                upgraded.withLock { $0 = after }
            }
            try await look(database)
            return Report(steps: steps, backup: saved.backup.folder)
        } catch {
            throw try await rollBack(database, file, saved, upgraded.withLock { $0 }, error)
        }
    }

    /// What the store was, in the backup and in short.
    private struct Saved {
        let backup: Backup
        let before: Digests
        /// The list of steps, which the backup has in its own engine's words.
        let list: [Row]

        var folder: String { backup.folder.plainPath }
    }

    // MARK: Backup

    private func save(
        _ database: any Database, _ place: URL
    ) async throws -> Saved {
        let folder = URL(
            filePath: place.plainPath.trimmedSlash + ".before-upgrade-\(now.milliseconds)",
            directoryHint: .isDirectory)
        do {
            // Uploads stay where they are: no step of the schema touches them.
            let (backup, manifest) = try await Backup.make(
                ofAny: database, at: folder,
                Backup.Order(program: program, now: now, files: nil))
            let (list, its) = try await database.read { transaction in
                let others = try Catalogue(of: transaction).kept.map(\.name)
                    .filter { $0 != "migration" }
                return (
                    try PutBack.list(of: transaction),
                    try Digests(of: transaction, leavingOut: Set(others))
                )
            }
            // By name, as they stand in the digests of a store.
            let tables = (manifest.digests.portable.tables + its.tables)
                .sorted { $0.table < $1.table }
            return Saved(backup: backup, before: Digests(tables: tables), list: list)
        } catch {
            throw KeepingFailure(
                zh: "升级前的备份没有做成（\(Self.words(error).zh)），所以没有升级，数据没有变",
                en:
                    "the backup before the upgrade failed (\(Self.words(error).en)), so nothing was upgraded and nothing changed"
            )
        }
    }

    // MARK: Steps

    private func migrate(
        _ database: any Database, _ before: Digests,
        after: @escaping @Sendable (Digests) -> Void
    ) async throws -> [String] {
        let expected = try await expectedCatalogue()
        let migrator = migrator
        return try await migrator.migrate(database, at: now.milliseconds) { transaction, applied in
            let texts = migrator.migrations.filter { applied.contains($0.name) }
                .flatMap { $0.statements(transaction.dialect) }
            after(
                try Self.check(
                    transaction, before, expected, touched: Migrator.words(texts)))
        }
    }

    /// The tables as this program's steps make them, made on an empty store.
    private func expectedCatalogue() async throws -> Catalogue {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "qinke-schema-\(UUID().uuidString).sqlite")
        defer { Backup.removeFile(scratch) }
        let empty = try SQLiteDatabase(
            path: scratch.plainPath, beforeCommit: EventLog.writeCounters)
        defer { try? empty.close() }
        _ = try await migrator.migrate(empty, at: now.milliseconds)
        return try await empty.read { try Catalogue(of: $0) }
    }

    /// Inside the transaction of the steps, so that a failure undoes them.
    ///
    /// - Parameter touched: words of the steps' texts; a table that none of them names must be what it was.
    /// - Returns: what the store is now.
    private static func check(
        _ transaction: Transaction, _ before: Digests, _ expected: Catalogue, touched: Set<String>
    ) throws -> Digests {
        if transaction.dialect == .sqlite {
            let verdict: String? = try transaction.first("PRAGMA quick_check")?.get(0)
            if verdict != "ok" { throw SQLError.corrupt(verdict ?? "no answer") }
            if let row = try transaction.first("PRAGMA foreign_key_check") {
                throw SQLError.corrupt(
                    "a row of \(try row.get(0, as: String.self)) refers to nothing")
            }
        }
        let found = try Catalogue(of: transaction).kept
        for (mine, theirs) in [(found, expected.kept), (expected.kept, found)] {
            for table in mine
            where theirs.first(where: { $0.name == table.name })?.columns != table.columns {
                throw KeepingFailure(
                    zh: "升级后表 \(table.name) 的结构和本程序不符",
                    en: "after the upgrade the table \(table.name) is not as this program makes it")
            }
        }
        let after = try Digests(of: transaction)
        let wrong = after.differing(from: before).filter { name in
            name != "migration" && !touched.contains(name)
        }
        guard wrong.isEmpty else {
            throw KeepingFailure(
                zh: "升级动了不该动的表：\(wrong.joined(separator: "、"))",
                en: "the upgrade changed tables that it must not: \(wrong.joined(separator: ", "))")
        }
        return after
    }

    /// After the commit: the store is readable and current.
    private func look(_ database: any Database) async throws {
        guard try await migrator.standing(database) == .missing(0) else {
            throw KeepingFailure(
                zh: "升级后结构不是最新的", en: "the structure is not current after the upgrade")
        }
        try await afterwards(database)
    }

    // MARK: Back

    /// - Parameter upgraded: what the steps made of the store, if they came to their end.
    private func rollBack(
        _ database: any Database, _ file: URL?, _ saved: Saved, _ upgraded: Digests?,
        _ error: any Error
    ) async throws -> KeepingFailure {
        let cause = Self.words(error)
        let now = try? await database.read { try Digests(of: $0) }
        if now == saved.before {
            return KeepingFailure(
                zh:
                    "升级失败（\(cause.zh)）。已经全部撤销，数据和升级前逐行相同；请继续用旧版本。升级前的备份在 \(saved.folder)",
                en:
                    "the upgrade failed (\(cause.en)). All of it was undone, every row is as before; keep using the "
                    + "older version. The backup made before is \(saved.folder)")
        }
        guard let file else {
            return await rollBackOnServer(database, saved, upgraded, now, cause)
        }
        try? database.close()
        let failed = try Restore.setAside(file, ".failed-upgrade-\(self.now.milliseconds)")
        try FileManager.default.copyItem(at: saved.backup.database, to: file)
        try Backup.prove(file, holds: try saved.backup.manifest())
        return KeepingFailure(
            zh: "升级失败（\(cause.zh)）。已经换回升级前的备份，逐行核对过；请继续用旧版本。没升级成的数据留在 \(failed?.plainPath ?? "-")",
            en:
                "the upgrade failed (\(cause.en)). The backup made before is in its place again, every row compared; keep "
                + "using the older version. What failed is kept as \(failed?.plainPath ?? "-")")
    }

    private func rollBackOnServer(
        _ database: any Database, _ saved: Saved, _ upgraded: Digests?, _ now: Digests?,
        _ cause: Localized
    ) async -> KeepingFailure {
        guard let now else {
            return KeepingFailure(
                zh:
                    "升级到一半时连不上数据库了（\(cause.zh)）。升级要么全部完成、要么全部撤销：连上以后再启动一次就知道；升级前的备份在 \(saved.folder)",
                en:
                    "the database went away during the upgrade (\(cause.en)). Either all of it was done or none: start again when "
                    + "it is back. The backup made before is \(saved.folder)")
        }
        if now.list == saved.before.list {
            let others = now.differing(from: saved.before).joined(separator: ", ")
            return KeepingFailure(
                zh: "升级没有做（\(cause.zh)），已经全部撤销。升级时有别的节点在写（\(others)）：请停掉所有节点，只启动一个",
                en:
                    "nothing was upgraded (\(cause.en)), all of it was undone. Other nodes wrote meanwhile (\(others)): stop "
                    + "every node and start one")
        }
        do {
            guard let upgraded else { throw PutBack.WrittenSince() }
            try await PutBack(
                list: saved.list, migrator: migrator, backup: saved.backup, before: saved.before,
                upgraded: upgraded
            ).run(on: database)
            return KeepingFailure(
                zh: "升级失败（\(cause.zh)）。已经在库里换回升级前的备份，逐行核对过；请继续用旧版本。备份在 \(saved.folder)",
                en:
                    "the upgrade failed (\(cause.en)). The rows of the backup made before are in the database again, every one "
                    + "compared; keep using the older version. The backup is \(saved.folder)")
        } catch {
            let why =
                error is PutBack.WrittenSince
                ? Localized(zh: "升级后已经有人写过", en: "somebody has written since")
                : Self.words(error)
            return KeepingFailure(
                zh:
                    "升级失败（\(cause.zh)），也没有自动换回（\(why.zh)）。请把升级前的备份 \(saved.folder) 恢复到一个空库，用旧版本继续",
                en:
                    "the upgrade failed (\(cause.en)) and was not taken back (\(why.en)). Restore the backup made before, "
                    + "\(saved.folder), into an empty database and go on with the older version")
        }
    }

    private static func words(_ error: any Error) -> Localized {
        (error as? KeepingFailure)?.message ?? Localized(zh: "\(error)", en: "\(error)")
    }
}

extension Digests {
    /// That of the list of steps.
    fileprivate var list: TableDigest? { tables.first { $0.table == "migration" } }
}

extension Migrator {
    /// The words of some steps' texts, among them the names of all tables that they may touch.
    static func words(_ texts: [String]) -> Set<String> {
        Set(
            texts.flatMap { text in
                text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
            })
    }
}
