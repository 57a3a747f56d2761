import Desk

extension DemoYear {
    /// The days of which every step of a parcel is known; of older ones the main steps.
    private static let detailed: Int64 = 40

    mutating func makeParcels() {
        for (index, order) in orders.enumerated() {
            guard let shippedAt = order.shippedAt else { continue }
            let parts = order.lines.count > 1 && dice.chance(80) ? 2 : 1
            for part in 0..<parts {
                let lines = order.lines.indices.filter { parts == 1 || ($0 == 0) == (part == 0) }
                parcels.append(
                    parcel(index, order, lines, shippedAt + Int64(part) * Self.hour, part))
            }
        }
    }

    private mutating func parcel(
        _ index: Int, _ order: Order, _ lines: [Int], _ at: Int64, _ part: Int
    ) -> Parcel {
        let place = DemoPeople.places[order.place]
        let warehouse = Self.warehouse(of: order)
        let carrier = Self.carriers[dice.index(by: [5, 4, 2])]
        var parcel = Parcel(
            id: Self.id(at: at, index * 2 + part), order: index, warehouse: warehouse,
            carrier: carrier.code,
            waybill: "\(carrier.mark)\(5_000_000_000_000 + Int64(parcels.count) * 31)",
            createdAt: at, state: "created",
            promisedAt: at + (Int64(place.days) + 2) * Self.day, events: [], lines: lines)
        let town = String(Self.warehouses[warehouse].name.prefix(2))
        var steps: [(Int64, String, String, String)] = []
        let pickup = at + Int64(dice.number(1...20)) * Self.hour
        let arrive = pickup + Int64(place.days) * Self.day
        let hand = arrive + Int64(dice.number(6...20)) * Self.hour
        steps.append((pickup, "pickedUp", "【\(town)】快件已揽收", town))
        if now - at < Self.detailed * Self.day {
            steps.append(
                (pickup + 4 * Self.hour, "inTransit", "快件离开【\(town)转运中心】，发往【\(place.city)】", town))
            steps.append(
                (arrive, "arrivedCity", "快件到达【\(place.city)\(place.district)营业点】", place.city))
            steps.append((hand - 2 * Self.hour, "outForDelivery", "快件正在派送，请保持电话畅通", place.city))
        }
        // A few go wrong: lost on the way, refused, given back, kept in a locker.
        // What went wrong long ago has been settled since.
        let fate =
            now - at < Self.detailed * Self.day ? dice.number(0...999) : dice.number(26...999)
        switch fate {
        case 0..<6:
            steps = Array(steps.prefix(2))
            if now - at > 12 * Self.day {
                steps.append((at + 12 * Self.day, "lost", "快件疑似丢失，正在核实", town))
            }
        case 6..<14:
            steps.append((hand, "refused", "收件人拒收", place.city))
            steps.append((hand + Self.day, "returning", "快件正在退回", place.city))
            steps.append((hand + Self.day * Int64(place.days + 1), "returned", "退件已由寄件人签收", town))
        case 14..<26:
            steps = Array(steps.prefix(3))
            steps.append((arrive + Self.hour * 8, "exception", "地址不详，联系不上收件人", place.city))
            if now - at > 9 * Self.day {
                steps.append((hand + 2 * Self.day, "delivered", "快件已签收", place.city))
            }
        case 26..<180:
            steps.append((hand, "atLocker", "快件已存放至丰巢柜，请凭取件码取件", place.city))
            steps.append((hand + 9 * Self.hour, "delivered", "快件已从柜中取出", place.city))
        default: steps.append((hand, "delivered", "快件已签收，签收人：本人", place.city))
        }
        for (at, status, text, location) in steps where at < now {
            parcel.events.append(.init(at: at, status: status, text: text, location: location))
            parcel.state = status
            if status == "pickedUp" { parcel.pickedUpAt = at }
            if status == "delivered" { parcel.deliveredAt = at }
        }
        return parcel
    }

    /// The south is served from Guangzhou.
    static func warehouse(of order: Order) -> Int {
        ["广东省", "福建省", "云南省"].contains(DemoPeople.places[order.place].region) ? 1 : 0
    }
}
