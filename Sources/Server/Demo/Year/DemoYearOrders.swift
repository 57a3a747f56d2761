import Desk
import Foundation

extension DemoYear {
    /// How much is bought on a day beside an ordinary one, in tenths: the campaigns of the year and its quiet weeks.
    static func pull(month: Int, day: Int) -> Int {
        switch (month, day) {
        case (11, 11): 160
        case (11, 1...3): 45
        case (11, 4...10): 22
        case (6, 18): 80
        case (6, 1...17): 16
        case (12, 12): 60
        case (3, 8): 30
        case (9, 9): 24
        case (1, 25...31), (2, 1...8): 4
        case (10, 1...4): 7
        default: 10
        }
    }

    mutating func makeOrders(_ count: Int) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: CalendarDay.standardZone) ?? .gmt
        let today = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(now) / 1_000))
        var days: [(start: Int64, month: Int, weight: Int)] = []
        for back in stride(from: 364, through: 0, by: -1) {
            guard let date = calendar.date(byAdding: .day, value: -back, to: today) else {
                continue
            }
            let parts = calendar.dateComponents([.month, .day, .weekday], from: date)
            let month = parts.month ?? 1
            let weekend = [1, 7].contains(parts.weekday ?? 0) ? 12 : 10
            days.append(
                (
                    Int64(date.timeIntervalSince1970 * 1_000), month,
                    Self.pull(month: month, day: parts.day ?? 1) * weekend
                ))
        }
        // What remains of today is still to come.
        let share = Double(now - (days.last?.start ?? now)) / Double(Self.day)
        if !days.isEmpty {
            days[days.count - 1].weight = Int(Double(days[days.count - 1].weight) * share) + 1
        }
        let total = days.reduce(0) { $0 + $1.weight }
        let seasons = skusByMonth()
        var made = 0
        var sum = 0
        orders.reserveCapacity(count)
        for day in days {
            sum += day.weight
            let wanted = count * sum / total
            let end = min(now - 60_000, day.start + Self.day - 1_000)
            var times = (made..<wanted).map { _ in time(of: day.start, before: end) }
            times.sort()
            for at in times {
                orders.append(order(at: at, month: day.month, number: made, seasons))
                made += 1
            }
        }
    }

    /// By hours: quiet at night, lively at noon and in the evening.
    private mutating func time(of start: Int64, before end: Int64) -> Int64 {
        let hour = dice.index(by: [
            3, 1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 13, 14, 13, 12, 12, 12, 11, 11, 14, 19, 22, 20, 10,
        ])
        let at = start + Int64(hour) * Self.hour + Int64(dice.number(0...3_599_999))
        guard at > end else { return at }
        return start + Int64(dice.number(0...Int(max(1, end - start))))
    }

    /// Variants in proportion to how they sell in each month.
    private func skusByMonth() -> [[Int]] {
        (1...12).map { month in
            var list: [Int] = []
            for (index, sku) in skus.enumerated() {
                let item = items[sku.item]
                let family = DemoFamily.all[item.family]
                // Some designs sell better than others.
                let liked = 1 + (item.design * 7 + item.family * 3) % 5
                list += Array(
                    repeating: index, count: max(1, family.season[month - 1] * liked / 12))
            }
            return list
        }
    }

    private mutating func order(
        at: Int64, month: Int, number: Int, _ seasons: [[Int]]
    ) -> Order {
        // Some buyers come again and again.
        let buyer = dice.chance(450) ? dice.number(0...800) : dice.number(0...9_000)
        var person = DemoDice(UInt64(buyer) &* 7_919 &+ 17)
        let place = person.index(by: DemoPeople.places.map(\.weight))
        let name = person.one(of: DemoPeople.families) + person.one(of: DemoPeople.given)
        let nick =
            buyer < DemoBuyers.names.count
            ? DemoBuyers.names[buyer]
            : person.one(of: DemoPeople.nicks) + person.one(of: DemoPeople.nicks) + String(buyer)
        let tid = String(
            3_900_000_000_000_000_000 + Int64(number) * 10_007 + Int64(dice.number(0...9_999)))
        let lines = lines(month: month, at: at, tid: tid, seasons)
        let goods = lines.reduce(0) { $0 + skus[$1.sku].price * $1.quantity }
        let discount = lines.reduce(0) { $0 + $1.discount }
        let freight = goods - discount >= 9_900 || dice.chance(300) ? 0 : 800
        var order = Order(
            id: Self.id(at: at, number), number: tid, nick: nick, name: name,
            mobile: "13\(person.number(0...9))0000\(10_000 + buyer % 10_000)".prefix(11)
                .description,
            place: place,
            detail:
                "\(person.one(of: DemoPeople.streets)) \(person.number(1...300)) 号 \(person.number(1...20)) 幢",
            createdAt: at, state: "awaitingPayment", goods: goods, freight: freight,
            discount: discount, lines: lines)
        if dice.chance(120) { order.message = dice.one(of: DemoPeople.messages) }
        if dice.chance(90) {
            order.memo = dice.one(of: DemoPeople.memos)
            order.flag = dice.number(1...5)
        }
        live(&order)
        return order
    }

    private mutating func lines(
        month: Int, at: Int64, tid: String, _ seasons: [[Int]]
    ) -> [Line] {
        let count = [1, 1, 1, 1, 1, 1, 2, 2, 2, 3][dice.number(0...9)]
        return (0..<count).map { index in
            let sku = dice.one(of: seasons[month - 1])
            let quantity = dice.chance(120) ? dice.number(2...4) : 1
            let price = skus[sku].price * quantity
            let discount = dice.chance(350) ? price * dice.number(5...15) / 100 / 10 * 10 : 0
            let id: OrderLineID = Self.id(at: at, orders.count * 4 + index)
            return Line(
                id: id, number: index == 0 && count == 1 ? tid : "\(tid)\(index + 1)", sku: sku,
                quantity: quantity, discount: discount, paid: price - discount)
        }
    }

    /// What became of an order, as far as its time has come.
    private mutating func live(_ order: inout Order) {
        let age = now - order.createdAt
        func passed(_ at: Int64) -> Int64? { at < now ? at : nil }
        if dice.chance(75) {
            // Never paid: closed after a day, if that day is over.
            if age > Self.day {
                order.state = "closed"
                order.closeReason = "timedOut"
                order.closedAt = order.createdAt + Self.day
            }
            return
        }
        let paid = order.createdAt + Int64(dice.number(20_000...2_400_000))
        guard let paidAt = passed(paid) else { return }
        order.paidAt = paidAt
        order.state = "awaitingShipment"
        if dice.chance(20), let closedAt = passed(paidAt + Int64(dice.number(1...12)) * Self.hour) {
            order.state = "closed"
            order.closeReason = "refunded"
            order.closedAt = closedAt
            refund(&order)
            return
        }
        // The campaign's parcels leave later.
        let isCampaign = dice.chance(150)
        let shipped = paidAt + Int64(dice.number(3...(isCampaign ? 46 : 26))) * Self.hour
        guard let shippedAt = passed(shipped) else { return }
        order.shippedAt = shippedAt
        order.state = "shipped"
        let days = Int64(DemoPeople.places[order.place].days)
        let received = shippedAt + days * Self.day + Int64(dice.number(2...30)) * Self.hour
        let confirmed = received + Int64(dice.number(1...(dice.chance(500) ? 48 : 200))) * Self.hour
        guard let completedAt = passed(confirmed) else { return }
        order.completedAt = completedAt
        order.state = "completed"
        if dice.chance(35) { refund(&order) }
    }

    private func refund(_ order: inout Order) {
        let count = order.state == "closed" ? order.lines.count : 1
        for index in 0..<count { order.lines[index].refunded = order.lines[index].paid }
        order.refunded = order.lines.reduce(0) { $0 + $1.refunded }
    }
}
