import Desk
import SQL

/// A line of an order of a chunk: read from the store, or new.
final class HeldLine {
    private struct Column: Sendable {
        let name: String
        let told: @Sendable (ImportedLine) -> SQLValue?
        let standard: SQLValue

        init(
            _ name: String, _ standard: SQLValue = .null,
            _ told: @escaping @Sendable (ImportedLine) -> SQLValue?
        ) {
            self.name = name
            self.told = told
            self.standard = standard
        }
    }

    private static let columns: [Column] = [
        Column("title", .text("")) { $0.title?.sqlValue },
        Column("sku_name", .text("")) { $0.skuName?.sqlValue },
        Column("outer_id", .text("")) { $0.outerID?.sqlValue },
        Column("price", .int(0)) { $0.price?.fen.sqlValue },
        Column("quantity", .int(1)) { $0.quantity?.sqlValue },
        Column("discount", .int(0)) { $0.discount?.fen.sqlValue },
        Column("paid", .int(0)) { $0.paid?.fen.sqlValue },
        Column("state") { $0.state?.rawValue.sqlValue },
        Column("refund_state", .text("none")) { $0.refundState?.rawValue.sqlValue },
        Column("refunded", .int(0)) { $0.refunded?.fen.sqlValue },
    ]
    private static let names = columns.map(\.name).joined(separator: ", ")

    let id: Int64
    let order: HeldOrder
    let number: String
    let isNew: Bool
    var isChanged = false
    private let item: Int64?
    private let sku: Int64?
    private var values: [SQLValue]
    private let valuesBefore: [SQLValue]

    private init(
        id: Int64, order: HeldOrder, number: String, isNew: Bool, item: Int64?, sku: Int64?,
        values: [SQLValue]
    ) {
        self.id = id
        self.order = order
        self.number = number
        self.isNew = isNew
        self.item = item
        self.sku = sku
        self.values = values
        valuesBefore = values
    }

    static func load(
        of orders: [HeldOrder], _ place: ImportPlace
    ) throws -> [LineKey: HeldLine] {
        guard !orders.isEmpty else { return [:] }
        let byID = Dictionary(uniqueKeysWithValues: orders.map { ($0.id, $0) })
        var found: [LineKey: HeldLine] = [:]
        let question =
            Statement(stringLiteral: "SELECT id, order_id, number, " + names)
            + " FROM order_line WHERE shop = \(place.shop) AND order_id IN \(list: orders.map(\.id))"
        for row in try place.transaction.rows(question) {
            guard let order = byID[try row.get(1)] else { continue }
            let number: String = try row.get(2)
            found[LineKey(order: order.id, number: number)] = HeldLine(
                id: try row.get(0), order: order, number: number, isNew: false, item: nil,
                sku: nil, values: Array(row.values.dropFirst(3)))
        }
        return found
    }

    static func made(
        _ told: ImportedLine, _ order: HeldOrder, _ place: ImportPlace, _ goods: KnownGoods
    ) -> HeldLine {
        var values = columns.map { $0.told(told) ?? $0.standard }
        for (index, column) in columns.enumerated() where values[index] == .null {
            if column.name == "state" { values[index] = order.state.rawValue.sqlValue }
        }
        let sku = told.outerID.flatMap { goods.skus[$0] }
        let id: OrderLineID = place.ids.next()
        return HeldLine(
            id: id.raw, order: order, number: told.number, isNew: true,
            item: sku?.item ?? told.itemNumber.flatMap { goods.items[$0] }, sku: sku?.id,
            values: values)
    }

    /// - Returns: whether the file tells anything that is not so already.
    func change(_ told: ImportedLine) -> Bool {
        var changed = false
        for (index, column) in Self.columns.enumerated() {
            if let value = column.told(told), value != values[index] {
                values[index] = value
                changed = true
            }
        }
        return changed
    }

    static let add = FixedText(
        addingTo: "order_line", "shop, id, order_id, number, item, sku, " + names)

    func row(of shop: ShopID) -> [SQLValue] {
        [
            shop.sqlValue, id.sqlValue, order.id.sqlValue, number.sqlValue, .maybe(item),
            .maybe(sku),
        ] + values
    }

    static let set = FixedText(
        "UPDATE order_line SET " + columns.map { "\($0.name) = ?" }.joined(separator: ", ")
            + " WHERE shop = ? AND id = ?")

    func update(of shop: ShopID) -> [SQLValue] { values + [shop.sqlValue, id.sqlValue] }

    var before: [String: ImportChanged.Value] {
        var before: [String: ImportChanged.Value] = [:]
        for (index, column) in Self.columns.enumerated() {
            before[column.name] = ImportChanged.Value(valuesBefore[index])
        }
        return before
    }

    static func putBack(
        _ change: ImportChanged, of shop: ShopID, _ transaction: Transaction
    ) throws {
        let values = columns.map { (change.before[$0.name] ?? .none).sqlValue }
        try transaction.run(Statement(set, values + [shop.sqlValue, change.id.sqlValue]))
    }
}
