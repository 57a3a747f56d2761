package import Desk
package import SQL

/// What a tracking service is asked for, and what it said.
extension Logistics {
    /// Parcels whose time to be asked for has come, the longest waiting first.
    package func parcelsToAsk(limit: Int) async throws -> [(shop: ShopID, parcel: Parcel)] {
        let now = carryOut.clock()
        return try await carryOut.database.read { transaction in
            var due: [(shop: ShopID, parcel: Parcel)] = []
            for shop in try Shops.all(in: transaction) where due.count < limit {
                let rows = try transaction.rows(
                    """
                    SELECT \(ParcelRow.columns) FROM parcel p
                    WHERE p.shop = \(shop) AND p.ask_at <= \(now)
                    ORDER BY p.ask_at LIMIT \(limit - due.count)
                    """)
                due += try rows.map { (shop, try ParcelRow.decode($0)) }
            }
            return due
        }
    }

    /// Takes in what was said of a parcel, and puts off the next question even when it was nothing new.
    package func take(
        _ events: [ParcelEvent], for id: ParcelID, in shop: ShopID,
        hold: @escaping @Sendable (Transaction) throws -> Void
    ) async throws {
        try await carryOut(in: shop, as: .system) { act in
            try hold(act.transaction)
            guard try ParcelStore.add(events, to: id, in: act) == 0,
                let parcel = try ParcelStore.load(id, of: shop, in: act.transaction)
            else { return }
            try act.transaction.run(
                """
                UPDATE parcel SET ask_at = \(ParcelStore.nextQuestion(parcel, at: act.at))
                WHERE shop = \(shop) AND id = \(id)
                """)
        }
    }

    /// Takes in what was pushed about a waybill.
    /// - Returns: whether a parcel of the shop has it.
    package func push(
        _ events: [ParcelEvent], carrier: String, waybill: WaybillNumber, toShop slug: String
    ) async throws -> Bool {
        let found = try await carryOut.database.read { transaction -> (ShopID, ParcelID)? in
            guard
                let shop: ShopID = try transaction.first(
                    "SELECT id FROM shop WHERE slug = \(slug)")?.get(0)
            else { return nil }
            let parcels = try ParcelStore.find(
                waybill: waybill, carrier: nil, of: shop, in: transaction)
            let one = parcels.first { $0.carrier == carrier } ?? parcels.first
            return one.map { (shop, $0.id) }
        }
        guard let (shop, parcel) = found else { return false }
        try await take(events, for: parcel, in: shop) { _ in }
        return true
    }
}
