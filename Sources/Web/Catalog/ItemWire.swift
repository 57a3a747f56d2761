import Desk

/// Goods on the wire.
struct ItemWire: Encodable {
    let id: ItemID
    let number: String
    let outerID: String
    let title: String
    let category: CategoryID?
    let state: ListingState
    let stateName: Localized
    let sellingPoints: [String]
    let attributes: [Attribute]
    let sizeChart: SizeChart
    let questions: [ItemQuestion]
    let image: String
    let freightTemplate: FreightTemplateID?
    let priceFrom: Money?
    let updatedAt: Instant
    let version: Int
    let skus: [SKUWire]

    init(_ item: Item) {
        id = item.id
        number = item.number
        outerID = item.outerID
        title = item.title
        category = item.category
        state = item.state
        stateName = item.state.name
        sellingPoints = item.sellingPoints
        attributes = item.attributes
        sizeChart = item.sizeChart
        questions = item.questions
        image = item.image
        freightTemplate = item.freightTemplate
        priceFrom = item.priceFrom
        updatedAt = item.updatedAt
        version = item.version
        skus = item.skus.map(SKUWire.init)
    }
}

struct SKUWire: Encodable {
    let id: SKUID
    let outerID: String
    let name: String
    let attributes: [Attribute]
    let price: Money
    let listPrice: Money?
    let barcode: String
    let active: Bool

    init(_ sku: SKU) {
        id = sku.id
        outerID = sku.outerID
        name = sku.name
        attributes = sku.attributes
        price = sku.price
        listPrice = sku.listPrice
        barcode = sku.barcode
        active = sku.isActive
    }
}

struct CategoryWire: Encodable {
    let id: CategoryID
    let parent: CategoryID?
    let name: String
    let kind: Category.Kind
    let kindName: Localized
    let sort: Int

    init(_ category: Category) {
        id = category.id
        parent = category.parent
        name = category.name
        kind = category.kind
        kindName = category.kind.name
        sort = category.sort
    }
}

struct MistakeWire: Encodable {
    let id: ListingMistakeID
    let item: ItemID
    let part: ListingMistake.Part
    let partName: Localized
    let text: String
    let reportedBy: StaffID
    let reportedAt: Instant
    let resolvedBy: StaffID?
    let resolvedAt: Instant?
    let answer: String?

    init(_ mistake: ListingMistake) {
        id = mistake.id
        item = mistake.item
        part = mistake.part
        partName = mistake.part.name
        text = mistake.text
        reportedBy = mistake.reportedBy
        reportedAt = mistake.reportedAt
        resolvedBy = mistake.resolvedBy
        resolvedAt = mistake.resolvedAt
        answer = mistake.answer
    }
}

/// An item as an editor writes it.
struct ItemBody: Decodable {
    struct Variant: Decodable {
        let id: SKUID?
        let outerID: String?
        let name: String?
        let attributes: [Attribute]?
        let price: Money
        let listPrice: Money?
        let barcode: String?
        let active: Bool?

        func draft() throws(Refusal) -> SKUDraft {
            try SKUDraft(
                id: id, outerID: outerID ?? "", name: name ?? "", attributes: attributes ?? [],
                price: price, listPrice: listPrice, barcode: barcode ?? "",
                isActive: active ?? true)
        }
    }

    let number: String
    let outerID: String?
    let title: String
    let category: CategoryID?
    let state: ListingState?
    let sellingPoints: [String]?
    let attributes: [Attribute]?
    let sizeChart: SizeChart?
    let questions: [ItemQuestion]?
    let image: String?
    let freightTemplate: FreightTemplateID?
    let skus: [Variant]
    /// The version that was read; asked for at a change.
    let version: Int?

    func draft() throws -> ItemDraft {
        try ItemDraft(
            number: number, outerID: outerID ?? "", title: title, category: category,
            state: state ?? .onShelf, sellingPoints: sellingPoints ?? [],
            attributes: attributes ?? [], sizeChart: sizeChart ?? .none,
            questions: questions ?? [], image: image ?? "", freightTemplate: freightTemplate,
            skus: try skus.map { try $0.draft() })
    }
}
