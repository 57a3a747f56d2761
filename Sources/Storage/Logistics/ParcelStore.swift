package import Desk
import Foundation
package import SQL

/// Parcels and what carriers say of them.
package struct ParcelStore: Sendable {
    let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// What leaves the house: facts of the order, and the label.
    package struct Sending: Sendable {
        package var order: OrderID?
        package var orderNumber: String
        package var buyer: BuyerID?
        package var buyerName: String
        package var warehouse: WarehouseID?
        /// In words, such as a warehouse's region and a receiver's province and city.
        package var from: String
        package var to: String
        package var paidAt: Instant?
        package var promisedAt: Instant?
        package var carrier: String
        package var waybill: String
        package var lines: [Parcel.Line]

        package init(
            order: OrderID?, orderNumber: String, buyer: BuyerID?, buyerName: String,
            warehouse: WarehouseID? = nil, from: String = "", to: String = "",
            paidAt: Instant? = nil, promisedAt: Instant? = nil, carrier: String, waybill: String,
            lines: [Parcel.Line] = []
        ) {
            self.order = order
            self.orderNumber = orderNumber
            self.buyer = buyer
            self.buyerName = buyerName
            self.warehouse = warehouse
            self.from = from
            self.to = to
            self.paidAt = paidAt
            self.promisedAt = promisedAt
            self.carrier = carrier
            self.waybill = waybill
            self.lines = lines
        }
    }

    private struct Shipped: Encodable {
        let order: String
        let carrier: String
        let waybill: String
    }

    /// Gives goods of an order to a carrier, inside the caller's act; an order may have several parcels.
    ///
    /// Nothing but the parcel is written: the order's own state is moved by who calls.
    @discardableResult
    package static func ship(_ sending: Sending, in act: Act) throws -> Parcel {
        let carriers = try CarrierStore.byCode(of: act.shop, in: act.transaction)
        let waybill = try WaybillNumber.read(sending.waybill)
        guard let carrier = carriers[sending.carrier], carrier.active else {
            throw Self.noCarrier(waybill, carriers)
        }
        let number = sending.orderNumber.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...64).contains(number.count) else {
            throw Refusal(
                .invalid, "parcel.order", zh: "请写订单编号", en: "Name the order",
                field: "orderNumber")
        }
        let to = Place(in: sending.to)
        if let to, !carrier.serves(to) {
            throw Refusal(
                .conflict, "parcel.notServed", zh: "\(carrier.name)不送\(to.province)",
                en: "\(carrier.name) does not deliver to \(to.province)",
                instead: Localized(zh: "请换一家快递", en: "Choose another carrier"),
                field: "carrier")
        }
        var parcel = Parcel(
            id: act.newID(), order: sending.order, orderNumber: number,
            buyer: sending.buyer, buyerName: sending.buyerName, warehouse: sending.warehouse,
            carrier: carrier.code, waybill: waybill, from: Place(in: sending.from), to: to,
            createdAt: act.at, paidAt: sending.paidAt, promisedAt: sending.promisedAt)
        let lookAt = try look(at: &parcel, carrier, in: act)
        try naming {
            try ParcelRow.insert(parcel, lookAt: lookAt, askAt: act.at, in: act)
        }
        for line in sending.lines where line.quantity > 0 {
            try act.transaction.change(
                """
                INSERT INTO parcel_line (shop, parcel, order_line, quantity)
                VALUES (\(act.shop), \(parcel.id), \(line.orderLine), \(line.quantity))
                """)
        }
        try act.record(
            "parcel.shipped", about: parcel.id.raw,
            Shipped(order: parcel.orderNumber, carrier: carrier.code, waybill: waybill.text),
            reach: Reach(wholeShop: true))
        return parcel
    }

    /// For desks and programs that ship without an order here: an order of a platform, or of paper.
    package func ship(_ sending: Sending, by actor: StaffPrincipal) async throws -> Parcel {
        try actor.require(.parcelEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            if let buyer = sending.buyer {
                let known = try act.transaction.first(
                    "SELECT 1 FROM buyer WHERE shop = \(act.shop) AND id = \(buyer)")
                guard known != nil else {
                    throw Refusal(
                        .invalid, "parcel.buyer", zh: "没有这位买家", en: "There is no such buyer",
                        field: "buyer")
                }
            }
            return try Self.ship(sending, in: act)
        }
    }

    private static func noCarrier(
        _ waybill: WaybillNumber, _ carriers: [String: Carrier]
    ) -> Refusal {
        let guess = Carrier.guess(waybill).first.flatMap { carriers[$0] }
        return Refusal(
            .invalid, "parcel.carrier", zh: "请选择快递公司", en: "Choose a carrier",
            instead: guess.map {
                Localized(
                    zh: "这个运单号像是\($0.name)（\($0.code)）的",
                    en: "The number looks like one of \($0.name) (\($0.code))")
            }, field: "carrier")
    }

    private static func naming(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "parcel.waybillTaken", zh: "这个运单号已经用在另一个包裹上",
                en: "Another parcel has this waybill number",
                instead: Localized(zh: "请核对面单", en: "Check the label"), field: "waybill")
        }
    }

    /// Finds what is wrong with a parcel now and says when to look again.
    static func look(at parcel: inout Parcel, _ carrier: Carrier?, in act: Act) throws -> Instant? {
        let policy = try PolicyStore.inForce(act.shop, at: act.at, in: act.transaction)
        let found = parcel.standing.find(at: act.at, ParcelThresholds(policy).with(carrier))
        parcel.problem = found.problem
        parcel.problemSince = found.since
        parcel.promise = found.promise
        return found.lookAgain
    }

    /// When the carrier is asked next; nil = no more.
    static func nextQuestion(_ parcel: Parcel, at now: Instant) -> Instant? {
        if parcel.status.isFinal { return nil }
        return now + (parcel.status == .outForDelivery ? .minutes(30) : .hours(2))
    }

    // MARK: - Events

    private struct Moved: Encodable {
        let order: String
        let waybill: String
        let status: ParcelStatus
        let text: String
    }

    /// Takes in what a carrier said; known events change nothing.
    /// - Returns: how many were new.
    @discardableResult
    package static func add(
        _ events: [ParcelEvent], to id: ParcelID, in act: Act
    ) throws -> Int {
        guard var parcel = try load(id, of: act.shop, in: act.transaction) else {
            throw Refusal.parcelUnknown
        }
        var known = try ParcelRow.events(of: id, in: act.shop, act.transaction)
        var seen = Set(known.map(\.digest))
        var fresh: [ParcelEvent] = []
        for event in events {
            // A clock that runs ahead by more than a day tells nothing.
            guard event.at < act.at + .days(1), fresh.count < 500 else { continue }
            let event = ParcelEvent(
                at: event.at, status: event.status, text: String(event.text.prefix(500)),
                location: String(event.location.prefix(100)))
            guard seen.insert(event.digest).inserted else { continue }
            fresh.append(event)
            try act.transaction.change(
                """
                INSERT INTO parcel_event (shop, parcel, digest, at, status, text, location,
                    received_at)
                VALUES (\(act.shop), \(id), \(event.digest), \(event.at),
                    \(event.status.rawValue), \(event.text), \(event.location), \(act.at))
                """)
        }
        guard !fresh.isEmpty else { return 0 }
        known += fresh
        let before = parcel
        let track = ParcelTrack(known, to: parcel.to)
        parcel.apply(track)
        try keep(&parcel, before: before, in: act)
        if parcel.status != before.status {
            try act.record(
                "parcel.moved", about: id.raw,
                Moved(
                    order: parcel.orderNumber, waybill: parcel.waybill.text,
                    status: parcel.status, text: track.events.last?.text ?? ""),
                reach: Reach(wholeShop: true))
        }
        return fresh.count
    }

    /// Looks at a changed parcel, saves it and tells of a new problem.
    static func keep(_ parcel: inout Parcel, before: Parcel, in act: Act) throws {
        let carriers = try CarrierStore.byCode(of: act.shop, in: act.transaction)
        let lookAt = try look(at: &parcel, carriers[parcel.carrier], in: act)
        let changed = parcel
        try naming {
            try ParcelRow.save(
                changed, lookAt: lookAt, askAt: nextQuestion(changed, at: act.at), in: act)
        }
        if let problem = parcel.problem, problem != before.problem {
            try tell(problem, of: parcel.id, parcel.orderNumber, parcel.waybill.text, in: act)
        }
    }

    private struct Troubled: Encodable {
        let order: String
        let waybill: String
        let problem: ParcelProblem
    }

    static func tell(
        _ problem: ParcelProblem, of id: ParcelID, _ order: String, _ waybill: String, in act: Act
    ) throws {
        try act.record(
            "parcel.troubled", about: id.raw,
            Troubled(order: order, waybill: waybill, problem: problem),
            reach: Reach(wholeShop: true))
    }

    package func add(
        _ events: [ParcelEvent], to id: ParcelID, by actor: StaffPrincipal
    ) async throws -> Int {
        try actor.require(.parcelEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try Self.add(events, to: id, in: act)
        }
    }

    /// The parcels of a waybill number, of whatever carrier: what a carrier's push names.
    package static func find(
        waybill: WaybillNumber, carrier: String?, of shop: ShopID, in transaction: Transaction
    ) throws -> [Parcel] {
        let only: Statement = carrier.map { " AND p.carrier = \($0)" } ?? ""
        return try transaction.rows(
            """
            SELECT \(ParcelRow.columns) FROM parcel p
            WHERE p.shop = \(shop) AND p.waybill = \(waybill.text)\(only) ORDER BY p.id
            """
        ).map(ParcelRow.decode)
    }

    package static func load(
        _ id: ParcelID, of shop: ShopID, in transaction: Transaction
    ) throws -> Parcel? {
        try transaction.first(
            """
            SELECT \(ParcelRow.columns) FROM parcel p WHERE p.shop = \(shop) AND p.id = \(id)
            """
        ).map(ParcelRow.decode)
    }
}

extension Refusal {
    package static let parcelUnknown = Refusal.unknown("parcel", zh: "包裹", en: "parcel")
}
