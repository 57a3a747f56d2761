package import Desk
package import SQL

/// One line of the audit log: an event of an audited kind.
package struct AuditEntry: Hashable, Sendable {
    package let event: Event
    package let kind: AuditedKind

    package init(event: Event, kind: AuditedKind) {
        self.event = event
        self.kind = kind
    }
}

/// The audit log is the event log, read by the kinds that are audited; nothing writes it but events.
package struct AuditStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Which lines are asked for; nil = all.
    package struct Query: Sendable {
        package var kind: AuditedKind?
        package var actor: StaffID?
        package var from: Instant?
        package var to: Instant?
        package var before: Int64?
        package var limit = 50

        package init() {}
    }

    /// Latest first.
    package func entries(of shop: ShopID, _ query: Query) async throws -> [AuditEntry] {
        try await database.read { transaction in
            var filter: Statement = ""
            if let kind = query.kind { filter = filter + " AND a.kind = \(kind.rawValue)" }
            if let actor = query.actor { filter = filter + " AND a.actor_id = \(actor)" }
            if let from = query.from { filter = filter + " AND a.at >= \(from)" }
            if let to = query.to { filter = filter + " AND a.at < \(to)" }
            if let before = query.before { filter = filter + " AND a.number < \(before)" }
            let rows = try transaction.rows(
                """
                SELECT e.number, e.at, e.actor_kind, e.actor_id, e.actor_name, e.kind, e.subject, e.body
                FROM audit_entry a JOIN event e ON e.shop = a.shop AND e.number = a.number
                WHERE a.shop = \(shop)\(filter) ORDER BY a.number DESC LIMIT \(min(max(query.limit, 1), 200))
                """)
            return try rows.compactMap { row in
                let event = try EventLog.decode(row, of: shop)
                return AuditedKind(rawValue: event.kind).map { AuditEntry(event: event, kind: $0) }
            }
        }
    }

    /// Puts an event into the audit's index when its kind is audited; part of writing every event.
    static func note(_ event: Event, in transaction: Transaction) throws {
        guard AuditedKind.names.contains(event.kind) else { return }
        try transaction.run(
            """
            INSERT INTO audit_entry (shop, number, at, kind, actor_id)
            VALUES (\(event.shop), \(event.number), \(event.at), \(event.kind), \(event.actor.staff?.raw))
            """)
    }
}
