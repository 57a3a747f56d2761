import Foundation

/// Something wrong with a listing that somebody of the service saw (domain B17).
package struct ListingMistake: Hashable, Sendable {
    /// What of the listing is wrong.
    package enum Part: String, Hashable, Sendable, Codable, CaseIterable {
        case title, price, variants, picture, sizes, description, state, freight, other

        package var name: Localized {
            switch self {
            case .title: Localized(zh: "标题", en: "Title")
            case .price: Localized(zh: "价格", en: "Price")
            case .variants: Localized(zh: "规格", en: "Variants")
            case .picture: Localized(zh: "图片", en: "Picture")
            case .sizes: Localized(zh: "尺码", en: "Sizes")
            case .description: Localized(zh: "描述", en: "Description")
            case .state: Localized(zh: "上下架", en: "Listing state")
            case .freight: Localized(zh: "运费", en: "Freight")
            case .other: Localized(zh: "其他", en: "Other")
            }
        }
    }

    package let id: ListingMistakeID
    package let item: ItemID
    package let part: Part
    package let text: String
    package let reportedBy: StaffID
    package let reportedAt: Instant
    package let resolvedBy: StaffID?
    package let resolvedAt: Instant?
    package let answer: String?

    package init(
        id: ListingMistakeID, item: ItemID, part: Part, text: String, reportedBy: StaffID,
        reportedAt: Instant, resolvedBy: StaffID?, resolvedAt: Instant?, answer: String?
    ) {
        self.id = id
        self.item = item
        self.part = part
        self.text = text
        self.reportedBy = reportedBy
        self.reportedAt = reportedAt
        self.resolvedBy = resolvedBy
        self.resolvedAt = resolvedAt
        self.answer = answer
    }

    /// What is written about a mistake or its resolution.
    package static func checked(_ text: String) throws(Refusal) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...500).contains(text.count) else {
            throw Refusal(
                .invalid, "mistake.text", zh: "请用 1 到 500 个字说明",
                en: "Say it in 1 to 500 characters",
                field: "text")
        }
        return text
    }
}
