import Desk
import Testing

@Suite struct ItemChoiceTests {
    private static func offer(
        _ id: Int64, _ title: String, _ variant: String, _ price: Int64, points: [String] = [],
        state: ListingState = .onShelf, left: Int? = nil, arrives: Int64? = nil
    ) -> Offer {
        let sku = SKU(
            id: SKUID(id * 100 + price % 97), item: ItemID(id), outerID: "", name: variant,
            attributes: [], price: Money(fen: price), listPrice: nil, barcode: "", isActive: true,
            sort: 0)
        let item = Item(
            id: ItemID(id), number: "N\(id)", outerID: "", title: title, category: nil,
            state: state, sellingPoints: points, attributes: [], sizeChart: .none, questions: [],
            image: "", freightTemplate: nil, priceFrom: sku.price,
            updatedAt: Instant(milliseconds: 0), version: 1, skus: [sku])
        return Offer(
            item: item, sku: sku, available: left,
            arrives: arrives.map(Instant.init(milliseconds:)))
    }

    private static let offers = [
        offer(1, "跑步鞋", "红色;42", 19_900, points: ["适合夜跑，有反光条"], left: 8, arrives: 2_000),
        offer(2, "休闲鞋", "红色;42", 15_900, left: 2),
        offer(3, "登山鞋", "红色;43", 29_900, points: ["登山防滑"], left: 5),
        offer(4, "凉鞋", "红色;42", 9_900, left: 0),
        offer(5, "旧款跑鞋", "红色;42", 12_900, state: .offShelf, left: 9),
    ]

    private func titles(_ wish: Wish) -> [String] {
        ItemChoice.propose(wish, from: Self.offers).map(\.offer.item.title)
    }

    @Test func `what is sold out or taken down is never proposed`() {
        #expect(titles(Wish()) == ["跑步鞋", "休闲鞋", "登山鞋"])
    }

    @Test func `size and colour, the budget and the date leave out what fails them`() {
        var wish = Wish()
        wish.size = "42"
        wish.colour = "红"
        #expect(titles(wish) == ["跑步鞋", "休闲鞋"])
        wish.size = "4"
        #expect(titles(wish).isEmpty)
        wish.size = "42"
        wish.budget = Money(fen: 16_000)
        #expect(titles(wish) == ["休闲鞋"])
        wish.budget = nil
        wish.needed = Instant(milliseconds: 1_000)
        #expect(titles(wish) == ["休闲鞋"])
        wish.needed = Instant(milliseconds: 2_000)
        #expect(titles(wish) == ["跑步鞋", "休闲鞋"])
    }

    @Test func `each proposal says what speaks for it and against it`() throws {
        var wish = Wish()
        wish.size = "42"
        wish.use = "夜跑"
        wish.budget = Money(fen: 20_000)
        let found = ItemChoice.propose(wish, from: Self.offers)
        let first = try #require(found.first)
        #expect(first.offer.item.title == "跑步鞋")
        #expect(
            first.reasons.map(\.zh) == ["有 42 码", "比预算低 ¥1.00", "适合夜跑：适合夜跑，有反光条"])
        #expect(first.doubts.map(\.zh) == ["比最便宜的贵 ¥40.00"])
        let second = try #require(found.last)
        #expect(second.reasons.map(\.en).contains("The cheapest"))
        #expect(second.doubts.map(\.en).contains("Only 2 left"))
        #expect(second.doubts.map(\.en).contains("Nothing says that it suits 夜跑"))
    }

    @Test func `where one item fits, its variants are compared`() {
        let variants = [
            Self.offer(7, "T恤", "白;M", 5_000), Self.offer(7, "T恤", "黑;M", 5_100),
            Self.offer(7, "T恤", "灰;M", 5_200), Self.offer(7, "T恤", "绿;M", 5_300),
        ]
        var wish = Wish()
        wish.size = "m"
        let found = ItemChoice.propose(wish, from: variants)
        #expect(found.map(\.offer.sku.name) == ["白;M", "黑;M", "灰;M"])
    }
}
