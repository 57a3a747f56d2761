import Desk
import SQL

/// An order of a chunk: read from the store, or new.
final class HeldOrder {
    /// A column that files tell, and what a file says for it; nil: nothing.
    private struct Column: Sendable {
        let name: String
        let told: @Sendable (ImportedOrder) -> SQLValue?
        /// Of a new order of which the file says nothing.
        let standard: SQLValue

        init(
            _ name: String, _ standard: SQLValue = .null,
            _ told: @escaping @Sendable (ImportedOrder) -> SQLValue?
        ) {
            self.name = name
            self.told = told
            self.standard = standard
        }
    }

    private static let columns: [Column] = [
        Column("buyer_nick", .text("")) { $0.buyerNick?.sqlValue },
        Column("state") { $0.state?.rawValue.sqlValue },
        Column("close_reason") { $0.state == .closed ? "imported".sqlValue : nil },
        Column("created_at") { $0.createdAt?.sqlValue },
        Column("paid_at") { $0.paidAt?.sqlValue },
        Column("shipped_at") { $0.shippedAt?.sqlValue },
        Column("completed_at") { $0.completedAt?.sqlValue },
        Column("closed_at") { $0.closedAt?.sqlValue },
        Column("goods", .int(0)) { $0.goods?.fen.sqlValue },
        Column("freight", .int(0)) { $0.freight?.fen.sqlValue },
        Column("discount", .int(0)) { $0.discount?.fen.sqlValue },
        Column("payable", .int(0)) { $0.payable?.fen.sqlValue },
        Column("paid", .int(0)) { $0.paid?.fen.sqlValue },
        Column("refunded", .int(0)) { $0.refunded?.fen.sqlValue },
        Column("receiver_name", .text("")) { $0.receiverName?.sqlValue },
        Column("receiver_mobile", .text("")) { $0.receiverMobile?.sqlValue },
        Column("receiver_region", .text("")) { $0.receiverRegion?.sqlValue },
        Column("receiver_city", .text("")) { $0.receiverCity?.sqlValue },
        Column("receiver_district", .text("")) { $0.receiverDistrict?.sqlValue },
        Column("receiver_detail", .text("")) { $0.receiverDetail?.sqlValue },
        Column("receiver_zip", .text("")) { $0.receiverZip?.sqlValue },
        Column("buyer_message", .text("")) { $0.buyerMessage?.sqlValue },
        Column("memo", .text("")) { $0.memo?.sqlValue },
        Column("flag", .int(0)) { $0.flag?.sqlValue },
    ]
    private static let stateAt = columns.firstIndex { $0.name == "state" } ?? 0
    private static let createdAt = columns.firstIndex { $0.name == "created_at" } ?? 0
    private static let names = columns.map(\.name).joined(separator: ", ")

    let id: Int64
    let number: String
    let isNew: Bool
    let isOwn: Bool
    let version: Int64
    private let source: String
    private let buyer: Int64?
    private(set) var values: [SQLValue]
    private var valuesBefore: [SQLValue]
    private var knownUntil: Instant?
    private let knownBefore: Instant?
    var isChanged = false
    /// Whether the file tells no sums, so that the lines' are added up.
    private var sums = false

    private init(
        id: Int64, number: String, isNew: Bool, source: String, version: Int64, buyer: Int64?,
        values: [SQLValue], knownUntil: Instant?
    ) {
        self.id = id
        self.number = number
        self.isNew = isNew
        self.source = source
        isOwn = source == "qinke"
        self.version = version
        self.buyer = buyer
        self.values = values
        valuesBefore = values
        self.knownUntil = knownUntil
        knownBefore = knownUntil
    }

    static func load(_ numbers: [String], _ place: ImportPlace) throws -> [String: HeldOrder] {
        guard !numbers.isEmpty else { return [:] }
        var found: [String: HeldOrder] = [:]
        let question =
            Statement(
                stringLiteral: "SELECT id, number, source, version, source_updated_at, " + names)
            + " FROM orders WHERE shop = \(place.shop) AND number IN \(list: numbers)"
        for row in try place.transaction.rows(question) {
            let number: String = try row.get(1)
            found[number] = HeldOrder(
                id: try row.get(0), number: number, isNew: false, source: try row.get(2),
                version: try row.get(3), buyer: nil, values: Array(row.values.dropFirst(5)),
                knownUntil: try row.maybe(4))
        }
        return found
    }

    static func made(
        _ told: ImportedOrder, _ line: ImportedLine?, _ place: ImportPlace, buyer: Int64?
    ) -> HeldOrder {
        var values = columns.map { $0.told(told) ?? $0.standard }
        let state = told.state ?? line?.state ?? told.stateByTimes
        values[stateAt] = state.rawValue.sqlValue
        if values[createdAt] == .null {
            values[createdAt] = (told.knownUntil ?? place.batch.takenAt).sqlValue
        }
        let source =
            switch place.batch.mapping.format {
            case .taobaoOrders, .taobaoLines, .taobaoItems: "taobao"
            case .shopifyOrders, .shopifyItems: "shopify"
            case .orders, .items: "import"
            }
        let id: OrderID = place.ids.next()
        let order = HeldOrder(
            id: id.raw, number: told.number, isNew: true, source: source, version: 1,
            buyer: buyer, values: values, knownUntil: told.knownUntil ?? place.batch.takenAt)
        order.sums = told.goods == nil && told.payable == nil && told.paid == nil
        return order
    }

    var state: ImportedOrder.State {
        if case .text(let text) = values[Self.stateAt] {
            ImportedOrder.State(rawValue: text) ?? .awaitingPayment
        } else {
            .awaitingPayment
        }
    }

    var known: Upsert.Known {
        Upsert.Known(state: state, sourceKnownUntil: knownUntil, changedHere: nil, isOwn: isOwn)
    }

    func differs(_ told: ImportedOrder) -> Bool {
        Self.columns.indices.contains { index in
            said(told, index).map { $0 != values[index] } ?? false
        }
    }

    /// What a file says for a column.
    ///
    /// Why an order was closed is better known here than by a file that says only that it was.
    private func said(_ told: ImportedOrder, _ index: Int) -> SQLValue? {
        let column = Self.columns[index]
        if column.name == "close_reason", values[index] != .null { return nil }
        return column.told(told)
    }

    func change(_ told: ImportedOrder, takenAt: Instant) {
        for index in Self.columns.indices {
            if let value = said(told, index) { values[index] = value }
        }
        knownUntil = max(told.knownUntil ?? takenAt, knownUntil ?? takenAt)
    }

    /// A line of an order that has no sums of its own.
    func add(_ line: ImportedLine) {
        guard isNew, sums else { return }
        let price = (line.price ?? .zero) * (line.quantity ?? 1)
        let paid = line.paid ?? price
        for (name, amount) in [("goods", price), ("payable", paid), ("paid", paid)] {
            guard let index = Self.columns.firstIndex(where: { $0.name == name }),
                case .int(let sum) = values[index]
            else { continue }
            if name == "paid", state == .awaitingPayment { continue }
            values[index] = (sum + amount.fen).sqlValue
        }
    }

    // MARK: Writing

    static let add = FixedText(
        addingTo: "orders", "shop, id, number, source, buyer, source_updated_at, version, " + names)

    func row(of shop: ShopID) -> [SQLValue] {
        [
            shop.sqlValue, id.sqlValue, number.sqlValue, source.sqlValue, .maybe(buyer),
            .maybe(knownUntil), version.sqlValue,
        ] + values
    }

    private static let settings =
        "UPDATE orders SET " + columns.map { "\($0.name) = ?" }.joined(separator: ", ")
        + ", source_updated_at = ?, version = "

    static let set = FixedText(settings + "version + 1 WHERE shop = ? AND id = ?")
    /// The version goes back too: what an earlier batch made is then again as it made it, and can be undone in its turn.
    private static let back = FixedText(
        settings + "version - 1 WHERE shop = ? AND id = ? AND version = ?")

    func update(of shop: ShopID) -> [SQLValue] {
        values + [.maybe(knownUntil), shop.sqlValue, id.sqlValue]
    }

    /// The columns as they were, by their names.
    var before: [String: ImportChanged.Value] {
        var before: [String: ImportChanged.Value] = [:]
        for (index, column) in Self.columns.enumerated() {
            before[column.name] = ImportChanged.Value(valuesBefore[index])
        }
        before["source_updated_at"] = ImportChanged.Value(.maybe(knownBefore))
        return before
    }

    /// Puts columns back; only while nobody else has changed the order since.
    /// - Returns: whether it was so.
    static func putBack(
        _ change: ImportChanged, of shop: ShopID, _ transaction: Transaction
    ) throws -> Bool {
        let values = columns.map { (change.before[$0.name] ?? .none).sqlValue }
        return try transaction.change(
            Statement(
                back,
                values + [
                    (change.before["source_updated_at"] ?? .none).sqlValue, shop.sqlValue,
                    change.id.sqlValue, change.version.sqlValue,
                ])) == 1
    }
}
