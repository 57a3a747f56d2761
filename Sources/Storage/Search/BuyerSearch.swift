package import Desk
import Language
package import SQL

/// Finds buyers by name, by pinyin and by initials, those who came last first.
package enum BuyerSearch {
    /// Candidates looked at.
    private static let budget = 200

    /// Whether one of a buyer's conversations may be seen, as `GET /v1/buyers/{id}` has it.
    package static func isKnown(
        _ buyer: BuyerID, to asker: MessageSearch.Asker, in shop: ShopID,
        _ transaction: Transaction
    ) throws -> Bool {
        if asker.who.has(.readAll) { return true }
        guard let staff = asker.who.staff else { return false }
        return try transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c
            WHERE c.shop = \(shop) AND c.buyer = \(buyer) AND (c.owner = \(staff) OR c.state = 'queued')
            ORDER BY c.opened_at DESC LIMIT 20
            """
        ).contains { try ConversationRow.decode($0).isVisible(to: asker.who, groups: asker.groups) }
    }

    /// - Parameter admits: whether the asker may know of this buyer.
    package static func find(
        _ typed: String, in shop: ShopID, limit: Int, _ transaction: Transaction,
        admits: (Buyer) throws -> Bool
    ) throws -> [Buyer] {
        var queries: [(TokenQuery, fits: (String) -> Bool)] = []
        if let words = SearchQuery(typed) {
            var query = TokenQuery(of: shop)
            for token in words.tokens { query.require(token) }
            queries.append((query, { words.marks(in: $0) != nil }))
        }
        if let letters = SearchEntry.pinyin(typed) {
            var query = TokenQuery(of: shop)
            query.require("_p" + letters.prefix(SearchEntry.longestKey))
            queries.append(
                (query, { Pinyin.keys(ofName: $0).contains { $0.hasPrefix(letters) } }))
        }
        var found: [Buyer] = []
        for (query, fits) in queries {
            let ids = try transaction.dialect.searchIndex.candidates(
                query, in: .buyers, from: 0, before: .max, limit: budget, transaction)
            for id in ids where !found.contains(where: { $0.id.raw == id }) {
                guard found.count < limit else { return found }
                guard let buyer = try BuyerStore.one(BuyerID(id), of: shop, in: transaction),
                    fits(buyer.name), try admits(buyer)
                else { continue }
                found.append(buyer)
            }
        }
        return found
    }
}
