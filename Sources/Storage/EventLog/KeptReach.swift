package import Desk
package import SQL

/// Whom an event concerns, as it is kept for the other nodes.
private struct KeptReach: Decodable {
    /// The run of the program that recorded it.
    let run: Int64
    /// Its live session that asked; a number that only that run knows.
    let origin: UInt64?
    /// False for what only the log and the caches need.
    let tell: Bool
    let buyer: BuyerID?
    let staff: [StaffID]?
    let queue: Bool?
    let group: GroupID?
    let wholeShop: Bool?

    /// Written by hand: every message on a shared store passes here.
    static func text(_ reach: Reach?, run: Int64) -> String {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("run", run)
        json.field("tell", bool: reach != nil)
        if let reach {
            if let origin = reach.origin { json.field("origin", origin) }
            if let buyer = reach.buyer { json.field("buyer", buyer.description) }
            if !reach.staff.isEmpty {
                json.key("staff")
                json.strings(reach.staff.map(\.description))
            }
            if reach.queue { json.field("queue", bool: true) }
            if let group = reach.group { json.field("group", group.description) }
            if reach.wholeShop { json.field("wholeShop", bool: true) }
        }
        json.endObject()
        return json.text
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
        let kept = KeptReach.text(event.reach, run: run)
        try transaction.run(Statement(insertKept, values(of: event) + [.maybe(kept)]))
        try AuditStore.note(event, in: transaction)
    }

    private static let insertKept = FixedText(addingTo: "event", columns + ", reach")

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
