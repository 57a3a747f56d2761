package import Desk
import SQL

extension CatalogStore {
    private static let mistakeColumns: Statement = """
        SELECT id, item, part, text, reported_by, reported_at, resolved_by, resolved_at, answer
        FROM listing_mistake
        """

    private struct MistakeTold: Encodable {
        let title: String
        let part: ListingMistake.Part
        let mistake: ListingMistakeID
    }

    /// What was reported about an item, the newest first.
    package func mistakes(of item: ItemID, in shop: ShopID) async throws -> [ListingMistake] {
        try await carryOut.database.read { transaction in
            guard try Self.item(item, of: shop, in: transaction) != nil else { throw Self.unknown }
            return try transaction.rows(
                Self.mistakeColumns
                    + " WHERE shop = \(shop) AND item = \(item) ORDER BY id DESC LIMIT 100"
            ).map(Self.mistake)
        }
    }

    /// What is still to be put right in the whole shop, the oldest first.
    package func openMistakes(in shop: ShopID) async throws -> [ListingMistake] {
        try await carryOut.database.read { transaction in
            try transaction.rows(
                Self.mistakeColumns
                    + " WHERE shop = \(shop) AND resolved_at IS NULL ORDER BY id LIMIT 200"
            ).map(Self.mistake)
        }
    }

    /// Reports that something of a listing is wrong; whoever sees goods may.
    package func report(
        _ part: ListingMistake.Part, _ text: String, of id: ItemID, by actor: StaffPrincipal
    ) async throws -> ListingMistake {
        try actor.require(.catalogRead)
        let text = try ListingMistake.checked(text)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let item = try Self.known(id, in: act)
            let mistake = ListingMistake(
                id: act.newID(), item: id, part: part, text: text, reportedBy: actor.id,
                reportedAt: act.at, resolvedBy: nil, resolvedAt: nil, answer: nil)
            try act.transaction.run(
                """
                INSERT INTO listing_mistake (shop, id, item, part, text, reported_by, reported_at)
                VALUES (\(act.shop), \(mistake.id), \(id), \(part.rawValue), \(text), \(actor.id), \(act.at))
                """)
            try act.record(
                "item.mistakeReported", about: id.raw,
                MistakeTold(title: item.title, part: part, mistake: mistake.id))
            return mistake
        }
    }

    package func resolve(
        _ id: ListingMistakeID, _ answer: String, by actor: StaffPrincipal
    ) async throws -> ListingMistake {
        try actor.require(.catalogEdit)
        let answer = try ListingMistake.checked(answer)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let row = try act.transaction.first(
                Self.mistakeColumns + " WHERE shop = \(act.shop) AND id = \(id)")
            guard let old = try row.map(Self.mistake) else {
                throw Refusal.unknown("mistake", zh: "报错", en: "report")
            }
            let goods = try Self.known(old.item, in: act)
            guard old.resolvedAt == nil else {
                throw Refusal(
                    .conflict, "mistake.resolved", zh: "这个报错已经处理过了",
                    en: "This report was dealt with already")
            }
            try act.transaction.run(
                """
                UPDATE listing_mistake SET resolved_by = \(actor.id), resolved_at = \(act.at),
                    answer = \(answer) WHERE shop = \(act.shop) AND id = \(id)
                """)
            try act.record(
                "item.mistakeResolved", about: goods.id.raw,
                MistakeTold(title: goods.title, part: old.part, mistake: id))
            return ListingMistake(
                id: id, item: goods.id, part: old.part, text: old.text, reportedBy: old.reportedBy,
                reportedAt: old.reportedAt, resolvedBy: actor.id, resolvedAt: act.at,
                answer: answer)
        }
    }

    private static func mistake(_ row: Row) throws -> ListingMistake {
        ListingMistake(
            id: try row.get(0), item: try row.get(1),
            part: ListingMistake.Part(rawValue: try row.get(2)) ?? .other, text: try row.get(3),
            reportedBy: try row.get(4), reportedAt: try row.get(5), resolvedBy: try row.maybe(6),
            resolvedAt: try row.maybe(7), answer: try row.maybe(8))
    }
}
