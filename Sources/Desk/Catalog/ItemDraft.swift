import Foundation

/// What somebody or an import wrote for a variant, checked.
package struct SKUDraft: Hashable, Sendable {
    /// The variant that it changes; nil = found by its code or name, or a new one.
    package let id: SKUID?
    package let outerID: String
    package let name: String
    package let attributes: [Attribute]
    package let price: Money
    package let listPrice: Money?
    package let barcode: String
    package let isActive: Bool

    /// - Throws: which part does not fit.
    package init(
        id: SKUID? = nil, outerID: String = "", name: String, attributes: [Attribute] = [],
        price: Money, listPrice: Money? = nil, barcode: String = "", isActive: Bool = true
    ) throws(Refusal) {
        let name = CatalogText.trimmed(name)
        let outerID = CatalogText.trimmed(outerID)
        guard name.count <= 120 else {
            throw Refusal(
                .invalid, "sku.name", zh: "规格名称最多 120 个字",
                en: "A variant's name has at most 120 characters", field: "skus")
        }
        guard outerID.count <= 64, barcode.count <= 64 else {
            throw Refusal(
                .invalid, "sku.code", zh: "商家编码和条码最多 64 个字符",
                en: "Codes and barcodes have at most 64 characters", field: "skus")
        }
        guard price >= .zero, price.fen <= CatalogText.mostFen,
            listPrice.map({ $0 >= .zero && $0.fen <= CatalogText.mostFen }) ?? true
        else {
            throw Refusal(
                .invalid, "sku.price", zh: "规格「\(name)」的价格要在 0 到 1 亿元之间",
                en: "The price of “\(name)” must be between 0 and 100 million yuan",
                field: "skus")
        }
        try CatalogText.check(attributes, field: "skus")
        self.id = id
        self.outerID = outerID
        self.name = name
        self.attributes = attributes
        self.price = price
        self.listPrice = listPrice
        self.barcode = CatalogText.trimmed(barcode)
        self.isActive = isActive
    }
}

/// What somebody or an import wrote for an item, checked.
package struct ItemDraft: Hashable, Sendable {
    package let number: String
    package let outerID: String
    package let title: String
    package let category: CategoryID?
    package let state: ListingState
    package let sellingPoints: [String]
    package let attributes: [Attribute]
    package let sizeChart: SizeChart
    package let questions: [ItemQuestion]
    package let image: String
    package let freightTemplate: FreightTemplateID?
    package let skus: [SKUDraft]

    /// - Throws: which part does not fit.
    package init(
        number: String, outerID: String = "", title: String, category: CategoryID? = nil,
        state: ListingState = .onShelf, sellingPoints: [String] = [],
        attributes: [Attribute] = [], sizeChart: SizeChart = .none,
        questions: [ItemQuestion] = [], image: String = "",
        freightTemplate: FreightTemplateID? = nil, skus: [SKUDraft]
    ) throws(Refusal) {
        let number = CatalogText.trimmed(number)
        let title = CatalogText.trimmed(title)
        let outerID = CatalogText.trimmed(outerID)
        guard (1...64).contains(number.count), !number.contains(where: \.isWhitespace) else {
            throw Refusal(
                .invalid, "item.number", zh: "货号用 1 到 64 个字符，不含空格",
                en: "An article number has 1 to 64 characters and no blanks", field: "number")
        }
        guard (1...120).contains(title.count) else {
            throw Refusal(
                .invalid, "item.title", zh: "标题用 1 到 120 个字",
                en: "A title has 1 to 120 characters", field: "title")
        }
        guard outerID.count <= 64, image.count <= 200 else {
            throw Refusal(
                .invalid, "item.code", zh: "商家编码最多 64 个字符",
                en: "A merchant code has at most 64 characters", field: "outerID")
        }
        let points = sellingPoints.map(CatalogText.trimmed).filter { !$0.isEmpty }
        guard points.count <= 20, points.allSatisfy({ $0.count <= 200 }) else {
            throw Refusal(
                .invalid, "item.points", zh: "卖点最多 20 条，每条最多 200 个字",
                en: "There are at most 20 selling points of 200 characters each",
                field: "sellingPoints")
        }
        try CatalogText.check(attributes, field: "attributes")
        try Self.check(sizeChart)
        guard questions.count <= 50,
            questions.allSatisfy({
                (1...200).contains($0.question.count) && (1...2_000).contains($0.answer.count)
            })
        else {
            throw Refusal(
                .invalid, "item.questions", zh: "问答最多 50 条：问题 200 字以内，答案 2000 字以内",
                en: "At most 50 questions: 200 characters to ask, 2,000 to answer",
                field: "questions")
        }
        try Self.check(skus, state)
        self.number = number
        self.outerID = outerID
        self.title = title
        self.category = category
        self.state = state
        self.sellingPoints = points
        self.attributes = attributes
        self.sizeChart = sizeChart
        self.questions = questions
        self.image = CatalogText.trimmed(image)
        self.freightTemplate = freightTemplate
        self.skus = skus
    }

    private static func check(_ chart: SizeChart) throws(Refusal) {
        let cells = chart.columns + chart.rows.flatMap { $0 }
        guard chart.columns.count <= 12, chart.rows.count <= 40,
            chart.rows.allSatisfy({ $0.count == chart.columns.count }),
            cells.allSatisfy({ $0.count <= 40 })
        else {
            throw Refusal(
                .invalid, "item.sizes", zh: "尺码表每行的格数要与表头一致，最多 12 列 40 行",
                en: "Each row of the size chart has as many cells as its head; at most 12 by 40",
                field: "sizeChart")
        }
    }

    private static func check(_ skus: [SKUDraft], _ state: ListingState) throws(Refusal) {
        guard (1...300).contains(skus.count) else {
            throw Refusal(
                .invalid, "item.variants", zh: "商品要有 1 到 300 个规格",
                en: "An item has 1 to 300 variants",
                instead: Localized(
                    zh: "没有规格之分的商品，写一个名称为空的规格",
                    en: "For an item without variants, write one with an empty name"),
                field: "skus")
        }
        guard Set(skus.map(\.name)).count == skus.count else {
            throw Refusal(
                .invalid, "item.variantTwice", zh: "有两个规格的名称一样",
                en: "Two variants have the same name", field: "skus")
        }
        let codes = skus.map(\.outerID).filter { !$0.isEmpty }
        guard Set(codes).count == codes.count else {
            throw Refusal(
                .invalid, "item.codeTwice", zh: "有两个规格的商家编码一样",
                en: "Two variants have the same merchant code", field: "skus")
        }
        if state == .onShelf, !skus.contains(where: \.isActive) {
            throw Refusal(
                .invalid, "item.nothingOffered", zh: "在售的商品至少要有一个可选的规格",
                en: "An item on sale offers at least one variant",
                instead: Localized(zh: "启用一个规格，或先下架", en: "Offer a variant, or take it down"),
                field: "skus")
        }
    }
}

/// What somebody wrote for a category, checked.
package struct CategoryDraft: Hashable, Sendable {
    package let parent: CategoryID?
    package let name: String
    package let kind: Category.Kind
    package let sort: Int

    package init(
        parent: CategoryID? = nil, name: String, kind: Category.Kind = .general, sort: Int = 0
    ) throws(Refusal) {
        let name = CatalogText.trimmed(name)
        guard (1...40).contains(name.count) else {
            throw Refusal(
                .invalid, "category.name", zh: "分类名称用 1 到 40 个字",
                en: "A category's name has 1 to 40 characters", field: "name")
        }
        self.parent = parent
        self.name = name
        self.kind = kind
        self.sort = sort
    }

    /// Whether it may stand below its parent: at most three deep, and never below itself.
    /// - Parameter known: all categories of the shop, without the one that is changed at its new place.
    package func check(changing id: CategoryID?, among known: [Category]) throws(Refusal) {
        var depth = 1
        var above = parent
        while let next = above {
            guard next != id, let category = known.first(where: { $0.id == next }), depth < 3
            else {
                throw Refusal(
                    .invalid, "category.parent", zh: "分类最多三级，也不能放到自己下面",
                    en: "Categories are at most three deep and never below themselves",
                    field: "parent")
            }
            depth += 1
            above = category.parent
        }
        if known.contains(where: { $0.id != id && $0.parent == parent && $0.name == name }) {
            throw Refusal(
                .conflict, "category.taken", zh: "这一级已经有同名的分类",
                en: "There is a category of that name here", field: "name")
        }
    }
}

/// Checks that the parts of the catalogue share.
enum CatalogText {
    /// 100 million yuan.
    static let mostFen: Int64 = 10_000_000_000

    static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func check(_ attributes: [Attribute], field: String) throws(Refusal) {
        guard attributes.count <= 60,
            attributes.allSatisfy({ (1...40).contains($0.name.count) && $0.value.count <= 200 })
        else {
            throw Refusal(
                .invalid, "item.attributes", zh: "属性最多 60 条：名称 40 字以内，值 200 字以内",
                en: "At most 60 attributes: 40 characters to name, 200 to say", field: field)
        }
    }
}
