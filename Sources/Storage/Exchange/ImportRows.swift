import Desk
import SQL

/// The rows of batches.
enum ImportRows {
    static var columns: Statement {
        """
        SELECT id, name, size, blob, form, encoding, header_row, headers, mapping, state, taken_at,
            created_at, staff, staff_name, rows_total, rows_done, tally, started_at, finished_at,
            problem, chunks
        FROM import_batch
        """
    }

    static func decode(_ row: Row) throws -> ImportStore.Stored {
        guard let blob = BlobKey(try row.get(3)),
            let state = ImportBatch.State(rawValue: try row.get(9))
        else { throw SQLError.unexpected(column: 9, value: "import batch") }
        let staff: Int64? = try row.maybe(12)
        let problem: String? = try row.maybe(19)
        return ImportStore.Stored(
            batch: ImportBatch(
                id: try row.get(0), name: try row.get(1), size: try row.get(2),
                form: try row.get(4), encoding: try row.get(5), headerRow: try row.get(6),
                headers: try JSON.value(try row.get(7)), mapping: try JSON.value(try row.get(8)),
                state: state, takenAt: try row.get(10), createdAt: try row.get(11),
                by: Actor(kind: staff == nil ? .system : .agent, id: staff, name: try row.get(13)),
                rowsTotal: try row.maybe(14), rowsDone: try row.get(15),
                tally: try JSON.value(try row.get(16)), startedAt: try row.maybe(17),
                finishedAt: try row.maybe(18), problem: try problem.map { try JSON.value($0) }),
            blob: blob, chunks: try row.get(20))
    }

    /// - Parameter locked: the row is going to be changed.
    static func load(
        _ id: ImportBatchID, of shop: ShopID, locked: Bool, in transaction: Transaction
    ) throws -> ImportStore.Stored {
        let row = try transaction.first(
            columns + " WHERE shop = \(shop) AND id = \(id)"
                + (locked ? transaction.dialect.forUpdate : ""))
        guard let row else {
            throw Refusal.unknown("exchange", zh: "导入批次", en: "batch")
        }
        return try decode(row)
    }

    static func insert(
        _ stored: ImportStore.Stored, of shop: ShopID, _ transaction: Transaction
    ) throws {
        let batch = stored.batch
        try transaction.run(
            """
            INSERT INTO import_batch (shop, id, name, size, blob, form, encoding, header_row, headers, mapping, state,
                taken_at, created_at, staff, staff_name, rows_done, tally, chunks)
            VALUES (\(shop), \(batch.id), \(batch.name), \(batch.size), \(stored.blob.description), \(batch.form),
                \(batch.encoding), \(batch.headerRow), \(try JSON.text(batch.headers)),
                \(try JSON.text(batch.mapping)), \(batch.state.rawValue), \(batch.takenAt), \(batch.createdAt),
                \(batch.by.staff), \(batch.by.name), 0, \(try JSON.text(batch.tally)), 0)
            """)
    }

    static func save(
        _ stored: ImportStore.Stored, of shop: ShopID, _ transaction: Transaction
    ) throws {
        let batch = stored.batch
        let problem = try batch.problem.map { try JSON.text($0) }
        try transaction.run(
            """
            UPDATE import_batch SET mapping = \(try JSON.text(batch.mapping)), state = \(batch.state.rawValue),
                rows_total = \(batch.rowsTotal), rows_done = \(batch.rowsDone),
                tally = \(try JSON.text(batch.tally)), started_at = \(batch.startedAt),
                finished_at = \(batch.finishedAt), problem = \(problem), chunks = \(stored.chunks)
            WHERE shop = \(shop) AND id = \(batch.id)
            """)
    }

    static func forgetFaults(_ id: ImportBatchID, _ act: Act) throws {
        try act.transaction.run(
            "DELETE FROM import_fault WHERE shop = \(act.shop) AND batch = \(id)")
    }

    private static let addFault = FixedText(
        addingTo: "import_fault",
        "shop, batch, number, row_number, header, code, message_zh, message_en, value")

    /// Keeps faults, as far as there is room for them.
    /// - Parameter after: faults that were kept before.
    static func add(
        _ faults: [RowFault], after: Int, of id: ImportBatchID, in shop: ShopID,
        _ transaction: Transaction
    ) throws {
        for (index, fault) in faults.prefix(max(0, ImportStore.mostFaults - after)).enumerated() {
            try transaction.run(
                Statement(
                    addFault,
                    [
                        shop.sqlValue, id.sqlValue, (after + index + 1).sqlValue,
                        fault.row.sqlValue, fault.column.sqlValue, fault.code.sqlValue,
                        fault.message.zh.sqlValue, fault.message.en.sqlValue,
                        fault.value.sqlValue,
                    ]))
        }
    }
}
