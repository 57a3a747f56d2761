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

    /// How the shop's carriers did from an instant on.
    package func scores(of shop: ShopID, from: Instant) async throws -> [CarrierScore] {
        let now = carryOut.clock()
        return try await carryOut.database.read { transaction in
            try ScorecardQuery.scores(of: shop, from: from, at: now, in: transaction)
        }
    }
}
