import Desk
import Hummingbird
import Storage

/// What staff do to orders.
struct OrderActRoutes: Sendable {
    let orders: OrderStore

    var routes: [Route] {
        [
            .staff(.post, "/v1/orders", .orderEdit, place),
            .staff(.post, "/v1/orders/{id}/receiver", .receiverRead, receiver),
            .staff(.post, "/v1/orders/{id}/pay", .orderPay, pay),
            .staff(.post, "/v1/orders/{id}/refund", .orderPay, refund),
            .staff(.post, "/v1/orders/{id}/address", .orderEdit, address),
            .staff(.post, "/v1/orders/{id}/variant", .orderEdit, variant),
            .staff(.post, "/v1/orders/{id}/price", .orderPrice, price),
            .staff(.post, "/v1/orders/{id}/note", .orderEdit, note),
            .staff(.post, "/v1/orders/{id}/close", .orderClose, close),
            .staff(.post, "/v1/orders/{id}/ship", .orderShip, ship),
            .staff(.post, "/v1/orders/{id}/extend", .orderEdit, extend),
            .staff(.post, "/v1/orders/{id}/confirm", .orderEdit, confirm),
            .staff(.post, "/v1/orders/{id}/merge", .orderEdit, merge),
            .staff(.post, "/v1/orders/{id}/split", .orderEdit, split),
            .staff(.post, "/v1/orders/{id}/assign", .orderEdit, assign),
            .staff(.post, "/v1/orders/{id}/remind", .orderEdit, remind),
        ]
    }

    private struct Answer: Encodable {
        let order: OrderWire
        var other: OrderWire?
    }

    private func answer(
        _ order: Order, _ staff: StaffPrincipal, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try .json(Answer(order: OrderWire(order, for: staff)), status: status)
    }

    // MARK: - Placing

    private struct Draft: Decodable {
        struct Line: Decodable {
            let sku: SKUID?
            let title: String?
            let price: Money?
            let quantity: Int
        }

        let conversation: ConversationID?
        let buyerNick: String?
        let receiver: Receiver?
        let receiverOf: OrderID?
        let lines: [Line]
        let freight: Money?
        let discount: Money?
        let deposit: Money?
        let message: String?
    }

    @Sendable
    private func place(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Draft.self, visit)
        var draft = OrderStore.Draft(
            lines: body.lines.map {
                .init(sku: $0.sku, title: $0.title ?? "", price: $0.price, quantity: $0.quantity)
            })
        draft.conversation = body.conversation
        draft.buyerNick = body.buyerNick ?? ""
        draft.receiver = body.receiver
        draft.receiverOf = body.receiverOf
        draft.freight = body.freight ?? .zero
        draft.discount = body.discount ?? .zero
        draft.deposit = body.deposit
        draft.message = body.message ?? ""
        if draft.discount > .zero { try staff.require(.orderPrice) }
        if body.lines.contains(where: { $0.sku == nil }) { try staff.require(.orderPrice) }
        return try answer(
            try await orders.place(draft, by: staff), staff, status: .created)
    }

    private struct Purpose: Decodable { let purpose: String }
    private struct Full: Encodable { let receiver: Receiver }

    @Sendable
    private func receiver(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Purpose.self, visit)
        let receiver = try await orders.receiver(
            of: try visit.id(or: .orderUnknown), for: body.purpose, by: staff)
        return try .json(Full(receiver: receiver))
    }

    // MARK: - Money

    private struct Pay: Decodable {
        let amount: Money
        let channel: String?
        let reference: String?
        let version: Int?
    }

    @Sendable
    private func pay(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Pay.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, rules, act in
            try order.pay(
                body.amount, channel: body.channel ?? "", reference: body.reference ?? "",
                at: act.at, rules: rules)
        }
        return try answer(order, staff)
    }

    private struct Refund: Decodable {
        let line: OrderLineID?
        let channel: String?
        let version: Int?
    }

    @Sendable
    private func refund(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Refund.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, rules, act in
            try order.refund(
                line: body.line, channel: body.channel ?? "", at: act.at, rules: rules)
        }
        return try answer(order, staff)
    }

    private struct Price: Decodable {
        let discount: Money?
        let freight: Money?
        let reason: String
        let version: Int?
    }

    @Sendable
    private func price(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Price.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, _, _ in
            try order.changePrice(
                discount: body.discount, freight: body.freight, reason: body.reason)
        }
        return try answer(order, staff)
    }

    // MARK: - Changes

    private struct Address: Decodable {
        let receiver: Receiver
        let version: Int?
    }

    @Sendable
    private func address(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Address.self, visit)
        let order = try await orders.changeAddress(
            try visit.id(or: .orderUnknown), to: body.receiver, readAs: body.version, by: staff)
        return try answer(order, staff)
    }

    private struct Variant: Decodable {
        let line: OrderLineID
        let sku: SKUID
        let version: Int?
    }

    @Sendable
    private func variant(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Variant.self, visit)
        let order = try await orders.changeVariant(
            try visit.id(or: .orderUnknown), line: body.line, to: body.sku,
            readAs: body.version, by: staff)
        return try answer(order, staff)
    }

    private struct Note: Decodable {
        let memo: String?
        let flag: Int?
        let version: Int?
    }

    @Sendable
    private func note(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Note.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, _, _ in try order.note(memo: body.memo, flag: body.flag) }
        return try answer(order, staff)
    }

    private struct Close: Decodable {
        let reason: CloseReason?
        /// One line only; nil is the whole order.
        let line: OrderLineID?
        let version: Int?
    }

    @Sendable
    private func close(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Close.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, rules, act in
            if let line = body.line { return try order.close(line: line, at: act.at) }
            // Where the state forbids it, that is said before a reason is asked for.
            try OrderAct.close.check(in: order.state)
            guard let reason = body.reason else {
                throw Refusal(
                    .invalid, "order.close.reason", zh: "请选择一个关闭原因",
                    en: "Choose one of the seven reasons", field: "reason")
            }
            return try order.close(reason, at: act.at, rules: rules)
        }
        return try answer(order, staff)
    }

    private struct Ship: Decodable {
        let carrier: String
        let waybill: String
        /// Empty or absent is everything that is still here.
        let lines: [OrderLineID]?
    }

    @Sendable
    private func ship(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Ship.self, visit)
        let order = try await orders.ship(
            try visit.id(or: .orderUnknown), Set(body.lines ?? []), carrier: body.carrier,
            waybill: body.waybill, by: staff)
        return try answer(order, staff)
    }

    private struct Days: Decodable {
        let days: Int
        let version: Int?
    }

    @Sendable
    private func extend(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Days.self, visit)
        let order = try await orders.perform(
            try visit.id(or: .orderUnknown), readAs: body.version, by: staff
        ) { order, _, _ in try order.extendReceipt(days: body.days) }
        return try answer(order, staff)
    }

    @Sendable
    private func confirm(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let order = try await orders.perform(try visit.id(or: .orderUnknown), by: staff) {
            order, _, act in try order.confirm(at: act.at)
        }
        return try answer(order, staff)
    }

    private struct Merge: Decodable { let with: OrderID }

    @Sendable
    private func merge(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Merge.self, visit)
        let order = try await orders.merge(
            try visit.id(or: .orderUnknown), with: body.with, by: staff)
        return try answer(order, staff)
    }

    private struct Split: Decodable { let lines: [OrderLineID] }

    @Sendable
    private func split(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Split.self, visit)
        let (order, new) = try await orders.split(
            try visit.id(or: .orderUnknown), Set(body.lines), by: staff)
        return try .json(
            Answer(order: OrderWire(order, for: staff), other: OrderWire(new, for: staff)))
    }

    @Sendable
    private func assign(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(OrderAssignment.self, visit)
        let order = try await orders.assign(
            try visit.id(or: .orderUnknown), to: try body.staff(staff), outcome: body.outcome,
            by: staff)
        return try answer(order, staff)
    }

    private struct Language: Decodable { let language: String? }

    @Sendable
    private func remind(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.optionalJSON(Language.self, visit)
        let order = try await orders.remind(
            try visit.id(or: .orderUnknown), english: body?.language == "en", by: staff)
        return try answer(order, staff)
    }
}
