/// Goods of one making, with the day from which they may not be sold (domain B14).
package struct Lot: Hashable, Sendable {
    package let id: LotID
    package let sku: SKUID
    package let warehouse: WarehouseID
    /// As printed on the box.
    package let code: String
    package let madeOn: ShelfDate?
    package let expiresOn: ShelfDate?
    package var onHand: Int

    package init(
        id: LotID, sku: SKUID, warehouse: WarehouseID, code: String, madeOn: ShelfDate?,
        expiresOn: ShelfDate?, onHand: Int
    ) {
        self.id = id
        self.sku = sku
        self.warehouse = warehouse
        self.code = code
        self.madeOn = madeOn
        self.expiresOn = expiresOn
        self.onHand = onHand
    }

    /// On its last day it may still be sold.
    package func isExpired(on today: ShelfDate) -> Bool { expiresOn.map { $0 < today } ?? false }
}

/// From where pieces are taken.
package struct Picked: Hashable, Sendable {
    /// Nil for goods that belong to no lot.
    package let lot: LotID?
    package let quantity: Int

    package init(lot: LotID?, quantity: Int) {
        self.lot = lot
        self.quantity = quantity
    }
}

package enum Lots {
    /// First expired, first out; what has no date goes last, and goods without a lot after the lots.
    /// - Parameter onHand: of all lots and without one.
    /// - Parameter sale: what is past its date stays.
    package static func pick(
        _ quantity: Int, from lots: [Lot], onHand: Int, today: ShelfDate, sale: Bool
    ) throws(Refusal) -> [Picked] {
        let usable = lots.filter { $0.onHand > 0 && !(sale && $0.isExpired(on: today)) }
            .sorted {
                ($0.expiresOn?.raw ?? Int.max, $0.id) < ($1.expiresOn?.raw ?? Int.max, $1.id)
            }
        var open = quantity
        var picked: [Picked] = []
        for lot in usable where open > 0 {
            let part = min(open, lot.onHand)
            picked.append(Picked(lot: lot.id, quantity: part))
            open -= part
        }
        let loose = onHand - lots.reduce(0) { $0 + $1.onHand }
        if open > 0, loose > 0 {
            let part = min(open, loose)
            picked.append(Picked(lot: nil, quantity: part))
            open -= part
        }
        guard open == 0 else {
            throw Refusal(
                .conflict, "stock.expired", zh: "剩下的货已经过期，不能发出",
                en: "What is left is past its date and cannot leave",
                instead: Localized(
                    zh: "先把过期批次报损，再采购或调拨新的一批",
                    en: "Write the expired lots off, then buy or transfer fresh goods"))
        }
        return picked
    }
}
