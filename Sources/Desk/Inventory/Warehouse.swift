import Foundation

/// Where goods stand.
package struct Warehouse: Hashable, Sendable {
    package let id: WarehouseID
    package let code: String
    package let name: String
    package let region: String
    /// Minutes of the day until which paid orders leave the same day; nil is unknown.
    package let cutOff: Int?
    package let isActive: Bool

    package init(
        id: WarehouseID, code: String, name: String, region: String, cutOff: Int?, isActive: Bool
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.region = region
        self.cutOff = cutOff
        self.isActive = isActive
    }

    /// The warehouse that an order's line is taken from: of those with enough, the one with most.
    /// - Throws: `stock.short` with what the best one has left.
    package static func choose(
        _ quantity: Int, among levels: [StockLevel]
    ) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        let best = levels.max {
            ($0.sellable, $1.warehouse) < ($1.sellable, $0.warehouse)
        }
        guard let best, best.sellable >= quantity else {
            throw .stockShort(left: best?.sellable ?? 0)
        }
        return best
    }
}

/// What somebody wrote for a warehouse, checked.
package struct WarehouseDraft: Hashable, Sendable {
    package let code: String
    package let name: String
    package let region: String
    package let cutOff: Int?
    package let isActive: Bool

    package init(
        code: String, name: String, region: String, cutOff: Int?, isActive: Bool
    ) throws(Refusal) {
        let code = code.trimmingCharacters(in: .whitespacesAndNewlines)
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        let region = region.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...20).contains(code.count), !code.contains(where: \.isWhitespace) else {
            throw Refusal(
                .invalid, "warehouse.code", zh: "仓库编码用 1 到 20 个字符，不含空格",
                en: "A code has 1 to 20 characters and no blanks", field: "code")
        }
        guard (1...40).contains(name.count) else {
            throw Refusal(
                .invalid, "warehouse.name", zh: "仓库名用 1 到 40 个字",
                en: "A name has 1 to 40 characters", field: "name")
        }
        guard region.count <= 60 else {
            throw Refusal(
                .invalid, "warehouse.region", zh: "地区最多 60 个字",
                en: "A region has at most 60 characters", field: "region")
        }
        if let cutOff, !(0..<1_440).contains(cutOff) {
            throw Refusal(
                .invalid, "warehouse.cutOff", zh: "截单时间用一天里的 0 到 1439 分钟",
                en: "A cut-off is a minute of the day, 0 to 1,439", field: "cutOff")
        }
        self.code = code
        self.name = name
        self.region = region
        self.cutOff = cutOff
        self.isActive = isActive
    }
}
