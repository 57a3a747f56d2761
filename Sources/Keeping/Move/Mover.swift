package import Desk
import Foundation
package import SQL
import SQLOnSQLite
import Storage

/// Brings a whole store to another engine, row by row, and proves it by digests.
///
/// The source is only read. The target gets the source's steps of the schema in its own dialect; what can be made anew (the search
/// index) is made anew there.
package struct Mover: Sendable {
    package let source: any Database
    package let target: any Database
    /// How the bytes of uploads are brought over; nil = as rows, like all else.
    package var uploads: UploadCarriage?
    private let now: Instant

    /// What is told while it goes on.
    package enum Step: Sendable {
        case counted(rows: Int, alreadyThere: Int)
        case copying(table: String, MovePace)
        case comparing(table: String, rows: Int)
        case indexing(events: Int)
        /// Files of uploads, and their bytes so far.
        case carrying(MovePace, bytes: Int)
    }

    package struct Report: Sendable, Hashable {
        package let digests: Digests
        /// Rows that this run copied; the others were there from an earlier one.
        package let copied: Int
        /// Nil when the uploads' bytes came as rows.
        package var uploads: UploadCarriage.Tally?
    }

    package init(from source: any Database, to target: any Database, now: Instant) {
        self.source = source
        self.target = target
        self.now = now
    }

    /// Whether a table is the mover's own and no part of the store.
    package static func isOwn(_ table: String) -> Bool { table == MovePlace.table }

    /// Moves everything, or what an earlier run left.
    ///
    /// - Parameter tell: called between pages; when it throws, the move stops there and may be resumed.
    package func run(_ tell: @Sendable (Step) throws -> Void) async throws -> Report {
        try await uploads?.look(in: source)
        let tables = try await prepare()
        let origin = try await source.read { try Self.origin(of: $0) }
        let place = try await target.write { try MovePlace(in: $0, origin: origin) }
        let total = try await source.read { transaction in
            try tables.reduce(0) { try $0 + Self.count($1, transaction) }
        }
        let there = place.tables.values.reduce(0) { $0 + $1.rows }
        try tell(.counted(rows: total, alreadyThere: there))
        var pace = MovePace(total: total, rows: there)
        let began = ContinuousClock.now
        for table in tables {
            let known = place.tables[table.name]
            if known?.done == true { continue }
            try await copy(table, after: known?.after) { count in
                let span = (ContinuousClock.now - began).components
                pace.add(
                    count,
                    at: Int(span.seconds) * 1000 + Int(span.attoseconds / 1_000_000_000_000_000))
                try tell(.copying(table: table.name, pace))
            }
        }
        let digests = try await compare(tell)
        try await index(tell)
        let tally = try await carry(place, tell)
        // Last, so that a run that was interrupted anywhere is known as its own.
        try await target.write { try MovePlace.remove(in: $0) }
        return Report(digests: digests, copied: pace.rows - there, uploads: tally)
    }

    /// Whether the bytes of uploads are in this table and go another way.
    private func goesApart(_ table: String) -> Bool {
        uploads != nil && UploadCarriage.tables.contains(table)
    }

    private func carry(
        _ place: MovePlace, _ tell: @Sendable (Step) throws -> Void
    ) async throws -> UploadCarriage.Tally? {
        guard let uploads else { return nil }
        let name = "uploads \(uploads.target.name)"
        var first = ""
        if case .text(let key)? = place.tables[name]?.after?.first { first = key }
        return try await uploads.run(of: source, after: first) { pace, bytes in
            try tell(.carrying(pace, bytes: bytes))
        } save: { key in
            try await target.write {
                try MovePlace.save(name, after: [.text(key)], rows: 0, done: false, in: $0)
            }
        }
    }

    // MARK: The schema

    /// Brings the target to the source's steps.
    ///
    /// - Returns: the tables, those first that others refer to.
    private func prepare() async throws -> [Catalogue.Table] {
        let steps = try await source.read { try Self.steps(of: $0) }
        do {
            _ = try await Migrator(steps).migrate(target, at: now.milliseconds)
        } catch let failure as Migrator.Failure {
            throw KeepingFailure(
                zh: "目的地是别的结构（\(failure)）：请给一个空的库",
                en: "the target has another structure (\(failure)): give an empty one")
        }
        let catalogue = try await source.read { try Catalogue(of: $0) }
        let others = try await target.read { try Catalogue(of: $0).kept }
        guard let order = catalogue.inOrderOfReference else {
            throw KeepingFailure(zh: "表之间循环引用", en: "tables refer to each other in a circle")
        }
        if case .database? = uploads?.target.kind, !others.contains(where: { $0.name == "blob" }) {
            throw KeepingFailure(
                zh: "来源的结构比较旧，还不能把图片和文件存进数据库：先用这个版本启动一次它（会自动备份、升级），再搬",
                en:
                    "the source's structure is too old to keep uploads in the database: start this version on it once (it backs "
                    + "up and upgrades), then move")
        }
        let names = Set(catalogue.kept.map(\.name))
        let tables = order.filter {
            names.contains($0.name) && $0.name != "migration" && !goesApart($0.name)
        }
        for table in tables
        where others.first(where: { $0.name == table.name })?.columns != table.columns {
            throw KeepingFailure(
                zh: "两边的表 \(table.name) 不一样：两边要用同一个版本的程序",
                en: "the table \(table.name) differs on both sides: both need the same version")
        }
        return tables
    }

    /// The steps that a store has.
    ///
    /// - Throws: ``KeepingFailure`` when it has steps that this program does not know, or none.
    static func steps(of transaction: Transaction) throws -> [Migration] {
        guard try Catalogue(of: transaction).table("migration") != nil else {
            throw KeepingFailure(zh: "来源不是亲客的数据", en: "the source is no data of qinke's")
        }
        var known: [Int: Int64] = [:]
        for row in try transaction.rows("SELECT number, digest FROM migration") {
            known[try row.get(0)] = try row.get(1)
        }
        let steps = allMigrations.filter { known[$0.number] != nil }
        guard steps.count == known.count else {
            throw KeepingFailure(
                zh: "来源是更新版本的程序写的：请升级程序再搬",
                en: "the source is of a newer version: upgrade the program first")
        }
        for step in steps where known[step.number] != step.digest(transaction.dialect) {
            throw KeepingFailure(
                zh: "来源的结构（\(step.name)）和本程序不符",
                en: "the source's structure (\(step.name)) is not this program's"
            )
        }
        return steps
    }

    /// A name of the data: its shops.
    private static func origin(of transaction: Transaction) throws -> String {
        guard let table = try Catalogue(of: transaction).table("shop") else { return "none" }
        var sum = RowSum(heading: ["origin"] + table.columns.map(\.name))
        try table.forEachPage(in: transaction) { rows in
            for row in rows { sum.add(row.values) }
        }
        return sum.text
    }

    private static func count(_ table: Catalogue.Table, _ transaction: Transaction) throws -> Int {
        var sql = Statement(stringLiteral: "SELECT count(*) FROM \(table.name.quotedName)")
        if let condition = Rebuildable.condition(of: table.name) {
            sql = sql + " WHERE " + condition
        }
        return try transaction.first(sql)?.get(0) ?? 0
    }

    // MARK: Rows

    /// Values that one statement may hold on every engine.
    private static let values = 2_000

    /// Rows that one transaction brings.
    private static let page = 2_000

    private func copy(
        _ table: Catalogue.Table, after first: [SQLValue]?, arrived: (Int) throws -> Void
    ) async throws {
        var after = first
        var limit = 200
        while true {
            let (start, count) = (after, limit)
            let rows = try await source.read { transaction in
                try transaction.rows(
                    table.page(
                        after: start, limit: count, where: Rebuildable.condition(of: table.name)))
            }
            let done = rows.count < count
            let last = rows.last.map(table.key(of:)) ?? start ?? []
            try await target.write { transaction in
                try Self.insert(rows, into: table, transaction)
                try MovePlace.save(
                    table.name, after: last, rows: rows.count, done: done, in: transaction)
            }
            try arrived(rows.count)
            if done { return }
            after = last
            let each = max(1, rows.reduce(0) { $0 + $1.size } / rows.count)
            limit = min(Self.page, max(1, (4 << 20) / each))
        }
    }

    static func insert(
        _ rows: [Row], into table: Catalogue.Table, _ target: Transaction
    ) throws {
        if target.dialect == .postgres { try refuseZeros(rows, table) }
        let many = max(1, values / max(1, table.columns.count))
        var start = 0
        while start < rows.count {
            // Whole pieces share one text of the statement; the rest goes row by row, with another.
            let count = rows.count - start >= many ? many : 1
            try target.run(table.insert(Array(rows[start..<start + count])))
            start += count
        }
    }

    /// PostgreSQL has no U+0000 in texts.
    private static func refuseZeros(_ rows: [Row], _ table: Catalogue.Table) throws {
        for row in rows {
            for value in row.values {
                guard case .text(let text) = value, text.utf8.contains(0) else { continue }
                throw KeepingFailure(
                    zh:
                        "表 \(table.name) 的一行（\(MoveKey.text(table.key(of: row)))）里有空字符，PostgreSQL 存不了：请先改掉它",
                    en:
                        "a row of \(table.name) (\(MoveKey.text(table.key(of: row)))) holds a zero character, which PostgreSQL cannot keep: change it first"
                )
            }
        }
    }

    // MARK: Proof

    private func compare(_ tell: @Sendable (Step) throws -> Void) async throws -> Digests {
        let theirs = try await digests(of: source)
        try tell(.comparing(table: "", rows: theirs.rows))
        let ours = try await digests(of: target)
        let wrong = ours.differing(from: theirs)
        guard wrong.isEmpty else {
            throw KeepingFailure(
                zh: "搬完后这些表不一样：\(wrong.joined(separator: "、"))。来源在搬的时候还有人用吗？请停掉所有服务，清空目的地再搬",
                en:
                    "after the move these tables differ: \(wrong.joined(separator: ", ")). Was the source in use? "
                    + "Stop every server, empty the target and move again"
            )
        }
        return ours
    }

    private func digests(of database: any Database) async throws -> Digests {
        let leftOut = uploads == nil ? [] : UploadCarriage.tables
        return try await database.read { try Digests(of: $0, leavingOut: leftOut) }.portable
    }

    /// Makes the search index of the target, so that the first start finds it ready.
    private func index(_ tell: @Sendable (Step) throws -> Void) async throws {
        let follower = SearchFollower()
        var events = 0
        for shop in try await target.read({ try SearchFollower.shops(in: $0) }) {
            while true {
                let count = try await follower.catchUp(shop, limit: 500, in: target)
                events += count
                try tell(.indexing(events: events))
                if count < 500 { break }
            }
        }
    }

    // MARK: One instant

    /// Copies a store of another engine, all of one instant, into a new SQLite file.
    ///
    /// - Returns: the file's digests, proved to be the store's.
    static func copyInstant(
        of source: any Database, toFile path: String, at now: Instant
    ) async throws -> Digests {
        let target = try SQLiteDatabase(path: path, beforeCommit: EventLog.writeCounters)
        do {
            let mover = Mover(from: source, to: target, now: now)
            let tables = try await mover.prepare()
            let theirs = try await source.read { transaction in
                for table in tables {
                    try table.forEachPage(in: transaction) { rows in
                        try Self.wait(target) { try insert(rows, into: table, $0) }
                    }
                }
                return try Digests(of: transaction)
            }
            let ours = try await target.read { try Digests(of: $0) }
            let wrong = ours.portable.differing(from: theirs.portable)
            guard wrong.isEmpty else {
                throw KeepingFailure(
                    zh: "备份和数据不一致：\(wrong.joined(separator: "、"))",
                    en: "the backup is not what was copied: \(wrong.joined(separator: ", "))")
            }
            try target.close()
            try SQLiteDatabase.settle(path)
            return ours
        } catch {
            try? target.close()
            throw error
        }
    }

    /// Writes from within a read, on the reader's own thread.
    private static func wait(
        _ target: SQLiteDatabase, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) throws {
        let done = DispatchSemaphore(value: 0)
        let box = Failing()
        try target.submit(body) { result in
            if case .failure(let error) = result { box.set(error) }
            done.signal()
        }
        done.wait()
        try box.rethrow()
    }
}
