import Desk
import Hummingbird
import Realtime
import SQL
import Storage

/// The choosing helper beside the chat, and what is true now of the cards in it.
struct ChoosingRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .staff(.post, "/v1/items/choose", .catalogRead, choose),
            .either(.get, "/v1/cards", .catalogRead, cards),
        ]
    }

    // MARK: - Cards

    private struct Cards: Encodable {
        let cards: [Now]

        struct Now: Encodable {
            /// What was asked about: one of both.
            let sku: SKUID?
            let item: ItemID?
            let price: Money
            let listPrice: Money?
            let sold: Bool
            let stock: LiveCard.Stock
            /// Only for staff.
            let left: Int?

            init(_ card: LiveCard, of item: ItemID? = nil, forStaff: Bool) {
                sku = item == nil ? card.sku : nil
                self.item = item
                price = card.price
                listPrice = card.listPrice
                sold = card.isSold
                stock = card.stock
                left = forStaff ? card.left : nil
            }
        }
    }

    private static func ids<Of>(_ request: Request, _ name: Substring) -> [ID<Of>] {
        (request.uri.queryParameters[name] ?? "").split(separator: ",")
            .compactMap { ID<Of>(String($0)) }
    }

    @Sendable
    private func cards(
        _ request: Request, _ visit: Visit, _ caller: Principal
    ) async throws -> Response {
        let skus: [SKUID] = Self.ids(request, "sku")
        let items: [ItemID] = Self.ids(request, "item")
        let (shop, isStaff) =
            switch caller {
            case .staff(let staff): (staff.shop, true)
            case .buyer(let buyer): (buyer.shop, false)
            }
        let zone = try await identity.shops.one(shop).hours.zone
        let today = BuyerWish.dayNumber(of: identity.carryOut.clock(), in: zone)
        let found = try await identity.carryOut.database.read { transaction in
            let variants = try OnShelf.cards(skus, of: shop, today: today, in: transaction)
                .map { Cards.Now($0, forStaff: isStaff) }
            let whole = try OnShelf.cards(items: items, of: shop, today: today, in: transaction)
                .sorted { $0.key < $1.key }
                .map { Cards.Now($0.value, of: $0.key, forStaff: isStaff) }
            return variants + whole
        }
        return try .json(Cards(cards: found))
    }

    // MARK: - The helper

    private struct Asked: Decodable {
        let size: String?
        let use: String?
        let colour: String?
        /// Fen.
        let budget: Money?
        /// A day, `2026-12-01`; it may arrive until its end.
        let needBy: String?
        /// A province or city.
        let to: String?
        let quantity: Int?
        let category: CategoryID?
        let most: Int?

        func wish(zone: String) throws(Refusal) -> BuyerWish {
            var end: Instant?
            if let needBy, !needBy.isEmpty {
                end = BuyerWish.endOfDay(needBy, in: zone)
                guard end != nil else {
                    throw Refusal(
                        .invalid, "wish.date", zh: "日期写成 2026-12-01 这样",
                        en: "Write the date like 2026-12-01", field: "needBy")
                }
            }
            return try BuyerWish(
                size: size ?? "", use: use ?? "", colour: colour ?? "", budget: budget,
                needBy: end, quantity: quantity ?? 1, category: category)
        }
    }

    private struct Found: Encodable {
        let choices: [Choice]
        let leftOut: [Out]
        let lines: [Line]
        let reply: Localized

        struct Choice: Encodable {
            let item: ItemID
            let sku: SKUID
            let title: String
            let number: String
            let name: String
            let image: String
            let price: Money
            let left: Int
            let arrives: Instant?
            let reasons: [Localized]
            let cautions: [Localized]
        }

        struct Out: Encodable {
            let why: Choosing.Hindrance
            let name: Localized
            let count: Int
        }

        struct Line: Encodable {
            let name: Localized
            let values: [String]
        }

        init(_ answer: Choosing.Answer) {
            choices = answer.choices.map { choice in
                let candidate = choice.candidate
                return Choice(
                    item: candidate.item.id, sku: candidate.sku.id, title: candidate.item.title,
                    number: candidate.item.number, name: candidate.sku.name,
                    image: candidate.item.image, price: candidate.sku.price,
                    left: candidate.left, arrives: candidate.arrives, reasons: choice.reasons,
                    cautions: choice.cautions)
            }
            leftOut = answer.leftOut.map { Out(why: $0.key, name: $0.key.name, count: $0.value) }
                .sorted { ($1.count, $0.why.rawValue) < ($0.count, $1.why.rawValue) }
            lines = Comparison(answer.choices.map(\.candidate)).lines.map {
                Line(name: $0.name, values: $0.values)
            }
            reply = Localized(
                zh: Choosing.reply(answer.choices, in: .zh),
                en: Choosing.reply(answer.choices, in: .en))
        }
    }

    @Sendable
    private func choose(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let asked = try await request.json(Asked.self, visit)
        let zone = try await identity.shops.one(staff.shop).hours.zone
        let wish = try asked.wish(zone: zone)
        let now = identity.carryOut.clock()
        let today = BuyerWish.dayNumber(of: now, in: zone)
        let to = Place(in: asked.to ?? "")
        let shop = staff.shop
        let candidates = try await identity.carryOut.database.read { transaction in
            try OnShelf.candidates(
                of: shop, in: wish.category, today: today,
                arrives: { cutOff, region in
                    let hours = Place.route(from: Place(in: region), to: to).usualHours
                    return Choosing.arrival(
                        orderedAt: now, cutOff: cutOff, days: (hours + 23) / 24, zone: zone)
                }, transaction)
        }
        let most = min(max(asked.most ?? 3, 1), 5)
        return try .json(Found(Choosing.choose(wish, among: candidates, most: most)))
    }
}
