/// What a buyer said that they want (domain B04).
package struct Wish: Hashable, Sendable {
    package var size = ""
    package var colour = ""
    /// What it is for, in words that may stand in title, selling points or attributes.
    package var use = ""
    package var budget: Money?
    /// By when it must have arrived; nil = no hurry.
    package var needed: Instant?

    package init() {}
}

/// A variant that may be proposed, with what is known of it now.
package struct Offer: Hashable, Sendable {
    package let item: Item
    package let sku: SKU
    /// Pieces that can be promised; nil = not counted.
    package let available: Int?
    /// When it would arrive; nil = nobody knows.
    package let arrives: Instant?

    package init(item: Item, sku: SKU, available: Int? = nil, arrives: Instant? = nil) {
        self.item = item
        self.sku = sku
        self.available = available
        self.arrives = arrives
    }
}

/// A proposal with what speaks for it and against it.
package struct Proposal: Hashable, Sendable {
    package let offer: Offer
    package let reasons: [Localized]
    package let doubts: [Localized]
    let score: Int
}

/// Finds two or three variants for a buyer who cannot decide.
package enum ItemChoice {
    /// The best proposals first, at most one variant of each item unless only one item fits.
    ///
    /// What cannot be bought is left out, and so is what fails a size, a colour, the budget or the date.
    package static func propose(_ wish: Wish, from offers: [Offer], most: Int = 3) -> [Proposal] {
        let fitting = offers.enumerated().compactMap { place, offer in
            weigh(offer, wish).map { (place: place, proposal: $0) }
        }.sorted { a, b in
            a.proposal.score != b.proposal.score
                ? a.proposal.score > b.proposal.score : a.place < b.place
        }.map(\.proposal)
        var chosen: [Proposal] = []
        for proposal in fitting where chosen.count < most {
            if !chosen.contains(where: { $0.offer.item.id == proposal.offer.item.id }) {
                chosen.append(proposal)
            }
        }
        // One item only: its variants are what is compared.
        if chosen.count == 1 { chosen = Array(fitting.prefix(most)) }
        return compared(chosen)
    }

    private static func weigh(_ offer: Offer, _ wish: Wish) -> Proposal? {
        guard offer.item.state == .onShelf, offer.sku.isActive, offer.available != 0 else {
            return nil
        }
        var score = 0
        var reasons: [Localized] = []
        var doubts: [Localized] = []
        let variant = [offer.sku.name] + offer.sku.attributes.map(\.value)
        if !wish.size.isEmpty {
            guard variant.contains(where: { hasPart(wish.size, of: $0) }) else { return nil }
            score += 4
            reasons.append(
                Localized(zh: "有 \(wish.size) 码", en: "There in size \(wish.size)"))
        }
        if !wish.colour.isEmpty {
            guard variant.contains(where: { $0.contains(wish.colour) }) else { return nil }
            score += 4
            reasons.append(Localized(zh: "有\(wish.colour)", en: "There in \(wish.colour)"))
        }
        if let budget = wish.budget {
            guard offer.sku.price <= budget else { return nil }
            score += 2
            let rest = budget - offer.sku.price
            reasons.append(
                rest == .zero
                    ? Localized(zh: "正好在预算内", en: "Exactly the budget")
                    : Localized(zh: "比预算低 \(rest)", en: "\(rest) below the budget"))
        }
        if let needed = wish.needed {
            if let arrives = offer.arrives {
                guard arrives <= needed else { return nil }
                score += 2
                reasons.append(Localized(zh: "赶得上需要的日期", en: "Arrives in time"))
            } else {
                doubts.append(
                    Localized(zh: "到货日期要先确认", en: "When it arrives must be asked first"))
            }
        }
        if !wish.use.isEmpty {
            if let said = saying(wish.use, of: offer.item) {
                score += 3
                reasons.append(
                    Localized(zh: "适合\(wish.use)：\(said)", en: "For \(wish.use): \(said)"))
            } else {
                doubts.append(
                    Localized(
                        zh: "没有写明适合\(wish.use)", en: "Nothing says that it suits \(wish.use)"))
            }
        }
        if let left = offer.available, left <= 3 {
            doubts.append(Localized(zh: "只剩 \(left) 件", en: "Only \(left) left"))
        }
        return Proposal(offer: offer, reasons: reasons, doubts: doubts, score: score)
    }

    /// Says which of several is the cheapest.
    private static func compared(_ proposals: [Proposal]) -> [Proposal] {
        guard proposals.count > 1, let least = proposals.map(\.offer.sku.price).min(),
            proposals.contains(where: { $0.offer.sku.price > least })
        else { return proposals }
        return proposals.map { proposal in
            let more = proposal.offer.sku.price - least
            return more == .zero
                ? Proposal(
                    offer: proposal.offer,
                    reasons: proposal.reasons + [Localized(zh: "最便宜", en: "The cheapest")],
                    doubts: proposal.doubts, score: proposal.score)
                : Proposal(
                    offer: proposal.offer, reasons: proposal.reasons,
                    doubts: proposal.doubts + [
                        Localized(zh: "比最便宜的贵 \(more)", en: "\(more) more than the cheapest")
                    ], score: proposal.score)
        }
    }

    /// Whether a variant's text has a size as one of its parts: `M` is in `红色;M` and not in `XM`.
    private static func hasPart(_ size: String, of text: String) -> Bool {
        text.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
            .contains { part in
                part.lowercased() == size.lowercased()
                    || part.lowercased() == size.lowercased() + "码"
            }
    }

    /// The sentence of an item that says what is wished.
    private static func saying(_ use: String, of item: Item) -> String? {
        if let point = item.sellingPoints.first(where: { $0.contains(use) }) { return point }
        if let fact = item.attributes.first(where: { $0.value.contains(use) }) {
            return "\(fact.name) \(fact.value)"
        }
        return item.title.contains(use) ? item.title : nil
    }
}
