import Desk
import Hummingbird
import SQL
import Storage

/// Who sees to an order, and what came of it, as a body says it.
struct OrderAssignment: Decodable {
    /// `me`, an id, or empty for nobody; absent leaves it.
    let owner: String?
    let outcome: String?

    func staff(_ asker: StaffPrincipal) throws(Refusal) -> StaffID?? {
        guard let owner else { return nil }
        if owner.isEmpty { return .some(nil) }
        if owner == "me" { return asker.id }
        guard let id = StaffID(owner) else {
            throw Refusal.unknown("staff", zh: "员工", en: "member of staff")
        }
        return id
    }
}

/// One act on many orders, with preview and one result per order.
struct OrderBulkRoutes: Sendable {
    let orders: OrderStore

    var routes: [Route] {
        [.staff(.post, "/v1/orders/bulk", .orderBulk, bulk)]
    }

    private struct Bulk: Decodable {
        enum What: String, Decodable { case remind, note, assign, close }

        let act: What
        let orders: [OrderID]
        /// Only tells what would happen.
        let preview: Bool?
        let memo: String?
        let flag: Int?
        let owner: String?
        let outcome: String?
        let reason: CloseReason?
        let language: String?
    }

    private struct Row: Encodable {
        let order: OrderID
        let number: String?
        let ok: Bool
        let code: String?
        let why: Localized?
        let instead: Localized?
    }

    private struct Rows: Encodable {
        let preview: Bool
        let rows: [Row]
    }

    /// Orders in one bulk act.
    private static let most = 200

    @Sendable
    private func bulk(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Bulk.self, visit)
        guard (1...Self.most).contains(body.orders.count) else {
            throw Refusal(
                .invalid, "order.bulk.count", zh: "一次处理 1 到 \(Self.most) 个订单",
                en: "Between 1 and \(Self.most) orders at once", field: "orders")
        }
        try staff.require(body.act == .close ? .orderClose : .orderEdit)
        let isPreview = body.preview ?? false
        var rows: [Row] = []
        for id in body.orders {
            do {
                let number =
                    isPreview
                    ? try await foresee(body, id, staff) : try await carryOut(body, id, staff)
                rows.append(
                    Row(order: id, number: number, ok: true, code: nil, why: nil, instead: nil))
            } catch let refusal as Refusal {
                let number = try await orders.carryOut.database.read { transaction in
                    try OrderStore.load(id, of: staff.shop, in: transaction)?.number
                }
                rows.append(
                    Row(
                        order: id, number: number, ok: false, code: refusal.code,
                        why: refusal.message, instead: refusal.instead))
            }
        }
        return try .json(Rows(preview: isPreview, rows: rows))
    }

    /// Decides without keeping anything.
    private func foresee(
        _ body: Bulk, _ id: OrderID, _ staff: StaffPrincipal
    ) async throws -> String {
        let rules = orders.policy(staff.shop).orderRules
        let at = orders.carryOut.clock()
        return try await orders.carryOut.database.read { transaction in
            guard let order = try OrderStore.load(id, of: staff.shop, in: transaction) else {
                throw Refusal.orderUnknown
            }
            switch body.act {
            case .remind:
                try Reminder.check(
                    order,
                    earlier: try OrderStore.reminders(of: id, of: staff.shop, in: transaction),
                    at: at, zone: try ShopStore.one(staff.shop, in: transaction).hours.zone,
                    rules: rules)
            case .note: _ = try order.note(memo: body.memo, flag: body.flag)
            case .assign: break
            case .close: _ = try order.close(body.reason ?? .imported, at: at, rules: rules)
            }
            return order.number
        }
    }

    private func carryOut(
        _ body: Bulk, _ id: OrderID, _ staff: StaffPrincipal
    ) async throws -> String {
        switch body.act {
        case .remind:
            try await orders.remind(id, english: body.language == "en", by: staff).number
        case .note:
            try await orders.perform(id, by: staff) { order, _, _ in
                try order.note(memo: body.memo, flag: body.flag)
            }.number
        case .assign:
            try await orders.assign(
                id, to: try OrderAssignment(owner: body.owner, outcome: nil).staff(staff),
                outcome: body.outcome, by: staff
            ).number
        case .close:
            try await orders.perform(id, by: staff) { order, rules, act in
                try order.close(body.reason ?? .imported, at: act.at, rules: rules)
            }.number
        }
    }
}
