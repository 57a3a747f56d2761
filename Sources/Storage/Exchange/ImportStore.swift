package import Desk
package import SQL

/// Files that were brought, and how far each is taken in.
///
/// A batch's whole state is in the store: whichever program works on it goes on where the last one stopped.
package struct ImportStore: Sendable {
    /// Batches of a shop that the list shows.
    private static let most = 200
    /// Faults that are kept of one file; more are only counted.
    package static let mostFaults = 5_000

    package let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// A batch with the name of its bytes.
    package struct Stored: Sendable {
        package var batch: ImportBatch
        package let blob: BlobKey
        /// Transactions that changed something.
        package var chunks: Int
    }

    // MARK: Reading

    /// Newest first.
    package func all(of shop: ShopID) async throws -> [ImportBatch] {
        try await carryOut.database.read { transaction in
            try transaction.rows(
                ImportRows.columns
                    + " WHERE shop = \(shop) ORDER BY id DESC LIMIT \(Self.most)"
            ).map { try ImportRows.decode($0).batch }
        }
    }

    package func one(_ id: ImportBatchID, of shop: ShopID) async throws -> Stored {
        try await carryOut.database.read {
            try ImportRows.load(id, of: shop, locked: false, in: $0)
        }
    }

    /// The batches that something should work on, oldest first.
    package func running() async throws -> [(shop: ShopID, id: ImportBatchID)] {
        try await carryOut.database.read { transaction in
            try transaction.rows(
                """
                SELECT shop, id FROM import_batch
                WHERE state IN ('checking', 'importing', 'undoing') ORDER BY id
                """
            ).map { (try $0.get(0), try $0.get(1)) }
        }
    }

    /// What is wrong with the rows of a file, in their order.
    package func faults(
        of id: ImportBatchID, in shop: ShopID, limit: Int
    ) async throws -> [RowFault] {
        try await carryOut.database.read { transaction in
            try transaction.rows(
                """
                SELECT row_number, header, code, message_zh, message_en, value FROM import_fault
                WHERE shop = \(shop) AND batch = \(id) ORDER BY number LIMIT \(limit)
                """
            ).map { row in
                RowFault(
                    row: try row.get(0), column: try row.get(1), code: try row.get(2),
                    message: Localized(zh: try row.get(3), en: try row.get(4)),
                    value: try row.get(5))
            }
        }
    }

    /// The mapping that the shop keeps for files with these headers.
    package func keptMapping(
        for headers: [String], of shop: ShopID
    ) async throws -> ColumnMapping? {
        try await carryOut.database.read { transaction in
            try transaction.first(
                """
                SELECT mapping FROM import_mapping
                WHERE shop = \(shop) AND signature = \(Self.signature(headers))
                """
            ).map { try JSON.value(try $0.get(0)) }
        }
    }

    /// Equal for files with the same columns, in whatever order.
    static func signature(_ headers: [String]) -> String {
        let keys = Set(headers.map(CellText.header)).subtracting([""]).sorted()
        return BlobKey(of: Array(keys.joined(separator: "\n").utf8)).description
    }

    // MARK: Deeds of people

    /// What is known of a file when it has come in.
    package struct Arrival: Sendable {
        package let name: String
        package let size: Int
        package let blob: BlobKey
        package let form: String
        package let encoding: String
        package let recognition: Recognition
        package let takenAt: Instant

        package init(
            name: String, size: Int, blob: BlobKey, form: String, encoding: String,
            recognition: Recognition, takenAt: Instant
        ) {
            self.name = name
            self.size = size
            self.blob = blob
            self.form = form
            self.encoding = encoding
            self.recognition = recognition
            self.takenAt = takenAt
        }
    }

    private struct Named: Encodable {
        let name: String
        var format: ExchangeFormat.Name?
        var rows: Int?
        var made: Int?
        var changed: Int?
    }

    package func receive(
        _ arrival: Arrival, by actor: StaffPrincipal
    ) async throws -> ImportBatch {
        try actor.require(.exchangeImport)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let count: Int =
                try act.transaction.first(
                    "SELECT count(*) FROM import_batch WHERE shop = \(act.shop)")?.get(0) ?? 0
            guard count < Self.most else {
                throw Refusal(
                    .conflict, "exchange.tooMany", zh: "导入记录最多 \(Self.most) 批",
                    en: "There are \(Self.most) batches already",
                    instead: Localized(zh: "请先删掉不再需要的", en: "Remove those that are not needed"))
            }
            let kept = try act.transaction.first(
                """
                SELECT mapping FROM import_mapping
                WHERE shop = \(act.shop) AND signature = \(Self.signature(arrival.recognition.headers))
                """
            ).map { try JSON.value(try $0.get(0), as: ColumnMapping.self) }
            let batch = ImportBatch(
                id: act.newID(), name: arrival.name, size: arrival.size, form: arrival.form,
                encoding: arrival.encoding, headerRow: arrival.recognition.headerRow,
                headers: arrival.recognition.headers,
                mapping: kept ?? arrival.recognition.mapping,
                takenAt: min(arrival.takenAt, act.at), createdAt: act.at, by: act.actor)
            try ImportRows.insert(
                Stored(batch: batch, blob: arrival.blob, chunks: 0), of: act.shop, act.transaction)
            try act.record("exchange.received", about: batch.id.raw, Named(name: batch.name))
            return batch
        }
    }

    /// Says what the columns are, and keeps that for the next file with the same ones.
    package func map(
        _ id: ImportBatchID, _ mapping: ColumnMapping, by actor: StaffPrincipal
    ) async throws -> ImportBatch {
        try actor.require(.exchangeImport)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            var stored = try ImportRows.load(id, of: act.shop, locked: true, in: act.transaction)
            stored.batch.state = try stored.batch.decide(.map)
            try mapping.check(stored.batch.headers)
            stored.batch.mapping = mapping
            stored.batch.tally = ImportTally()
            stored.batch.rowsDone = 0
            try ImportRows.forgetFaults(id, act)
            try ImportRows.save(stored, of: act.shop, act.transaction)
            let text = try JSON.text(mapping)
            try act.transaction.run(
                """
                INSERT INTO import_mapping (shop, signature, mapping, changed_at, staff)
                VALUES (\(act.shop), \(Self.signature(stored.batch.headers)), \(text), \(act.at), \(act.actor.staff))
                ON CONFLICT (shop, signature) DO UPDATE SET mapping = excluded.mapping,
                    changed_at = excluded.changed_at, staff = excluded.staff
                """)
            try act.record(
                "exchange.mapped", about: id.raw,
                Named(name: stored.batch.name, format: mapping.format))
            return stored.batch
        }
    }

    /// Begins, stops or takes back; the work itself is done by whoever has that duty.
    package func ask(
        _ deed: ImportBatch.Deed, of id: ImportBatchID, by actor: StaffPrincipal
    ) async throws -> ImportBatch {
        try actor.require(.exchangeImport)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            var stored = try ImportRows.load(id, of: act.shop, locked: true, in: act.transaction)
            let before = stored.batch.state
            let after = try stored.batch.decide(deed)
            stored.batch.state = after
            stored.batch.problem = nil
            switch deed {
            case .check:
                try stored.batch.mapping.check(stored.batch.headers)
                stored.batch.rowsDone = 0
                stored.batch.rowsTotal = nil
                stored.batch.tally = ImportTally()
                try ImportRows.forgetFaults(id, act)
            case .start where before == .checked:
                stored.batch.rowsDone = 0
                stored.batch.tally = ImportTally()
                stored.batch.startedAt = act.at
                stored.batch.finishedAt = nil
                try ImportRows.forgetFaults(id, act)
            case .cancel where before == .importing: stored.batch.finishedAt = act.at
            default: break
            }
            try ImportRows.save(stored, of: act.shop, act.transaction)
            let kind =
                switch deed {
                case .check: "exchange.checkAsked"
                case .start: "exchange.started"
                case .cancel: "exchange.cancelled"
                case .undo: "exchange.undoAsked"
                case .map, .remove: "exchange.changed"
                }
            try act.record(kind, about: id.raw, Named(name: stored.batch.name))
            return stored.batch
        }
    }

    /// Forgets a batch that holds nothing; its bytes go with the next clearing up.
    package func remove(_ id: ImportBatchID, by actor: StaffPrincipal) async throws {
        try actor.require(.exchangeImport)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let stored = try ImportRows.load(id, of: act.shop, locked: true, in: act.transaction)
            _ = try stored.batch.decide(.remove)
            try ImportRows.forgetFaults(id, act)
            try act.transaction.run(
                "DELETE FROM import_change WHERE shop = \(act.shop) AND batch = \(id)")
            try act.transaction.run(
                "DELETE FROM import_batch WHERE shop = \(act.shop) AND id = \(id)")
            try act.record("exchange.removed", about: id.raw, Named(name: stored.batch.name))
        }
    }

    // MARK: The work's ends

    /// The dry run, the import or the undoing is over.
    /// - Returns: the batch as it then is; nil when it was stopped meanwhile.
    @discardableResult
    package func finish(
        _ id: ImportBatchID, of shop: ShopID, problem: Localized? = nil
    ) async throws -> ImportBatch? {
        try await carryOut(in: shop, as: .system) { act in
            var stored = try ImportRows.load(id, of: act.shop, locked: true, in: act.transaction)
            guard stored.batch.state.isRunning else { return nil }
            let kind: String
            switch (stored.batch.state, problem) {
            case (_, .some): (stored.batch.state, kind) = (.failed, "exchange.failed")
            case (.checking, nil):
                (stored.batch.state, kind) = (.checked, "exchange.checked")
                stored.batch.rowsTotal = stored.batch.rowsDone
            case (.undoing, nil): (stored.batch.state, kind) = (.undone, "exchange.undone")
            default: (stored.batch.state, kind) = (.imported, "exchange.imported")
            }
            stored.batch.problem = problem
            if stored.batch.startedAt != nil { stored.batch.finishedAt = act.at }
            try ImportRows.save(stored, of: act.shop, act.transaction)
            let batch = stored.batch
            try act.record(
                kind, about: id.raw,
                Named(
                    name: batch.name, format: batch.mapping.format, rows: batch.tally.rows,
                    made: batch.tally.made, changed: batch.tally.changed), by: batch.by)
            return batch
        }
    }
}
