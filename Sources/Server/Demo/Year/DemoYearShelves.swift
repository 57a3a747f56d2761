import Desk

extension DemoYear {
    /// The ledger of the year: what came in, what left, what was counted, each with what stood there afterwards.
    mutating func makeShelves() {
        struct Out {
            let at: Int64
            let quantity: Int
            let line: OrderLineID
            let isBack: Bool
        }
        let places = skus.count * Self.warehouses.count
        var out = Array(repeating: [Out](), count: places)
        var reserved = Array(repeating: 0, count: places)
        for order in orders {
            let warehouse = Self.warehouse(of: order)
            for line in order.lines {
                let at = line.sku * Self.warehouses.count + warehouse
                if let shipped = order.shippedAt {
                    out[at].append(
                        Out(at: shipped, quantity: line.quantity, line: line.id, isBack: false))
                    if line.refunded > 0, let done = order.completedAt {
                        out[at].append(
                            Out(at: done, quantity: line.quantity, line: line.id, isBack: true))
                    }
                } else if order.state == "awaitingPayment" || order.state == "awaitingShipment" {
                    reserved[at] += line.quantity
                }
            }
        }
        shelves = Array(repeating: (0, 0), count: places)
        for place in 0..<places {
            let events = out[place].sorted { ($0.at, $0.line) < ($1.at, $1.line) }
            let (sku, warehouse) = (place / Self.warehouses.count, place % Self.warehouses.count)
            var hand = 0
            // The ledger goes forward in time.
            var last = now - 390 * Self.day
            /// Bought in so much that the next weeks are served.
            func move(
                _ kind: String, _ quantity: Int, _ at: Int64, _ reason: String,
                _ line: OrderLineID? = nil
            ) {
                hand += quantity
                last = max(last + 1, at)
                movements.append(
                    Movement(
                        sku: sku, warehouse: warehouse, kind: kind, quantity: quantity, after: hand,
                        at: last, reason: reason, line: line))
            }
            func buy(_ quantity: Int, _ at: Int64) { move("purchase", quantity, at, "采购入库") }
            buy(dice.number(8...30), now - 380 * Self.day + Int64(dice.number(0...86_000_000)))
            for (index, event) in events.enumerated() {
                if event.isBack {
                    move("return", event.quantity, event.at, "退货入库", event.line)
                    continue
                }
                if hand < event.quantity {
                    let ahead = events[index...].prefix(25).reduce(0) {
                        $0 + ($1.isBack ? 0 : $1.quantity)
                    }
                    buy(
                        ahead + dice.number(0...12), event.at - Int64(dice.number(1...40)) * 600_000
                    )
                }
                move("sale", -event.quantity, event.at, "订单出库", event.line)
            }
            if dice.chance(120), hand > 2 {
                move(
                    dice.chance(500) ? "count" : "damage", -dice.number(1...2),
                    now - Int64(dice.number(1...60)) * Self.hour, "盘点差异")
            }
            // What is reserved must be there.
            if hand < reserved[place] {
                buy(reserved[place] - hand + dice.number(0...6), now - 2 * Self.hour)
            }
            shelves[place] = (hand, reserved[place])
        }
    }
}
