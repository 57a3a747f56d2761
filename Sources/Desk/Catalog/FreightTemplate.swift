import Foundation

/// What it costs to send goods to a place, by weight or by pieces (domain §3.9).
package struct FreightTemplate: Hashable, Sendable {
    package enum Measure: String, Hashable, Sendable, Codable, CaseIterable {
        case pieces
        /// In grams.
        case weight
    }

    /// The price for some regions: the first so many, then every so many more.
    package struct Zone: Hashable, Sendable, Codable {
        /// As addresses name them, `广东` for `广东省`; empty = everywhere else.
        package let regions: [String]
        package let first: Int
        package let firstFee: Money
        package let more: Int
        package let moreFee: Money
        /// Whether nothing is sent there.
        package let isClosed: Bool

        package init(
            regions: [String] = [], first: Int, firstFee: Money, more: Int, moreFee: Money,
            isClosed: Bool = false
        ) {
            self.regions = regions
            self.first = first
            self.firstFee = firstFee
            self.more = more
            self.moreFee = moreFee
            self.isClosed = isClosed
        }
    }

    package let id: FreightTemplateID
    package let name: String
    package let measure: Measure
    package let zones: [Zone]
    /// Goods of this value or more, after the shop's discounts, are sent for nothing; nil = never.
    package let freeFrom: Money?

    package init(
        id: FreightTemplateID, name: String, measure: Measure, zones: [Zone], freeFrom: Money?
    ) {
        self.id = id
        self.name = name
        self.measure = measure
        self.zones = zones
        self.freeFrom = freeFrom
    }

    /// How a freight came about, to be told to a buyer.
    package enum Reason: String, Hashable, Sendable, Codable {
        case free, counted
    }

    package struct Charge: Hashable, Sendable {
        package let fee: Money
        package let reason: Reason
        /// How much more must be bought to be sent for nothing; nil = never or already.
        package let toFree: Money?

        package static let free = Charge(fee: .zero, reason: .free, toFree: nil)
    }

    /// What it costs to send goods.
    /// - Parameters:
    ///   - region: the province as an address has it.
    ///   - amount: pieces, or grams.
    ///   - value: of the goods, after the shop's discounts.
    /// - Throws: `freight.closed` where nothing is sent to.
    package func charge(to region: String, amount: Int, value: Money) throws(Refusal) -> Charge {
        guard amount > 0 else {
            throw Refusal(
                .invalid, "freight.amount", zh: "件数或重量要大于 0",
                en: "Pieces or weight must be above 0", field: "amount")
        }
        guard let zone = zone(of: region), !zone.isClosed else {
            throw Refusal(
                .conflict, "freight.closed", zh: "运费模板「\(name)」不发往\(region)",
                en: "“\(name)” does not deliver to \(region)",
                instead: Localized(
                    zh: "换一个收货地址，或请主管另外报价",
                    en: "Use another address, or ask a supervisor for a quote"),
                field: "region")
        }
        if let freeFrom, value >= freeFrom {
            return .free
        }
        var fee = zone.firstFee
        let rest = amount - zone.first
        if rest > 0, zone.more > 0 {
            fee += zone.moreFee * ((rest + zone.more - 1) / zone.more)
        }
        return Charge(
            fee: fee, reason: fee == .zero ? .free : .counted, toFree: freeFrom.map { $0 - value })
    }

    /// The zone that names a region, else the one for everywhere else.
    package func zone(of region: String) -> Zone? {
        let wanted = Self.plain(region)
        return zones.first { $0.regions.contains { Self.plain($0) == wanted } }
            ?? zones.first { $0.regions.isEmpty }
    }

    /// A province without what is said of its rank: `广东省`, `内蒙古自治区` and `北京市` are `广东`, `内蒙古`, `北京`.
    static func plain(_ region: String) -> String {
        let region = CatalogText.trimmed(region)
        for end in ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市"]
        where region.count > end.count && region.hasSuffix(end) {
            return String(region.dropLast(end.count))
        }
        return region
    }
}

/// What somebody wrote for a freight template, checked.
package struct FreightDraft: Hashable, Sendable {
    package let name: String
    package let measure: FreightTemplate.Measure
    package let zones: [FreightTemplate.Zone]
    package let freeFrom: Money?

    package init(
        name: String, measure: FreightTemplate.Measure, zones: [FreightTemplate.Zone],
        freeFrom: Money?
    ) throws(Refusal) {
        let name = CatalogText.trimmed(name)
        guard (1...40).contains(name.count) else {
            throw Refusal(
                .invalid, "freight.name", zh: "名称用 1 到 40 个字", en: "A name has 1 to 40 characters",
                field: "name")
        }
        let named = zones.flatMap(\.regions).map(FreightTemplate.plain)
        guard (1...40).contains(zones.count), zones.count(where: { $0.regions.isEmpty }) <= 1,
            Set(named).count == named.count, !named.contains("")
        else {
            throw Refusal(
                .invalid, "freight.zones", zh: "每个地区只能写在一行里，「其他地区」最多一行",
                en:
                    "Each region stands in one row only, and one row at most is for everywhere else",
                field: "zones")
        }
        let most = CatalogText.mostFen
        guard
            zones.allSatisfy({ zone in
                zone.first >= 1 && zone.more >= 0 && zone.first <= 1_000_000
                    && zone.more <= 1_000_000 && (0...most).contains(zone.firstFee.fen)
                    && (0...most).contains(zone.moreFee.fen)
            }), freeFrom.map({ (1...most).contains($0.fen) }) ?? true
        else {
            throw Refusal(
                .invalid, "freight.fees", zh: "首件至少 1，费用不能小于 0",
                en: "The first step is at least 1 and no fee is below 0", field: "zones")
        }
        self.name = name
        self.measure = measure
        self.zones = zones
        self.freeFrom = freeFrom
    }
}
