package import Desk

/// Whom an event concerns, known when it is recorded, so that fan-out asks no database.
package struct Reach: Hashable, Sendable {
    /// Nil when the buyer must not see it.
    package var buyer: BuyerID?
    /// Owner and former owner.
    package var staff: [StaffID]
    /// Also everybody who may take it from the queue of `group`.
    package var queue: Bool
    package var group: GroupID?
    /// Also every staff member of the shop.
    package var wholeShop: Bool
    /// The live session that asked for the act; it gets the answer instead of its own message.
    package var origin: UInt64?

    package init(
        buyer: BuyerID? = nil, staff: [StaffID] = [], queue: Bool = false, group: GroupID? = nil,
        wholeShop: Bool = false
    ) {
        self.buyer = buyer
        self.staff = staff
        self.queue = queue
        self.group = group
        self.wholeShop = wholeShop
    }
}
