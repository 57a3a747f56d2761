/// Where an item stands in the shop window.
package enum ListingState: String, Hashable, Sendable, Codable, CaseIterable {
    case onShelf
    case offShelf
    case soldOut

    package var name: Localized {
        switch self {
        case .onShelf: Localized(zh: "在售", en: "On sale")
        case .offShelf: Localized(zh: "已下架", en: "Taken down")
        case .soldOut: Localized(zh: "售罄", en: "Sold out")
        }
    }
}

/// A shelf of the shop, perhaps below another.
package struct Category: Hashable, Sendable {
    /// What sort of goods they are, since some have rules of their own (domain B14).
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case general
        /// Perishable: a shelf life, and no return without a reason.
        case fresh
        /// For babies: told by lot and date.
        case baby
        /// Made to order: no return without a reason.
        case custom

        package var name: Localized {
            switch self {
            case .general: Localized(zh: "普通商品", en: "General")
            case .fresh: Localized(zh: "生鲜", en: "Fresh food")
            case .baby: Localized(zh: "母婴", en: "Baby")
            case .custom: Localized(zh: "定制", en: "Made to order")
            }
        }
    }

    package let id: CategoryID
    package let parent: CategoryID?
    package let name: String
    package let kind: Kind
    package let sort: Int

    package init(id: CategoryID, parent: CategoryID?, name: String, kind: Kind, sort: Int) {
        self.id = id
        self.parent = parent
        self.name = name
        self.kind = kind
        self.sort = sort
    }
}

/// One thing that is said of an item or a variant: `材质` is `纯棉`.
package struct Attribute: Hashable, Sendable, Codable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A table of sizes: the first column names the size.
package struct SizeChart: Hashable, Sendable, Codable {
    package let columns: [String]
    package let rows: [[String]]

    package init(columns: [String], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }

    package static let none = SizeChart(columns: [], rows: [])
}

/// What buyers ask about an item, and what is true.
package struct ItemQuestion: Hashable, Sendable, Codable {
    package let question: String
    package let answer: String

    package init(_ question: String, _ answer: String) {
        self.question = question
        self.answer = answer
    }
}

/// A variant that can be bought, `红色;M`.
package struct SKU: Hashable, Sendable {
    package let id: SKUID
    package let item: ItemID
    /// 商家编码.
    package let outerID: String
    package let name: String
    package let attributes: [Attribute]
    package let price: Money
    /// What is struck through beside the price; nil = none.
    package let listPrice: Money?
    package let barcode: String
    /// Whether it is offered; a variant is never deleted, since orders name it.
    package let isActive: Bool
    package let sort: Int

    package init(
        id: SKUID, item: ItemID, outerID: String, name: String, attributes: [Attribute],
        price: Money, listPrice: Money?, barcode: String, isActive: Bool, sort: Int
    ) {
        self.id = id
        self.item = item
        self.outerID = outerID
        self.name = name
        self.attributes = attributes
        self.price = price
        self.listPrice = listPrice
        self.barcode = barcode
        self.isActive = isActive
        self.sort = sort
    }
}

/// Something that the shop sells, with its variants.
package struct Item: Hashable, Sendable {
    package let id: ItemID
    /// 货号, unique in the shop.
    package let number: String
    /// 商家编码 of the whole item; often empty.
    package let outerID: String
    package let title: String
    package let category: CategoryID?
    package let state: ListingState
    package let sellingPoints: [String]
    package let attributes: [Attribute]
    package let sizeChart: SizeChart
    package let questions: [ItemQuestion]
    /// An upload's id or the key of one of the program's own pictures; empty = none.
    package let image: String
    package let freightTemplate: FreightTemplateID?
    /// The lowest price of a variant that is offered.
    package let priceFrom: Money?
    package let updatedAt: Instant
    package let version: Int
    package let skus: [SKU]

    package init(
        id: ItemID, number: String, outerID: String, title: String, category: CategoryID?,
        state: ListingState, sellingPoints: [String], attributes: [Attribute],
        sizeChart: SizeChart, questions: [ItemQuestion], image: String,
        freightTemplate: FreightTemplateID?, priceFrom: Money?, updatedAt: Instant, version: Int,
        skus: [SKU]
    ) {
        self.id = id
        self.number = number
        self.outerID = outerID
        self.title = title
        self.category = category
        self.state = state
        self.sellingPoints = sellingPoints
        self.attributes = attributes
        self.sizeChart = sizeChart
        self.questions = questions
        self.image = image
        self.freightTemplate = freightTemplate
        self.priceFrom = priceFrom
        self.updatedAt = updatedAt
        self.version = version
        self.skus = skus
    }
}
