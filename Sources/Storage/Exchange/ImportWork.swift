package import Desk
package import SQL

/// Some rows of a file, read and understood.
package struct ImportChunk: Sendable {
    /// The last row that was done before these; a chunk fits only there.
    package let after: Int
    /// The last row of the file in this chunk.
    package var last: Int
    package var rows: [ImportRow] = []
    package var faults: [RowFault] = []
    /// Rows in it that said something or were at fault.
    package var count = 0

    package init(after: Int) {
        self.after = after
        last = after
    }
}

/// Somebody stopped a batch, or somebody else works on it.
package struct ImportStopped: Error {
    package init() {}
}

/// Carries batches out, a chunk in a transaction: what is done, and how far, is kept together.
extension ImportStore {
    /// Takes a chunk in; during a dry run it only tells what would become of it.
    ///
    /// - Parameter duty: held until the transaction ends.
    /// - Throws: ``ImportStopped``
    package func take(
        _ chunk: ImportChunk, of id: ImportBatchID, in shop: ShopID, duty: Duty = .alone
    ) async throws {
        let (ids, now) = (carryOut.ids, carryOut.clock())
        try await carryOut.database.writeAside { transaction in
            try duty.hold(in: transaction)
            var stored = try ImportRows.load(id, of: shop, locked: true, in: transaction)
            let isPreview = stored.batch.state == .checking
            guard isPreview || stored.batch.state == .importing,
                stored.batch.rowsDone == chunk.after
            else { throw ImportStopped() }
            let place = ImportPlace(
                shop: shop, batch: stored.batch, at: now, ids: ids, isPreview: isPreview,
                transaction: transaction)
            var done = ImportDone()
            switch ExchangeFormat.of(stored.batch.mapping.format).subject {
            case .orders: try OrderIntake.take(chunk.rows, place, &done)
            case .items: try ItemIntake.take(chunk.rows, place, &done)
            }
            if !done.isEmpty {
                try Self.keep(done, stored.chunks + 1, of: id, in: shop, transaction)
                stored.chunks += 1
            }
            try ImportRows.add(
                chunk.faults + done.faults, after: stored.batch.tally.faults, of: id, in: shop,
                transaction)
            stored.batch.tally.rows += chunk.count
            stored.batch.tally.faults += chunk.faultyRows + done.faults.count
            for upsert in done.upserts { stored.batch.tally.count(upsert) }
            stored.batch.rowsDone = chunk.last
            try ImportRows.save(stored, of: shop, transaction)
        }
    }

    private static func keep(
        _ done: ImportDone, _ number: Int, of id: ImportBatchID, in shop: ShopID,
        _ transaction: Transaction
    ) throws {
        try transaction.run(
            """
            INSERT INTO import_change (shop, batch, number, made, changed)
            VALUES (\(shop), \(id), \(number), \(try JSON.text(done.made)), \(try JSON.text(done.changed)))
            """)
    }

    /// Takes back the last chunk that is not taken back yet.
    /// - Returns: whether there was one.
    package func takeBack(
        of id: ImportBatchID, in shop: ShopID, duty: Duty = .alone
    ) async throws -> Bool {
        let now = carryOut.clock()
        return try await carryOut.database.writeAside { transaction in
            try duty.hold(in: transaction)
            var stored = try ImportRows.load(id, of: shop, locked: true, in: transaction)
            guard stored.batch.state == .undoing else { throw ImportStopped() }
            let row = try transaction.first(
                """
                SELECT number, made, changed FROM import_change
                WHERE shop = \(shop) AND batch = \(id) ORDER BY number DESC LIMIT 1
                """)
            guard let row else { return false }
            let number: Int = try row.get(0)
            let made: [ImportMade] = try JSON.value(try row.get(1))
            let changed: [ImportChanged] = try JSON.value(try row.get(2))
            var kept: [String] = []
            switch ExchangeFormat.of(stored.batch.mapping.format).subject {
            case .orders:
                kept = try OrderIntake.takeBack(made, changed, of: shop, at: now, transaction)
            case .items:
                kept = try ItemIntake.takeBack(made, changed, of: shop, at: now, transaction)
            }
            try transaction.run(
                """
                DELETE FROM import_change
                WHERE shop = \(shop) AND batch = \(id) AND number = \(number)
                """)
            // What stays, since somebody has worked on it, is told like a fault of a row.
            try ImportRows.add(
                kept.map(RowFault.kept), after: stored.batch.tally.faults, of: id, in: shop,
                transaction)
            stored.batch.tally.faults += kept.count
            let total = stored.batch.rowsTotal ?? 0
            stored.batch.rowsDone = total * (number - 1) / max(1, stored.chunks)
            try ImportRows.save(stored, of: shop, transaction)
            return true
        }
    }
}

extension RowFault {
    fileprivate static func kept(_ name: String) -> RowFault {
        RowFault(
            row: 0, column: "", code: "exchange.kept",
            message: Localized(
                zh: "“\(name)”导入后又被改过，撤销时保留",
                en: "\"\(name)\" was changed after the import and stays"),
            value: name)
    }
}

extension ImportChunk {
    /// Rows that were not taken in; one may have several faults.
    package var faultyRows: Int { Set(faults.map(\.row)).count }
}

/// Where a chunk is taken in.
struct ImportPlace {
    let shop: ShopID
    let batch: ImportBatch
    let at: Instant
    let ids: IDMaker
    let isPreview: Bool
    let transaction: Transaction
}

/// Something that a chunk made.
struct ImportMade: Codable {
    enum Kind: String, Codable {
        case order, line, item, sku, category
    }

    let kind: Kind
    let id: Int64
}

/// Something that a chunk changed: its columns as they were, and the version that the change made.
struct ImportChanged: Codable {
    let kind: ImportMade.Kind
    let id: Int64
    let version: Int64
    let before: [String: Value]

    enum Value: Codable {
        case none
        case number(Int64)
        case text(String)

        init(_ value: SQLValue) {
            switch value {
            case .int(let number): self = .number(number)
            case .text(let text): self = .text(text)
            case .null, .double, .blob: self = .none
            }
        }

        var sqlValue: SQLValue {
            switch self {
            case .none: .null
            case .number(let number): .int(number)
            case .text(let text): .text(text)
            }
        }

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .none
            } else if let number = try? value.decode(Int64.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .none: try value.encodeNil()
            case .number(let number): try value.encode(number)
            case .text(let text): try value.encode(text)
            }
        }
    }
}

/// What a chunk did.
struct ImportDone {
    var upserts: [Upsert] = []
    var made: [ImportMade] = []
    var changed: [ImportChanged] = []
    /// Found only beside what the shop has.
    var faults: [RowFault] = []

    var isEmpty: Bool { made.isEmpty && changed.isEmpty }
}
