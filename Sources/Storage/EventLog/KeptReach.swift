package import Desk
package import SQL

/// Whom an event concerns, as it is kept for the other nodes.
private struct KeptReach: Codable {
    /// The run of the program that recorded it.
    let run: Int64
    /// Its live session that asked; a number that only that run knows.
    var origin: UInt64?
    /// False for what only the log and the caches need.
    var tell = false
    var buyer: BuyerID?
    var staff: [StaffID]?
    var queue: Bool?
    var group: GroupID?
    var wholeShop: Bool?

    init(_ reach: Reach?, run: Int64) {
        self.run = run
        guard let reach else { return }
        tell = true
        origin = reach.origin
        buyer = reach.buyer
        staff = reach.staff.isEmpty ? nil : reach.staff
        queue = reach.queue ? true : nil
        group = reach.group
        wholeShop = reach.wholeShop ? true : nil
    }

    func reach(for own: Int64) -> Reach? {
        guard tell else { return nil }
        var reach = Reach(
            buyer: buyer, staff: staff ?? [], queue: queue ?? false, group: group,
            wholeShop: wholeShop ?? false)
        if run == own { reach.origin = origin }
        return reach
    }
}

extension EventLog {
    /// Appends an event with whom it concerns, so that other nodes can announce it.
    static func append(_ event: Event, keptFor run: Int64, in transaction: Transaction) throws {
        let kept = try JSON.text(KeptReach(event.reach, run: run))
        try transaction.run(
            """
            INSERT INTO event (shop, number, at, actor_kind, actor_id, actor_name, kind, subject, body, reach)
            VALUES (\(event.shop), \(event.number), \(event.at), \(event.actor.kind.rawValue), \(event.actor.id),
                \(event.actor.name), \(event.kind), \(event.subject), \(event.body), \(kept))
            """)
        try AuditStore.note(event, in: transaction)
    }

    /// Events as they are announced: with their reach, and whether `run` recorded them.
    package static func announcements(
        of shop: ShopID, after number: Int64, limit: Int, run: Int64, in transaction: Transaction
    ) throws -> [(event: Event, own: Bool)] {
        try transaction.rows(
            """
            SELECT number, at, actor_kind, actor_id, actor_name, kind, subject, body, reach FROM event
            WHERE shop = \(shop) AND number > \(number) ORDER BY number LIMIT \(limit)
            """
        ).map { row in
            let event = try decode(row, of: shop)
            guard let text: String = try row.maybe(8) else { return (event, false) }
            let kept = try JSON.value(text, as: KeptReach.self)
            return (event.reaching(kept.reach(for: run)), kept.run == run)
        }
    }

    /// The number of every shop's last event.
    package static func ends(in transaction: Transaction) throws -> [ShopID: Int64] {
        var ends: [ShopID: Int64] = [:]
        for row in try transaction.rows("SELECT shop, event FROM shop_counter") {
            ends[try row.get(0)] = try row.get(1)
        }
        return ends
    }
}

extension Event {
    fileprivate func reaching(_ reach: Reach?) -> Event {
        Event(
            shop: shop, number: number, at: at, actor: actor, kind: kind, subject: subject,
            body: body, reach: reach)
    }
}
