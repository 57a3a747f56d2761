import Desk
import Foundation
import Testing

@testable import Server

/// The demonstration's year is believable: it adds up, it has its seasons, and it is the same every time.
struct DemoYearTests {
    /// 2026-11-28 12:00 in Shanghai.
    private static let now = Instant(milliseconds: 1_795_838_400_000)
    private static let year = DemoYear(endingAt: now)

    @Test func `the shop has what it says`() {
        let year = Self.year
        #expect(year.items.count >= 300)
        #expect(year.orders.count == 20_000)
        #expect(Set(year.orders.map(\.number)).count == 20_000)
        #expect(Set(year.orders.map(\.id)).count == 20_000)
        #expect(Set(year.skus.map(\.code)).count == year.skus.count)
        #expect(Set(year.parcels.map(\.waybill)).count == year.parcels.count)
        for state in ["awaitingPayment", "awaitingShipment", "shipped", "completed", "closed"] {
            #expect(year.orders.contains { $0.state == state }, "\(state)")
        }
        for state in ["inTransit", "atLocker", "delivered", "returned", "pickedUp"] {
            #expect(year.parcels.contains { $0.state == state }, "\(state)")
        }
    }

    @Test func `nothing happens after the year's end, and everything in its order`() {
        for order in Self.year.orders {
            let times = [
                order.createdAt, order.paidAt, order.shippedAt, order.completedAt,
            ].compactMap { $0 }
            #expect(times == times.sorted())
            #expect(times.allSatisfy { $0 <= Self.now.milliseconds })
            #expect(order.payable == order.goods + order.freight - order.discount)
            #expect(order.lines.reduce(0) { $0 + $1.refunded } == order.refunded)
        }
    }

    @Test func `the ledger adds up, line by line, and never goes below nothing`() {
        let year = Self.year
        var stands: [Int: Int] = [:]
        for movement in year.movements {
            let place = movement.sku * DemoYear.warehouses.count + movement.warehouse
            let after = stands[place, default: 0] + movement.quantity
            #expect(movement.quantity != 0 && after >= 0)
            #expect(after == movement.after)
            stands[place] = after
        }
        for (place, shelf) in year.shelves.enumerated() {
            #expect(stands[place, default: 0] == shelf.onHand)
            #expect(shelf.reserved <= shelf.onHand)
        }
    }

    @Test func `the 11th of November is the day of the year`() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
        var days: [DateComponents: Int] = [:]
        for order in Self.year.orders {
            let date = Date(timeIntervalSince1970: Double(order.createdAt) / 1_000)
            days[calendar.dateComponents([.month, .day], from: date), default: 0] += 1
        }
        let best = days.max { $0.value < $1.value }?.key
        #expect(best?.month == 11 && best?.day == 11)
    }

    @Test func `the same seed is the same year`() {
        let again = DemoYear(endingAt: Self.now)
        #expect(again.orders.map(\.number) == Self.year.orders.map(\.number))
        #expect(again.orders.map(\.payable) == Self.year.orders.map(\.payable))
        #expect(again.parcels.map(\.waybill) == Self.year.parcels.map(\.waybill))
    }

    @Test func `every thing has a picture of its own sort`() {
        for family in DemoFamily.all {
            #expect(
                DemoPicture.draw(family, design: 0).starts(with: [0xff, 0xd8, 0xff]),
                "\(family.name)")
        }
    }
}
