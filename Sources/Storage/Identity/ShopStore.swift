package import Desk
package import SQL

/// Shops and what they say about themselves.
package struct ShopStore: Sendable {
    private let carryOut: CarryOut
    private let hasher: PasswordHasher

    package init(_ carryOut: CarryOut, _ hasher: PasswordHasher) {
        self.carryOut = carryOut
        self.hasher = hasher
    }

    // MARK: - Reading

    private static var columns: Statement {
        """
        SELECT s.id, s.name, s.slug, v.greeting, v.hours, v.origins, v.colours, v.identity_rotated_at, v.texts
        FROM shop s LEFT JOIN shop_setting v ON v.shop = s.id
        """
    }

    /// Oldest first.
    package func all() async throws -> [Shop] {
        try await carryOut.database.read { transaction in
            try transaction.rows(Self.columns + " ORDER BY s.id").map(Self.shop)
        }
    }

    /// - Throws: `shop.unknown`.
    package func one(_ id: ShopID) async throws -> Shop {
        try await carryOut.database.read { try Self.one(id, in: $0) }
    }

    /// - Throws: `shop.unknown`.
    package func one(slug: String) async throws -> Shop {
        let shop = try await carryOut.database.read { transaction in
            try transaction.first(Self.columns + " WHERE s.slug = \(slug)").map(Self.shop)
        }
        guard let shop else { throw Refusal.unknownShop }
        return shop
    }

    package static func one(_ id: ShopID, in transaction: Transaction) throws -> Shop {
        guard let row = try transaction.first(columns + " WHERE s.id = \(id)") else {
            throw Refusal.unknownShop
        }
        return try shop(row)
    }

    private static func shop(_ row: Row) throws -> Shop {
        let plain = Shop(id: try row.get(0), name: try row.get(1), slug: try row.get(2))
        guard let greeting: String = try row.maybe(3) else { return plain }
        return Shop(
            id: plain.id, name: plain.name, slug: plain.slug,
            texts: try texts(JSON.value(try row.get(8)), formerly: greeting),
            hours: try JSON.value(try row.get(4)), origins: try JSON.value(try row.get(5)),
            colours: try JSON.value(try row.get(6)), identityRotatedAt: try row.maybe(7))
    }

    /// Texts as they are meant: a greeting written before there were two languages is the Chinese one.
    private static func texts(
        _ texts: [String: Localized], formerly greeting: String
    ) -> [String: Localized] {
        let name = WindowText.greeting.rawValue
        guard texts[name] == nil, !greeting.isEmpty, greeting != "您好，有什么可以帮您？" else {
            return texts
        }
        return texts.merging([name: Localized(zh: greeting, en: "")]) { $1 }
    }

    /// The shop as it was made by one change; the latest has the highest version.
    package struct Version: Sendable {
        /// The number of the change's event.
        package let number: Int64
        package let at: Instant
        package let by: Actor
        package let fields: [String]
        /// What a shop says about itself, as it was then; nil for changes from before this was kept.
        package let look: Look?
    }

    /// The part of the settings that a person may want back.
    package struct Look: Hashable, Sendable, Codable {
        package let texts: [String: Localized]
        package let colours: [String: String]
    }

    /// The latest changes of the settings, latest first.
    package static func history(
        of shop: ShopID, limit: Int = 20, in transaction: Transaction
    ) throws -> [Version] {
        try transaction.rows(
            """
            SELECT e.number, e.at, e.actor_kind, e.actor_id, e.actor_name, e.kind, e.subject, e.body
            FROM audit_entry a JOIN event e ON e.shop = a.shop AND e.number = a.number
            WHERE a.shop = \(shop) AND a.kind = \(AuditedKind.shopChanged.rawValue)
            ORDER BY a.number DESC LIMIT \(limit)
            """
        ).map { row in
            let event = try EventLog.decode(row, of: shop)
            let body = try JSON.value(event.body, as: Changed.self)
            return Version(
                number: event.number, at: event.at, by: event.actor, fields: body.fields,
                look: body.look)
        }
    }

    // MARK: - Making

    /// Who owns a new shop.
    package struct Owner: Sendable {
        package let login: String
        package let name: String
        package let password: String

        package init(login: String, name: String, password: String) {
            self.login = login
            self.name = name
            self.password = password
        }
    }

    private struct SetUp: Encodable {
        let name: String
        let slug: String
        let owner: String
    }

    /// Makes a shop and its owner.
    /// - Parameter onlyFirst: refuse when there is a shop already, as the first-run page must.
    package func make(
        name: String, slug: String, owner: Owner, onlyFirst: Bool = false
    ) async throws -> (shop: Shop, owner: Staff) {
        let shopName = try PersonName.check(name, field: "shop.name")
        let slug = try ShopSlug.check(slug)
        let login = try LoginName.check(owner.login)
        let ownerName = try PersonName.check(owner.name, field: "owner.name")
        try PolicySet.default.passwordRules.check(owner.password, of: [login, ownerName])
        let hash = try await hasher.hash(owner.password)
        let id: ShopID = carryOut.ids.next()
        return try await carryOut(in: id, as: .system) { act in
            let transaction = act.transaction
            if onlyFirst, try transaction.first("SELECT 1 FROM shop LIMIT 1") != nil {
                throw Refusal.setUpDone
            }
            let shop = Shop(id: id, name: shopName, slug: slug)
            do {
                try transaction.change(
                    """
                    INSERT INTO shop (id, slug, name, created_at)
                    VALUES (\(id), \(slug), \(shopName), \(act.at))
                    """)
            } catch SQLError.unique {
                throw Refusal(
                    .conflict, "slug.taken", zh: "这个店铺地址已经有人用了", en: "This address is taken",
                    field: "slug")
            }
            try transaction.run("INSERT INTO shop_counter (shop, event) VALUES (\(id), 0)")
            try Self.write(shop, in: transaction)
            let staff = Staff(
                id: act.newID(), shop: id, login: login, name: ownerName,
                standing: Standing(.owner, .director), department: .operations, addedAt: act.at)
            let actor = Actor.agent(staff.id, staff.name)
            try act.record(
                "setup.done", about: id.raw, SetUp(name: shopName, slug: slug, owner: ownerName),
                by: actor)
            try StaffStore.insert(staff, hash: hash, in: act, by: actor)
            return (shop, staff)
        }
    }

    /// Whether the program has no shop yet.
    package func isEmpty() async throws -> Bool {
        try await carryOut.database.read { try $0.first("SELECT 1 FROM shop LIMIT 1") == nil }
    }

    // MARK: - Changing

    private struct Changed: Codable {
        let fields: [String]
        let look: Look?
    }

    /// - Parameter read: the version that the editor saw; nil = whatever there is.
    package func change(
        _ change: ShopChange, readAs read: Int64? = nil, by actor: StaffPrincipal
    ) async throws -> Shop {
        try actor.require(.shopEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let old = try Self.one(act.shop, in: act.transaction)
            if let read {
                let now = try Self.history(of: act.shop, limit: 1, in: act.transaction).first
                guard read == now?.number ?? 0 else { throw Refusal.shopChangedMeanwhile }
            }
            let (shop, fields) = try change.applied(to: old)
            guard !fields.isEmpty else { return old }
            try Self.write(shop, in: act.transaction)
            try act.record(
                "shop.changed", about: act.shop.raw,
                Changed(fields: fields, look: Look(texts: shop.texts, colours: shop.colours)))
            return shop
        }
    }

    private static func write(_ shop: Shop, in transaction: Transaction) throws {
        try transaction.run("UPDATE shop SET name = \(shop.name) WHERE id = \(shop.id)")
        try transaction.run(
            """
            INSERT INTO shop_setting (shop, greeting, texts, hours, origins, colours)
            VALUES (\(shop.id), '', \(try JSON.text(shop.texts)), \(try JSON.text(shop.hours)),
                \(try JSON.text(shop.origins)), \(try JSON.text(shop.colours)))
            ON CONFLICT (shop) DO UPDATE SET greeting = excluded.greeting, texts = excluded.texts,
                hours = excluded.hours, origins = excluded.origins, colours = excluded.colours
            """)
    }

    private struct Nothing: Encodable {}

    /// Replaces the secret with which the shop's site signs buyers in; the old one is void at once.
    /// - Returns: the secret, told only now.
    package func rotateIdentity(by actor: StaffPrincipal) async throws -> String {
        try actor.require(.identityRotate)
        let secret = Secret.random(bytes: 32)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            try Self.write(try Self.one(act.shop, in: act.transaction), in: act.transaction)
            try act.transaction.run(
                """
                UPDATE shop_setting SET identity_secret = \(secret), identity_rotated_at = \(act.at)
                WHERE shop = \(act.shop)
                """)
            try act.record("identity.rotated", about: act.shop.raw, Nothing())
        }
        return secret
    }

    static func identitySecret(of shop: ShopID, in transaction: Transaction) throws -> String? {
        try transaction.first("SELECT identity_secret FROM shop_setting WHERE shop = \(shop)")?
            .maybe(0)
    }
}

extension Refusal {
    package static let unknownShop = Refusal.unknown("shop", zh: "店铺", en: "shop")

    package static let shopChangedMeanwhile = Refusal(
        .conflict, "shop.changed", zh: "店铺设置刚被别人改过，请先看新的内容",
        en: "Somebody changed the shop's settings meanwhile; look at them first")

    package static let setUpDone = Refusal(
        .conflict, "setup.done", zh: "已经设置过了，请直接登录", en: "This is set up already; just log in")
}
