package import Desk
package import SQL

/// Lists as they leave the house, a page at a time in the order of their ids.
package struct ExportStore: Sendable {
    /// Rows of one reading.
    private static let page = 1_000

    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// What somebody asks for.
    package struct Question: Sendable {
        package let list: ExportList
        package let from: Instant?
        package let to: Instant?
        /// Whether names, telephones and addresses are written out.
        package let showsPersonal: Bool

        package init(list: ExportList, from: Instant?, to: Instant?, showsPersonal: Bool) {
            self.list = list
            self.from = from
            self.to = to
            self.showsPersonal = showsPersonal
        }
    }

    private struct Told: Encodable {
        let list: String
        let form: String
        let rows: Int
        let personal: Bool
    }

    /// Writes into the log who takes what, before anything is given out.
    package func record(
        _ question: Question, form: String, rows: Int, by actor: StaffPrincipal
    ) async throws {
        try actor.require(.exchangeExport)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            try act.record(
                "exchange.exported", about: act.shop.raw,
                Told(
                    list: question.list.rawValue, form: form, rows: rows,
                    personal: question.showsPersonal))
        }
    }

    package func count(_ question: Question, of shop: ShopID) async throws -> Int {
        let table = ExportTables.of(question.list)
        return try await carryOut.database.read { transaction in
            try transaction.first(
                Statement(stringLiteral: "SELECT count(*) FROM ")
                    + Self.page(of: table, question, shop, after: 0, limit: nil)
                    + Statement(stringLiteral: " " + table.joins)
            )?.get(0) ?? 0
        }
    }

    /// The rows after a place, and the place after them; nil: none follows.
    package func rows(
        _ question: Question, of shop: ShopID, after: Int64
    ) async throws -> (rows: [[ExportValue]], last: Int64?) {
        let table = ExportTables.of(question.list)
        let names = table.columns.map(\.sql).joined(separator: ", ")
        let place = table.hasIDs ? "\(table.head.alias).id" : "0"
        return try await carryOut.database.read { transaction in
            let rows = try transaction.rows(
                Statement(stringLiteral: "SELECT \(place), \(names) FROM ")
                    + Self.page(of: table, question, shop, after: after, limit: Self.page)
                    + Statement(stringLiteral: " \(table.joins) ORDER BY \(table.order)"))
            let values = rows.map { row in
                zip(table.columns, row.values.dropFirst()).map { column, value in
                    column.value(value, showsPersonal: question.showsPersonal)
                }
            }
            guard let last = rows.last else { return (values, nil) }
            return (values, table.hasIDs ? try last.get(0) : after + Int64(Self.page))
        }
    }

    /// Some rows of the head of a list.
    private static func page(
        of table: ExportTable, _ question: Question, _ shop: ShopID, after: Int64, limit: Int?
    ) -> Statement {
        var text =
            Statement(stringLiteral: "(SELECT * FROM \(table.head.name) WHERE shop = ")
            + "\(shop)"
        if table.hasIDs { text = text + " AND id > \(after)" }
        if let time = table.time {
            if let from = question.from {
                text = text + Statement(stringLiteral: " AND \(time) >= ") + "\(from)"
            }
            if let to = question.to {
                text = text + Statement(stringLiteral: " AND \(time) < ") + "\(to)"
            }
        }
        if let limit {
            text =
                text
                + Statement(
                    stringLiteral: table.hasIDs ? " ORDER BY id" : " ORDER BY sku, warehouse")
                + " LIMIT \(limit)"
            if !table.hasIDs { text = text + " OFFSET \(after)" }
        }
        return text + Statement(stringLiteral: ") \(table.head.alias)")
    }

    /// The columns of a list, for its header.
    package static func columns(_ list: ExportList) -> [(title: Localized, width: Int)] {
        ExportTables.of(list).columns.map { ($0.title, $0.width) }
    }
}
