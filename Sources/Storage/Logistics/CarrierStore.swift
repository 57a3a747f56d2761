package import Desk
package import SQL

/// The carriers of a shop: the well-known ones with the shop's own over them.
package struct CarrierStore: Sendable {
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    package func all(of shop: ShopID) async throws -> [Carrier] {
        try await carryOut.database.read { try Self.all(of: shop, in: $0) }
    }

    package static func all(of shop: ShopID, in transaction: Transaction) throws -> [Carrier] {
        var own: [String: Carrier] = [:]
        let rows = try transaction.rows(
            """
            SELECT code, name, phone, needs_phone, collect_hours, stuck_hours, not_served, active
            FROM carrier WHERE shop = \(shop) ORDER BY code
            """)
        for row in rows {
            let carrier = Carrier(
                code: try row.get(0), name: try row.get(1), phone: try row.get(2),
                needsPhone: try row.get(3), collectHours: try row.maybe(4),
                stuckHours: try row.maybe(5),
                notServed: try row.get(6, as: String.self).split(separator: ",").map(String.init),
                active: try row.get(7))
            own[carrier.code] = carrier
        }
        let known = Set(Carrier.known.map(\.code))
        return Carrier.known.map { own[$0.code] ?? $0 }
            + own.values.filter { !known.contains($0.code) }.sorted { $0.code < $1.code }
    }

    package static func byCode(
        of shop: ShopID, in transaction: Transaction
    ) throws -> [String: Carrier] {
        Dictionary(uniqueKeysWithValues: try all(of: shop, in: transaction).map { ($0.code, $0) })
    }

    private struct Changed: Encodable {
        let name: String
        let code: String
    }

    /// Adds a carrier, or changes what the shop agreed with one.
    package func keep(_ carrier: Carrier, by actor: StaffPrincipal) async throws -> Carrier {
        try actor.require(.carrierManage)
        let carrier = try carrier.checked()
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try act.transaction.change(
                """
                INSERT INTO carrier (shop, code, name, phone, needs_phone, collect_hours,
                    stuck_hours, not_served, active, changed_at)
                VALUES (\(act.shop), \(carrier.code), \(carrier.name), \(carrier.phone),
                    \(carrier.needsPhone), \(carrier.collectHours), \(carrier.stuckHours),
                    \(carrier.notServed.joined(separator: ",")), \(carrier.active), \(act.at))
                ON CONFLICT (shop, code) DO UPDATE SET name = excluded.name,
                    phone = excluded.phone, needs_phone = excluded.needs_phone,
                    collect_hours = excluded.collect_hours, stuck_hours = excluded.stuck_hours,
                    not_served = excluded.not_served, active = excluded.active,
                    changed_at = excluded.changed_at
                """)
            // Its own figures decide from now on.
            try act.transaction.change(
                """
                UPDATE parcel SET watch_at = \(act.at)
                WHERE shop = \(act.shop) AND unfinished = 1 AND carrier = \(carrier.code)
                """)
            try act.record(
                "carrier.changed", about: nil, Changed(name: carrier.name, code: carrier.code))
            return carrier
        }
    }
}
