package import Desk
package import SQL

/// How the shop's goods are sent, and what that costs.
package struct FreightStore: Sendable {
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    private struct Rules: Codable {
        let measure: FreightTemplate.Measure
        let zones: [FreightTemplate.Zone]
    }

    package static func all(
        of shop: ShopID, in transaction: Transaction
    ) throws -> [FreightTemplate] {
        try transaction.rows(
            "SELECT id, name, rules, free_from FROM freight_template WHERE shop = \(shop) ORDER BY id"
        ).map(template)
    }

    package static func one(
        _ id: FreightTemplateID, of shop: ShopID, in transaction: Transaction
    ) throws -> FreightTemplate? {
        try transaction.first(
            """
            SELECT id, name, rules, free_from FROM freight_template
            WHERE shop = \(shop) AND id = \(id)
            """
        ).map(template)
    }

    private static func template(_ row: Row) throws -> FreightTemplate {
        let rules: Rules = try JSON.value(try row.get(2))
        return FreightTemplate(
            id: try row.get(0), name: try row.get(1), measure: rules.measure, zones: rules.zones,
            freeFrom: try row.maybe(3, as: Int64.self).map(Money.init(fen:)))
    }

    /// What it costs to send some of an item; an item without a template is sent for nothing.
    package static func freight(
        for item: Item, to region: String, amount: Int, value: Money, of shop: ShopID,
        in transaction: Transaction
    ) throws -> FreightTemplate.Charge {
        let template = try item.freightTemplate.flatMap {
            try one($0, of: shop, in: transaction)
        }
        guard let template else {
            return .free
        }
        return try template.charge(to: region, amount: amount, value: value)
    }

    package func all(of shop: ShopID) async throws -> [FreightTemplate] {
        try await carryOut.database.read { try Self.all(of: shop, in: $0) }
    }

    package func quote(
        _ id: ItemID, to region: String, amount: Int, value: Money, of shop: ShopID
    ) async throws -> FreightTemplate.Charge {
        try await carryOut.database.read { transaction in
            guard let item = try CatalogStore.item(id, of: shop, in: transaction) else {
                throw CatalogStore.unknown
            }
            return try Self.freight(
                for: item, to: region, amount: amount, value: value, of: shop, in: transaction)
        }
    }

    private struct Told: Encodable {
        let title: String
    }

    /// Adds a template or, with an id, changes one.
    package func save(
        _ draft: FreightDraft, as id: FreightTemplateID?, by actor: StaffPrincipal
    ) async throws -> FreightTemplate {
        try actor.require(.catalogEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let rules = try JSON.text(Rules(measure: draft.measure, zones: draft.zones))
            let kept: FreightTemplateID
            if let id {
                let changed = try act.transaction.change(
                    """
                    UPDATE freight_template SET name = \(draft.name), rules = \(rules),
                        free_from = \(draft.freeFrom?.fen) WHERE shop = \(act.shop) AND id = \(id)
                    """)
                guard changed == 1 else {
                    throw Refusal.unknown("freight", zh: "运费模板", en: "freight template")
                }
                kept = id
            } else {
                kept = act.newID()
                try act.transaction.run(
                    """
                    INSERT INTO freight_template (shop, id, name, rules, free_from)
                    VALUES (\(act.shop), \(kept), \(draft.name), \(rules), \(draft.freeFrom?.fen))
                    """)
            }
            try act.record("freight.saved", about: kept.raw, Told(title: draft.name))
            return FreightTemplate(
                id: kept, name: draft.name, measure: draft.measure, zones: draft.zones,
                freeFrom: draft.freeFrom)
        }
    }
}
