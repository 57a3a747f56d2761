import Testing

@testable import Desk

@Suite("The choosing helper offers what can be had, and says why")
struct ChoosingTests {
    private static let chart = SizeChart(
        columns: ["尺码", "身高(cm)", "体重(kg)"],
        rows: [["M", "165-172", "55-65"], ["L", "170~178", "62~75"], ["XL", "178-186", "75-90"]])

    private static func candidate(
        _ number: Int64, _ title: String, _ name: String, price: Int64, left: Int = 20,
        points: [String] = [], attributes: [Attribute] = [], state: ListingState = .onShelf,
        active: Bool = true, arrives: Instant? = nil, of item: Int64? = nil
    ) -> Choosing.Candidate {
        let sku = SKU(
            id: SKUID(number), item: ItemID(item ?? number), outerID: "", name: name,
            attributes: [], price: Money(fen: price), listPrice: nil, barcode: "",
            isActive: active, sort: 0)
        return Choosing.Candidate(
            item: Item(
                id: sku.item, number: "N\(number)", outerID: "", title: title, category: nil,
                state: state, sellingPoints: points, attributes: attributes, sizeChart: chart,
                questions: [], image: "", freightTemplate: nil, priceFrom: sku.price,
                updatedAt: Instant(milliseconds: 0), version: 1, skus: [sku]),
            sku: sku, category: "户外", left: left, arrives: arrives)
    }

    private static let shelf = [
        candidate(
            1, "三合一冲锋衣", "颜色:藏蓝;尺码:L", price: 39_900, points: ["三级防水，登山徒步都合适"]),
        candidate(2, "轻薄皮肤衣", "白色;L", price: 12_900, points: ["防晒，夏天通勤"]),
        candidate(3, "抓绒外套", "黑色;L", price: 19_900, left: 2, points: ["保暖，登山打底"]),
        candidate(4, "羽绒服", "黑色;XL", price: 69_900, points: ["零下二十度也暖和"]),
    ]

    @Test(
        "Each condition keeps out what does not meet it",
        arguments: [
            ("size", "L", [1, 2, 3]), ("size", "XL码", [4]), ("size", "S", []),
            ("size", "身高175 体重70", [1, 2, 3]), ("size", "身高 180cm，体重 80kg", [4]),
            ("size", "height 175 weight 70", [1, 2, 3]),
            ("colour", "黑", [3, 4]), ("colour", "black", [3, 4]), ("colour", "蓝色", [1]),
            ("colour", "藏蓝", [1]), ("colour", "天蓝", []), ("colour", "粉色", []),
            ("use", "登山", [1, 3]), ("use", "登山防水", [1, 3]), ("use", "夏天 通勤", [2]),
        ] as [(String, String, [Int64])])
    func conditions(field: String, text: String, ids: [Int64]) throws {
        let wish = try BuyerWish(
            size: field == "size" ? text : "", use: field == "use" ? text : "",
            colour: field == "colour" ? text : "")
        let answer = Choosing.choose(wish, among: Self.shelf, most: 9)
        #expect(Set(answer.choices.map(\.candidate.sku.id.raw)) == Set(ids))
    }

    @Test(
        "What alone keeps something out is counted, so that the agent knows what to ask",
        arguments: [
            ("XXL", "", 0, .size, 4), ("", "红", 0, .colour, 4), ("", "", 10_000, .budget, 4),
            ("L", "黑", 10_000, .budget, 1),
        ] as [(String, String, Int64, Choosing.Hindrance, Int)])
    func leftOut(
        size: String, colour: String, budget: Int64, why: Choosing.Hindrance, count: Int
    ) throws {
        let wish = try BuyerWish(
            size: size, colour: colour, budget: budget == 0 ? nil : Money(fen: budget))
        let answer = Choosing.choose(wish, among: Self.shelf)
        #expect(answer.choices.isEmpty)
        #expect(answer.leftOut[why] == count)
    }

    @Test("What is sold out, taken down or not offered is never chosen")
    func onlyWhatCanBeHad() throws {
        let shelf = [
            Self.candidate(1, "A", "L", price: 100, left: 0),
            Self.candidate(2, "B", "L", price: 100, state: .offShelf),
            Self.candidate(3, "C", "L", price: 100, state: .soldOut),
            Self.candidate(4, "D", "L", price: 100, active: false),
            Self.candidate(5, "E", "L", price: 100, left: 3),
        ]
        let answer = Choosing.choose(try BuyerWish(quantity: 3), among: shelf, most: 9)
        #expect(answer.choices.map(\.candidate.sku.id.raw) == [5])
        #expect(answer.choices.first?.cautions.map(\.en) == ["Only 3 left"])
        #expect(Choosing.choose(try BuyerWish(quantity: 4), among: shelf).choices.isEmpty)
    }

    @Test("Of one item only its best variant is offered, and never more items than asked for")
    func oneOfEach() throws {
        let shelf =
            (1...3).map { Self.candidate($0, "A", "\($0)", price: 100 * $0, of: 1) }
            + (4...9).map { Self.candidate($0, "B\($0)", "", price: 100) }
        let answer = Choosing.choose(try BuyerWish(), among: shelf)
        #expect(answer.choices.count == 3)
        #expect(Set(answer.choices.map(\.candidate.item.id)).count == 3)
    }

    @Test("What would come too late is left out; what nobody knows stays, and says so")
    func dates() throws {
        let day = Span.days(1)
        let needBy = Instant(milliseconds: 10 * day.milliseconds)
        let shelf = [
            Self.candidate(1, "A", "", price: 100, arrives: needBy - .days(2)),
            Self.candidate(2, "B", "", price: 100, arrives: needBy + .hours(1)),
            Self.candidate(3, "C", "", price: 100),
        ]
        let answer = Choosing.choose(try BuyerWish(needBy: needBy), among: shelf)
        #expect(answer.choices.map(\.candidate.sku.id.raw) == [1, 3])
        #expect(answer.choices.first?.reasons.map(\.zh).contains("预计提前 2 天送到") == true)
        #expect(answer.choices.last?.cautions.map(\.zh) == ["到货日期未知，请先核实"])
        #expect(answer.leftOut[.late] == 1)
    }

    @Test("Every choice says why it fits")
    func reasons() throws {
        let wish = try BuyerWish(
            size: "L", use: "登山防水", colour: "蓝", budget: Money(fen: 45_000))
        let answer = Choosing.choose(wish, among: Self.shelf)
        #expect(
            answer.choices.first?.reasons.map(\.zh) == [
                "适合「登山防水」：三级防水，登山徒步都合适", "有 L", "有藏蓝", "比预算低 ¥51.00", "现货充足",
            ])
        let measured = Choosing.choose(try BuyerWish(size: "身高175 体重70"), among: Self.shelf)
        #expect(
            measured.choices.first?.reasons.first?.zh == "按尺码表，身高175 体重70 穿 L")
    }

    @Test("A use that the shelves do not know keeps nobody out, and is told")
    func unknownUse() throws {
        let answer = Choosing.choose(try BuyerWish(use: "潜水"), among: Self.shelf)
        #expect(answer.choices.count == 3)
        #expect(
            answer.choices.allSatisfy { $0.cautions.map(\.zh).contains("商品资料没有提到「潜水」，请先核实") })
    }

    @Test("Two or three are compared only in what sets them apart")
    func compared() {
        let pair = [
            Self.candidate(
                1, "A", "L", price: 100, points: ["防水", "可机洗"],
                attributes: [Attribute("材质", "尼龙"), Attribute("产地", "福建")]),
            Self.candidate(
                2, "B", "L", price: 200, points: ["可机洗"],
                attributes: [Attribute("材质", "聚酯"), Attribute("产地", "福建"), Attribute("重量", "300g")]),
        ]
        let lines = Comparison(pair).lines
        #expect(lines.map(\.name.zh) == ["价格", "材质", "卖点"])
        #expect(lines.map(\.values) == [["¥1.00", "¥2.00"], ["尼龙", "聚酯"], ["防水", ""]])
        #expect(Comparison([pair[0]]).lines.isEmpty)
    }

    @Test("The reply names each choice with its price and its reasons, in the buyer's tongue")
    func reply() throws {
        let answer = Choosing.choose(
            try BuyerWish(size: "L", budget: Money(fen: 20_000)), among: Self.shelf)
        #expect(
            Choosing.reply(answer.choices, in: .zh) == """
                为您挑了这 2 款：
                1. 轻薄皮肤衣（白色;L） ¥129.00：有 L，比预算低 ¥71.00，现货充足
                2. 抓绒外套（黑色;L） ¥199.00：有 L，比预算低 ¥1.00，只剩 2 件
                """)
        #expect(Choosing.reply([], in: .en).isEmpty)
        #expect(Choosing.reply(answer.choices, in: .en).hasPrefix("These should suit you:\n1. "))
    }

    @Test(
        "Goods leave the same day until the cut-off, and arrive by the end of their last day",
        arguments: [
            (15 * 60, 16 * 60, 2), (16 * 60, 16 * 60, 3), (15 * 60, nil, 3),
        ] as [(Int, Int?, Int)])
    func arrival(minute: Int, cutOff: Int?, days: Int) {
        // Midnight in Shanghai.
        let midnight = Instant(milliseconds: 1_795_795_200_000)
        #expect(CalendarDay.start(of: midnight, in: "Asia/Shanghai") == midnight)
        let arrives = Choosing.arrival(
            orderedAt: midnight + .minutes(minute), cutOff: cutOff, days: 2,
            zone: "Asia/Shanghai")
        #expect(arrives == midnight + .days(days + 1) - .minutes(1))
    }

    @Test(
        "A day ends by the shop's clock, and what is no day has no end",
        arguments: [
            ("2026-11-28", 1_795_881_599_999), ("2026-02-29", nil), ("2026-13-01", nil),
            ("28.11.2026", nil), ("", nil),
        ] as [(String, Int64?)])
    func days(text: String, end: Int64?) {
        let found = BuyerWish.endOfDay(text, in: "Asia/Shanghai")
        #expect(found?.milliseconds == end)
        if let found { #expect(BuyerWish.dayNumber(of: found, in: "Asia/Shanghai") == 20_261_128) }
    }

    @Test(
        "A wish that cannot be is refused with its field",
        arguments: [("size", 1, 1), ("budget", 0, 1), ("quantity", 1, 0)] as [(String, Int64, Int)])
    func refused(field: String, budget: Int64, quantity: Int) {
        #expect {
            _ = try BuyerWish(
                size: field == "size" ? String(repeating: "大", count: 61) : "",
                budget: Money(fen: budget), quantity: quantity)
        } throws: {
            ($0 as? Refusal)?.field == field
        }
    }
}
