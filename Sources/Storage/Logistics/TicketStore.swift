package import Desk
package import SQL

/// Tickets with carriers.
package struct TicketStore: Sendable {
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    private struct Told: Encodable {
        let waybill: String
        let kind: CarrierTicket.Kind
        let claim: String
        let paid: String
    }

    package func open(
        _ kind: CarrierTicket.Kind, of id: ParcelID, note: String, reference: String, claim: Money,
        by actor: StaffPrincipal
    ) async throws -> CarrierTicket {
        try actor.require(.parcelEdit)
        try CarrierTicket.check(note: note, reference: reference, claim: claim)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let parcel = try ParcelStore.load(id, of: act.shop, in: act.transaction) else {
                throw Refusal.parcelUnknown
            }
            let open = try Self.of(id, in: act.shop, act.transaction)
                .first { $0.kind == kind && ($0.state == .open || $0.state == .answered) }
            guard open == nil else {
                throw Refusal(
                    .conflict, "ticket.openAlready", zh: "这个包裹已有同类工单在处理",
                    en: "A ticket of this kind is open for the parcel already",
                    instead: Localized(zh: "请在那张工单里继续", en: "Go on in that one"))
            }
            let policy = try PolicyStore.inForce(act.shop, at: act.at, in: act.transaction)
            let ticket = CarrierTicket(
                id: act.newID(), parcel: id, carrier: parcel.carrier, kind: kind,
                reference: reference, note: note, deadline: act.at + policy.span(.carrierReply),
                claim: claim, openedAt: act.at, openedBy: actor.publicName)
            try act.transaction.change(
                """
                INSERT INTO carrier_ticket (shop, id, parcel, carrier, kind, state, reference,
                    note, deadline, claim, paid, opened_at, opened_by, answer, answered_at,
                    closed_at)
                VALUES (\(act.shop), \(ticket.id), \(id), \(ticket.carrier),
                    \(kind.rawValue), \(ticket.state.rawValue), \(reference), \(note),
                    \(ticket.deadline), \(claim.fen), 0, \(act.at), \(ticket.openedBy), '', NULL,
                    NULL)
                """)
            try Self.record("ticket.opened", ticket, parcel.waybill.text, in: act)
            return ticket
        }
    }

    package func answer(
        _ id: CarrierTicketID, _ text: String, reference: String?, by actor: StaffPrincipal
    ) async throws -> CarrierTicket {
        try await change(id, "ticket.answered", by: actor) { ticket, at throws(Refusal) in
            try ticket.answered(text, reference: reference, at: at)
        }
    }

    package func settle(
        _ id: CarrierTicketID, _ paid: Money, by actor: StaffPrincipal
    ) async throws -> CarrierTicket {
        try await change(id, "ticket.settled", by: actor) { ticket, at throws(Refusal) in
            try ticket.settled(paid, at: at)
        }
    }

    package func close(
        _ id: CarrierTicketID, by actor: StaffPrincipal
    ) async throws -> CarrierTicket {
        try await change(id, "ticket.closed", by: actor) { ticket, at throws(Refusal) in
            try ticket.closed(at: at)
        }
    }

    private func change(
        _ id: CarrierTicketID, _ kind: String, by actor: StaffPrincipal,
        _ decide: @escaping @Sendable (CarrierTicket, Instant) throws(Refusal) -> CarrierTicket
    ) async throws -> CarrierTicket {
        try actor.require(.parcelEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let row = try act.transaction.first(
                Self.columns + " WHERE t.shop = \(act.shop) AND t.id = \(id)")
            guard let row else {
                throw Refusal.unknown("ticket", zh: "工单", en: "ticket")
            }
            let ticket = try decide(try Self.decode(row), act.at)
            try act.transaction.change(
                """
                UPDATE carrier_ticket SET state = \(ticket.state.rawValue),
                    reference = \(ticket.reference), paid = \(ticket.paid.fen),
                    answer = \(ticket.answer), answered_at = \(ticket.answeredAt),
                    closed_at = \(ticket.closedAt)
                WHERE shop = \(act.shop) AND id = \(id)
                """)
            let parcel = try ParcelStore.load(ticket.parcel, of: act.shop, in: act.transaction)
            try Self.record(kind, ticket, parcel?.waybill.text ?? "", in: act)
            return ticket
        }
    }

    private static func record(
        _ kind: String, _ ticket: CarrierTicket, _ waybill: String, in act: Act
    ) throws {
        try act.record(
            kind, about: ticket.id.raw,
            Told(
                waybill: waybill, kind: ticket.kind, claim: ticket.claim.description,
                paid: ticket.paid.description),
            reach: Reach(wholeShop: true))
    }

    /// A ticket with its parcel's number.
    package struct Listed: Sendable {
        package let ticket: CarrierTicket
        package let waybill: String
        package let orderNumber: String
    }

    /// Open ones first, those that are due soonest in front; then what ended last.
    package func list(over: Bool, of shop: ShopID) async throws -> [Listed] {
        try await carryOut.database.read { transaction in
            let which: Statement =
                over
                ? "t.state IN ('settled', 'closed') ORDER BY t.closed_at DESC"
                : "t.state IN ('open', 'answered') ORDER BY t.deadline"
            return try transaction.rows(
                Self.columns(with: ", p.waybill, p.order_number") + """
                     JOIN parcel p ON p.shop = t.shop AND p.id = t.parcel
                    WHERE t.shop = \(shop) AND \(which), t.id LIMIT 200
                    """
            ).map {
                Listed(
                    ticket: try Self.decode($0), waybill: try $0.get(16),
                    orderNumber: try $0.get(17))
            }
        }
    }

    static func of(
        _ parcel: ParcelID, in shop: ShopID, _ transaction: Transaction
    ) throws -> [CarrierTicket] {
        try transaction.rows(
            columns + " WHERE t.shop = \(shop) AND t.parcel = \(parcel) ORDER BY t.id DESC"
        ).map(decode)
    }

    private static var columns: Statement { columns(with: "") }

    private static func columns(with more: Statement) -> Statement {
        """
        SELECT t.id, t.parcel, t.carrier, t.kind, t.state, t.reference, t.note, t.deadline,
            t.claim, t.paid, t.opened_at, t.opened_by, t.answer, t.answered_at, t.closed_at,
            t.shop\(more) FROM carrier_ticket t
        """
    }

    private static func decode(_ row: Row) throws -> CarrierTicket {
        CarrierTicket(
            id: try row.get(0), parcel: try row.get(1), carrier: try row.get(2),
            kind: try ParcelRow.word(row, 3) ?? .trace, state: try ParcelRow.word(row, 4) ?? .open,
            reference: try row.get(5), note: try row.get(6), deadline: try row.get(7),
            claim: Money(fen: try row.get(8)), paid: Money(fen: try row.get(9)),
            openedAt: try row.get(10), openedBy: try row.get(11), answer: try row.get(12),
            answeredAt: try row.maybe(13), closedAt: try row.maybe(14))
    }
}
