import Desk
import Storage

extension DemoYear {
    private typealias Value = YearImport.Value

    func warehouseID(_ index: Int) -> WarehouseID {
        Self.id(at: now - 430 * Self.day, index + 1)
    }

    /// Warehouses, the ledger of the year, what stands there now, and what is kept back for open orders.
    func keepShelves(in past: YearImport) async throws {
        try await past.add(
            Self.warehouses.enumerated().map { index, house in
                [
                    .number(warehouseID(index).raw), .text(house.code), .text(house.name),
                    .text(house.region), .number(16 * 60), .number(1),
                ]
            }, to: .warehouses)
        try await past.add(
            shelves.enumerated().map { index, shelf in
                [
                    .number(skus[index / Self.warehouses.count].id.raw),
                    .number(warehouseID(index % Self.warehouses.count).raw),
                    .number(Int64(shelf.onHand)), .number(Int64(shelf.reserved)), .number(0),
                    .number(5),
                ]
            }, to: .stock)
        try await past.add(movementRows(), to: .movements)
        try await past.add(orders.flatMap(reservationRows), to: .reservations)
        try await past.add(lotRows(), to: .lots)
    }

    /// In the order of time, as the program itself would have numbered them.
    private func movementRows() -> [[Value]] {
        movements.indices.sorted { (movements[$0].at, $0) < (movements[$1].at, $1) }
            .enumerated().map { number, index in
                let movement = movements[index]
                let id: StockMovementID = Self.id(at: movement.at, number)
                return [
                    .number(id.raw), .number(skus[movement.sku].id.raw),
                    .number(warehouseID(movement.warehouse).raw), .text(movement.kind),
                    .number(Int64(movement.quantity)), .number(Int64(movement.after)),
                    .text(movement.reason), movement.line.map { .number($0.raw) } ?? .none,
                    .number(movement.at), .text(movement.line == nil ? "仓库" : ""),
                ]
            }
    }

    private func reservationRows(of order: Order) -> [[Value]] {
        guard order.shippedAt == nil, order.state != "closed" else { return [] }
        return order.lines.map { line in
            [
                .number(line.id.raw), .number(skus[line.sku].id.raw),
                .number(warehouseID(Self.warehouse(of: order)).raw),
                .number(Int64(line.quantity)), .text("reserved"), .number(order.createdAt),
            ]
        }
    }

    /// Food and things for babies are told by lot; some run out of time soon.
    private func lotRows() -> [[Value]] {
        var rows: [[Value]] = []
        let calendar = ExportCalendar(zone: CalendarDay.standardZone)
        /// A day on a label, as a number like 20261128.
        func label(_ at: Int64) -> Value {
            let day = calendar.text(Instant(milliseconds: at)).prefix(10).filter { $0 != "-" }
            return Int64(day).map(Value.number) ?? .none
        }
        for (index, shelf) in shelves.enumerated() where shelf.onHand > 0 {
            let sku = index / Self.warehouses.count
            let family = DemoFamily.all[items[skus[sku].item].family]
            guard family.kind != "general" else { continue }
            let life: Int64 = family.kind == "fresh" ? 12 : 700
            let made = now - Int64(index % 9 + 1) * Self.day * (life / 12)
            let id: LotID = Self.id(at: made, index)
            rows.append([
                .number(id.raw), .number(skus[sku].id.raw),
                .number(warehouseID(index % Self.warehouses.count).raw),
                .text("L\(1_000 + index)"), label(made), label(made + life * Self.day),
                .number(Int64(shelf.onHand)),
            ])
        }
        return rows
    }
}
