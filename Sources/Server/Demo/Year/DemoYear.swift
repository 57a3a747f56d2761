import Desk
import Foundation

/// A year in the life of the demonstration's shop: what it sells, to whom, on which way, and what stands on the shelves.
///
/// Made of one seed, so that two machines on one day show the same shop.
struct DemoYear: Sendable {
    struct Item: Sendable {
        let id: ItemID
        let number: String
        let title: String
        let family: Int
        let design: Int
        let state: String
        var priceFrom: Int
    }

    struct SKU: Sendable {
        let id: SKUID
        let item: Int
        let code: String
        let name: String
        let value: String
        let price: Int
        let listPrice: Int
        let barcode: String
        let sort: Int
    }

    struct Line: Sendable {
        let id: OrderLineID
        let number: String
        let sku: Int
        let quantity: Int
        let discount: Int
        let paid: Int
        var refunded = 0
    }

    struct Order: Sendable {
        let id: OrderID
        let number: String
        let nick: String
        let name: String
        let mobile: String
        let place: Int
        let detail: String
        let createdAt: Int64
        var paidAt: Int64?
        var shippedAt: Int64?
        var completedAt: Int64?
        var closedAt: Int64?
        var state: String
        var closeReason: String?
        let goods: Int
        let freight: Int
        let discount: Int
        var refunded = 0
        var message = ""
        var memo = ""
        var flag = 0
        var lines: [Line]

        var payable: Int { goods + freight - discount }
    }

    struct Parcel: Sendable {
        struct Event: Sendable {
            let at: Int64
            let status: String
            let text: String
            let location: String
        }

        let id: ParcelID
        let order: Int
        let warehouse: Int
        let carrier: String
        let waybill: String
        let createdAt: Int64
        var state: String
        var pickedUpAt: Int64?
        var deliveredAt: Int64?
        let promisedAt: Int64
        var events: [Event]
        let lines: [Int]
    }

    struct Movement: Sendable {
        let sku: Int
        let warehouse: Int
        let kind: String
        let quantity: Int
        let after: Int
        let at: Int64
        let reason: String
        let line: OrderLineID?
    }

    static let warehouses = [
        (code: "HZ", name: "杭州仓", region: "浙江省", town: "浙江省杭州市"),
        (code: "GZ", name: "广州仓", region: "广东省", town: "广东省广州市"),
    ]
    static let carriers = [
        (code: "yuantong", name: "圆通速递", mark: "YT"), (code: "zhongtong", name: "中通快递", mark: "7"),
        (code: "shunfeng", name: "顺丰速运", mark: "SF"),
    ]

    var items: [Item] = []
    var skus: [SKU] = []
    var orders: [Order] = []
    var parcels: [Parcel] = []
    var movements: [Movement] = []
    /// On hand and reserved, by variant and warehouse.
    var shelves: [(onHand: Int, reserved: Int)] = []

    static let hour: Int64 = 3_600_000
    static let day: Int64 = 24 * hour

    let now: Int64
    var dice: DemoDice

    /// - Parameters:
    ///   - now: the year ends here.
    ///   - count: orders of the year.
    init(endingAt now: Instant, orders count: Int = 20_000, seed: UInt64 = 2_026) {
        self.now = now.milliseconds
        dice = DemoDice(seed)
        makeGoods()
        makeOrders(count)
        makeParcels()
        makeShelves()
    }

    /// Ids that rise with time, unique in the year.
    static func id<Of>(at: Int64, _ number: Int) -> ID<Of> {
        // As the program makes them: milliseconds since 2024, then 22 bits.
        ID((at - 1_704_067_200_000) << 22 | Int64(number & 0x3f_ffff))
    }

    private mutating func makeGoods() {
        let start = now - 400 * Self.day
        for (index, family) in DemoFamily.all.enumerated() {
            for (design, motif) in DemoFamily.designs.enumerated() {
                let at = items.count
                let base = dice.number(family.price) / 100 * 100 + dice.one(of: [0, 50, 90])
                var item = Item(
                    id: Self.id(at: start + Int64(at) * 1_000, 1),
                    number: String(680_000_000_000 + at * 137),
                    title: "\(motif) \(family.name)", family: index, design: design,
                    state: dice.chance(30) ? "offShelf" : dice.chance(15) ? "soldOut" : "onShelf",
                    priceFrom: base)
                for (sort, value) in family.variants.enumerated() {
                    let isSize = family.axis == "尺码" || family.axis == "颜色"
                    let price = isSize ? base : base + base * sort * 6 / 10 / 100 * 100
                    item.priceFrom = min(item.priceFrom, price)
                    skus.append(
                        SKU(
                            id: Self.id(at: start + Int64(at) * 1_000, 10 + sort), item: at,
                            code: "Q\(100 + index)-\(design + 1)-\(sort + 1)",
                            name: "\(family.axis):\(value)", value: value, price: price,
                            listPrice: price * 13 / 10 / 100 * 100,
                            barcode: String(6_900_000_000_000 + skus.count * 7), sort: sort))
                }
                items.append(item)
            }
        }
    }
}
