import Desk
import Testing

@Suite struct ItemDraftTests {
    private static func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Refusal)?.code
        }
    }

    private static func sku(
        _ name: String, code: String = "", price: Int64 = 100, offered: Bool = true
    ) throws -> SKUDraft {
        try SKUDraft(
            outerID: code, name: name, price: Money(fen: price), isActive: offered)
    }

    @Test func `a draft is trimmed and its empty selling points are left out`() throws {
        let draft = try ItemDraft(
            number: " A-1 ", title: " 纯棉T恤 ", sellingPoints: [" 透气 ", " "],
            skus: [try Self.sku(" 红色;M ", code: " T-RM ")])
        #expect(draft.number == "A-1" && draft.title == "纯棉T恤")
        #expect(draft.sellingPoints == ["透气"])
        #expect(draft.skus.map(\.name) == ["红色;M"] && draft.skus.map(\.outerID) == ["T-RM"])
    }

    static let wrong: [(code: String, make: @Sendable () throws -> Void)] = [
        ("item.number", { _ = try ItemDraft(number: "", title: "杯", skus: [sku("")]) }),
        ("item.number", { _ = try ItemDraft(number: "a b", title: "杯", skus: [sku("")]) }),
        ("item.title", { _ = try ItemDraft(number: "1", title: "  ", skus: [sku("")]) }),
        ("item.variants", { _ = try ItemDraft(number: "1", title: "杯", skus: []) }),
        (
            "item.variantTwice",
            { _ = try ItemDraft(number: "1", title: "杯", skus: [sku("红"), sku("红 ")]) }
        ),
        (
            "item.codeTwice",
            {
                _ = try ItemDraft(
                    number: "1", title: "杯", skus: [sku("红", code: "X"), sku("蓝", code: "X")])
            }
        ),
        (
            "item.nothingOffered",
            { _ = try ItemDraft(number: "1", title: "杯", skus: [sku("红", offered: false)]) }
        ),
        (
            "item.sizes",
            {
                _ = try ItemDraft(
                    number: "1", title: "杯",
                    sizeChart: SizeChart(columns: ["尺码", "胸围"], rows: [["M"]]), skus: [sku("")])
            }
        ),
        (
            "item.questions",
            {
                _ = try ItemDraft(
                    number: "1", title: "杯", questions: [ItemQuestion("会掉色吗", "")],
                    skus: [sku("")])
            }
        ),
        (
            "item.attributes",
            {
                _ = try ItemDraft(
                    number: "1", title: "杯", attributes: [Attribute("", "棉")], skus: [sku("")])
            }
        ),
        ("sku.price", { _ = try sku("红", price: -1) }),
    ]

    @Test(arguments: wrong.indices)
    func `what does not fit is refused by its own code`(index: Int) {
        #expect(Self.refusal(Self.wrong[index].make) == Self.wrong[index].code)
    }

    @Test func `an item that is taken down may offer nothing`() throws {
        _ = try ItemDraft(
            number: "1", title: "杯", state: .offShelf, skus: [try Self.sku("红", offered: false)])
    }

    @Test func `categories stand at most three deep, never below themselves, each name once`()
        throws
    {
        let known = [
            Category(id: CategoryID(1), parent: nil, name: "女装", kind: .general, sort: 0),
            Category(id: CategoryID(2), parent: CategoryID(1), name: "上衣", kind: .general, sort: 0),
            Category(id: CategoryID(3), parent: CategoryID(2), name: "T恤", kind: .general, sort: 0),
        ]
        try CategoryDraft(parent: CategoryID(2), name: "衬衫").check(changing: nil, among: known)
        try CategoryDraft(parent: CategoryID(2), name: "T恤")
            .check(changing: CategoryID(3), among: known)
        #expect(
            Self.refusal {
                try CategoryDraft(parent: CategoryID(3), name: "短袖")
                    .check(changing: nil, among: known)
            } == "category.parent")
        #expect(
            Self.refusal {
                try CategoryDraft(parent: CategoryID(2), name: "女装")
                    .check(changing: CategoryID(1), among: known)
            } == "category.parent")
        #expect(
            Self.refusal {
                try CategoryDraft(name: "女装").check(changing: nil, among: known)
            } == "category.taken")
        #expect(
            Self.refusal {
                try CategoryDraft(parent: CategoryID(9), name: "鞋").check(
                    changing: nil, among: known)
            } == "category.parent")
    }
}
