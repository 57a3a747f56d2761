package import Desk
import Hummingbird
import SQL
package import Storage

/// Orders: lists, one order, work lists and the ledger.
package struct OrderRoutes: Sendable {
    let orders: OrderStore

    package init(_ orders: OrderStore) { self.orders = orders }

    package var routes: [Route] {
        [
            .staff(.get, "/v1/orders", .orderRead, list),
            .staff(.get, "/v1/orders/work", .orderRead, work),
            .staff(.get, "/v1/orders/{id}", .orderRead, one),
            .staff(.get, "/v1/payments", .paymentRead, payments),
        ] + OrderActRoutes(orders: orders).routes + OrderBulkRoutes(orders: orders).routes
            + PurchaseRoutes(orders: orders).routes
    }

    private struct Page: Encodable {
        let orders: [OrderWire]
        let next: String?
    }

    private struct One: Encodable {
        let order: OrderWire
        let payments: [PaymentWire]
        let purchases: [PurchaseWire]
        let reminders: [Instant]
        let reasons: [Word]
        let extensions: [Int]
    }

    private struct Sum: Encodable {
        let kind: PaymentEntry.Kind
        let name: Localized
        let count: Int
        let amount: Money
    }

    private struct Ledger: Encodable {
        let from: Instant
        let to: Instant
        let payments: [PaymentWire]
        let sums: [Sum]
        let next: String?
    }

    private static let pageSize = 50

    private static func query(
        _ request: Request, _ staff: StaffPrincipal
    ) throws(Refusal) -> OrderList.Query {
        var query = OrderList.Query()
        query.limit = min(max(request.query("limit").flatMap { Int($0) } ?? pageSize, 1), 200)
        query.text = request.query("q")
        if let state = request.query("state") {
            guard let known = OrderState(rawValue: state) else { throw filterUnknown("state") }
            query.state = known
        }
        if let source = request.query("source") {
            guard let known = Order.Source(rawValue: source) else { throw filterUnknown("source") }
            query.source = known
        }
        query.buyer = request.query("buyer").flatMap { BuyerID($0) }
        query.owner = owner(request, staff)
        query.flag = request.query("flag").flatMap { Int($0) }
        query.suspicious = request.query("suspicious") == "1"
        query.from = request.query("from").flatMap { Int64($0) }.map(Instant.init(milliseconds:))
        query.to = request.query("to").flatMap { Int64($0) }.map(Instant.init(milliseconds:))
        query.after = request.query("after").flatMap { OrderList.Place($0) }
        return query
    }

    private static func owner(_ request: Request, _ staff: StaffPrincipal) -> StaffID? {
        request.query("owner").flatMap { $0 == "me" ? staff.id : StaffID($0) }
    }

    private static func filterUnknown(_ field: String) -> Refusal {
        Refusal(
            .invalid, "order.filter", zh: "没有这样的筛选值", en: "There is no such value to filter by",
            field: field)
    }

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let query = try Self.query(request, staff)
        let found = try await orders.carryOut.database.read { transaction in
            try OrderList.page(of: staff.shop, query, in: transaction)
        }
        let next =
            found.count < query.limit
            ? nil
            : found.last.map {
                OrderList.Place(at: $0.createdAt.milliseconds, id: $0.id).description
            }
        return try .json(Page(orders: found.map { OrderWire($0, for: staff) }, next: next))
    }

    @Sendable
    private func work(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        guard let list = OrderList.Work(rawValue: request.query("list") ?? "unpaid") else {
            throw Self.filterUnknown("list")
        }
        let after = request.query("after").flatMap { OrderList.Place($0) }
        let owner = Self.owner(request, staff)
        let rules = orders.policy(staff.shop).orderRules
        let at = orders.carryOut.clock()
        let found = try await orders.carryOut.database.read { transaction in
            try OrderList.work(
                list, of: staff.shop, owner: owner, after: after, at: at, rules: rules,
                limit: Self.pageSize, in: transaction)
        }
        let next =
            found.count < Self.pageSize
            ? nil : found.last.map { OrderList.place(after: $0, in: list).description }
        return try .json(Page(orders: found.map { OrderWire($0, for: staff) }, next: next))
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: OrderID = try visit.id(or: .orderUnknown)
        let rules = orders.policy(staff.shop).orderRules
        let at = orders.carryOut.clock()
        let answer = try await orders.carryOut.database.read { transaction in
            guard let order = try OrderStore.load(id, of: staff.shop, in: transaction) else {
                throw Refusal.orderUnknown
            }
            return One(
                order: OrderWire(order, for: staff),
                payments: try PaymentLedger.of(id, of: staff.shop, in: transaction)
                    .map(PaymentWire.init),
                purchases: try OrderStore.purchases(of: id, of: staff.shop, in: transaction)
                    .map { PurchaseWire($0, at: at, rules: rules) },
                reminders: try OrderStore.reminders(of: id, of: staff.shop, in: transaction),
                reasons: CloseReason.sellers.map { Word(code: $0.rawValue, $0.name) },
                extensions: Order.extensions)
        }
        return try .json(answer)
    }

    @Sendable
    private func payments(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let now = orders.carryOut.clock()
        let wanted = request.query("at").flatMap { Int64($0) }.map(Instant.init(milliseconds:))
        let place = request.query("after").flatMap { PaymentRow.Place($0) }
        let ledger = try await orders.carryOut.database.read { transaction in
            let zone = try ShopStore.one(staff.shop, in: transaction).hours.zone
            let from = CalendarDay.start(of: wanted ?? now, in: zone)
            // Half a day past the next midnight is in the next day, whatever the zone does to its clock.
            let to = CalendarDay.start(of: from + .hours(36), in: zone)
            let rows = try PaymentLedger.day(
                from: from, to: to, of: staff.shop, before: place, limit: Self.pageSize,
                in: transaction)
            return Ledger(
                from: from, to: to, payments: rows.map(PaymentWire.init),
                sums: try PaymentLedger.sums(from: from, to: to, of: staff.shop, in: transaction)
                    .map {
                        Sum(kind: $0.kind, name: $0.kind.name, count: $0.count, amount: $0.amount)
                    },
                next: rows.count < Self.pageSize
                    ? nil : rows.last.map { "\($0.at.milliseconds)-\($0.id)" })
        }
        return try .json(ledger)
    }
}
