package import Desk
import SQL

/// Brings a shop's past in at once: goods, orders, parcels and the ledger of its stock, as rows that are already decided.
///
/// For a shop that has no past here yet; nothing is announced, since nothing happens now.
package struct YearImport: Sendable {
    /// Rows of one transaction.
    private static let chunk = 5_000

    private let carryOut: CarryOut
    private let shop: ShopID

    package init(_ carryOut: CarryOut, into shop: ShopID) {
        self.carryOut = carryOut
        self.shop = shop
    }

    /// A value of a row.
    package enum Value: Sendable {
        case none
        case number(Int64)
        case text(String)

        fileprivate var sqlValue: SQLValue {
            switch self {
            case .none: .null
            case .number(let number): .int(number)
            case .text(let text): .text(text)
            }
        }
    }

    /// A table that a past is made of, with the columns that are filled.
    package struct Table: Sendable {
        fileprivate let add: FixedText

        init(_ name: StaticString, _ columns: String) {
            add = FixedText(addingTo: name, "shop, " + columns)
        }

        package static let categories = Table("category", "id, parent, name, kind, sort")
        package static let items = Table(
            "item",
            "id, number, outer_id, title, category, state, selling_points, attributes, size_chart, faq, image, price_from, found_by, updated_at, version"
        )
        package static let skus = Table(
            "sku",
            "id, item, outer_id, name, attributes, price, list_price, barcode, active, sort")
        package static let orders = Table(
            "orders",
            "id, number, source, buyer, buyer_nick, state, close_reason, created_at, pay_by, paid_at, ship_by, shipped_at, completed_at, closed_at, receipt_by, goods, freight, discount, payable, paid, refunded, receiver_name, receiver_mobile, receiver_region, receiver_city, receiver_district, receiver_detail, receiver_zip, buyer_message, memo, flag, source_updated_at, version"
        )
        package static let warehouses = Table(
            "warehouse", "id, code, name, region, cut_off, active")
        package static let stock = Table(
            "stock", "sku, warehouse, on_hand, reserved, held, low_at")
        package static let movements = Table(
            "stock_movement",
            "id, sku, warehouse, kind, quantity, on_hand_after, reason, order_line, at, actor")
        package static let reservations = Table(
            "reservation", "order_line, sku, warehouse, quantity, state, at")
        package static let lots = Table(
            "lot", "id, sku, warehouse, code, made_on, expires_on, on_hand")
        package static let payments = Table(
            "payment", "id, order_id, at, kind, amount, channel, reference, simulated")
        package static let lines = Table(
            "order_line",
            "id, order_id, number, item, sku, title, sku_name, outer_id, price, quantity, discount, paid, state, refund_state, refunded"
        )
    }

    /// Whether the shop has orders already.
    package func isThere() async throws -> Bool {
        let shop = shop
        return try await carryOut.database.read { transaction in
            try transaction.first("SELECT 1 FROM orders WHERE shop = \(shop) LIMIT 1") != nil
        }
    }

    /// Adds rows; each without its shop, in the order of the table's columns.
    package func add(_ rows: [[Value]], to table: Table) async throws {
        let shop = shop.sqlValue
        for start in stride(from: 0, to: rows.count, by: Self.chunk) {
            let part = rows[start..<min(rows.count, start + Self.chunk)]
            try await carryOut.database.writeAside { transaction in
                for row in part {
                    try transaction.run(Statement(table.add, [shop] + row.map(\.sqlValue)))
                }
                try transaction.settle()
            }
        }
    }
}
