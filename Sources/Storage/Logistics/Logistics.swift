package import Desk
import SQL

/// Everything about parcels, in one place.
///
/// One of it serves a whole program.
package struct Logistics: Sendable {
    package let carryOut: CarryOut
    package let carriers: CarrierStore
    package let parcels: ParcelStore
    package let tickets: TicketStore
    package let delays: DelayStore

    package init(_ carryOut: CarryOut) {
        self.carryOut = carryOut
        carriers = CarrierStore(carryOut)
        parcels = ParcelStore(carryOut)
        tickets = TicketStore(carryOut)
        delays = DelayStore(carryOut, claimUpload: UploadStore.claim)
    }

    /// Whether and when each carrier would bring something ordered now.
    package func quotes(
        from: Place?, to: Place, of shop: ShopID
    ) async throws -> (quotes: [DeliveryQuote], zone: String) {
        let now = carryOut.clock()
        return try await carryOut.database.read { transaction in
            let policy = try PolicyStore.inForce(shop, at: now, in: transaction)
            let zone = try ShopStore.one(shop, in: transaction).hours.zone
            let scores = try ScorecardQuery.scores(
                of: shop, from: now - .days(30), at: now, in: transaction)
            let quotes = try CarrierStore.all(of: shop, in: transaction).filter(\.active)
                .map { carrier in
                    let score = scores.first { $0.carrier == carrier.code }
                    // Few parcels say nothing.
                    let known = (score?.hours.values.reduce(0, +) ?? 0) >= 20
                    let half = known ? score?.hours(share: 0.5) : nil
                    let most = known ? score?.hours(share: 0.9) : nil
                    return DeliveryQuote(
                        carrier, from: from, to: to, at: now, cutOff: policy[.shipCutOff],
                        zone: zone, hours: half.flatMap { half in most.map { (half, $0) } })
                }
            return (quotes, zone)
        }
    }

    /// How the shop's carriers did from an instant on.
    package func scores(of shop: ShopID, from: Instant) async throws -> [CarrierScore] {
        let now = carryOut.clock()
        return try await carryOut.database.read { transaction in
            try ScorecardQuery.scores(of: shop, from: from, at: now, in: transaction)
        }
    }
}
