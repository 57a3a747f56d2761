/// Helps an agent to find what a buyer wants: filters what can be had, ranks it, and says why (domain A19).
///
/// A pure function of the wish and of what stands on the shelves.
package enum Choosing {
    /// One variant that is offered, with what is known of it now.
    package struct Candidate: Hashable, Sendable {
        package let item: Item
        package let sku: SKU
        /// The name of its category; empty = none.
        package let category: String
        /// Pieces that can be promised now.
        package let left: Int
        /// When it would arrive if it was ordered now; nil = not known.
        package let arrives: Instant?

        package init(item: Item, sku: SKU, category: String, left: Int, arrives: Instant?) {
            self.item = item
            self.sku = sku
            self.category = category
            self.left = left
            self.arrives = arrives
        }
    }

    package struct Choice: Hashable, Sendable {
        package let candidate: Candidate
        /// 0…100, only to rank.
        package let score: Int
        /// Why it fits.
        package let reasons: [Localized]
        /// What the buyer should know before they take it.
        package let cautions: [Localized]
    }

    /// Why something is not among the choices.
    package enum Hindrance: String, Hashable, Sendable, Codable, CaseIterable {
        case notSold, soldOut, size, colour, budget, late, use

        package var name: Localized {
            switch self {
            case .notSold: Localized(zh: "未上架", en: "Not on sale")
            case .soldOut: Localized(zh: "缺货", en: "Not enough in stock")
            case .size: Localized(zh: "没有这个尺码", en: "Not in this size")
            case .colour: Localized(zh: "没有这个颜色", en: "Not in this colour")
            case .budget: Localized(zh: "超出预算", en: "Over budget")
            case .late: Localized(zh: "赶不上日期", en: "Would come too late")
            case .use: Localized(zh: "与用途不符", en: "Not made for it")
            }
        }
    }

    package struct Answer: Hashable, Sendable {
        package let choices: [Choice]
        /// How many variants each condition alone kept out: what to ask about first when nothing is left.
        package let leftOut: [Hindrance: Int]
    }

    /// The best variant of each of the best items.
    /// - Parameter most: how many items at most.
    package static func choose(
        _ wish: BuyerWish, among candidates: [Candidate], most: Int = 3
    ) -> Answer {
        var leftOut: [Hindrance: Int] = [:]
        var fitting: [Choice] = []
        let words = wish.uses
        let matched = candidates.map { useShare(words, $0) }
        // Words that nothing on the shelves knows keep nobody out; then the rest decides.
        let usesCount = matched.contains { $0 >= leastShare }
        for (candidate, share) in zip(candidates, matched) {
            var hindrances = self.hindrances(wish, candidate)
            if !words.isEmpty, usesCount, share < leastShare { hindrances.append(.use) }
            guard hindrances.isEmpty else {
                if let only = hindrances.first, hindrances.count == 1 {
                    leftOut[only, default: 0] += 1
                }
                continue
            }
            fitting.append(
                Choice(
                    candidate: candidate, score: score(wish, candidate, share),
                    reasons: reasons(wish, candidate, share),
                    cautions: cautions(wish, candidate, share)))
        }
        fitting.sort {
            ($1.score, $0.candidate.sku.price, $0.candidate.sku.id)
                < ($0.score, $1.candidate.sku.price, $1.candidate.sku.id)
        }
        var seen: Set<ItemID> = []
        let best = fitting.filter { seen.insert($0.candidate.item.id).inserted }
        return Answer(choices: Array(best.prefix(max(1, most))), leftOut: leftOut)
    }

    private static let leastShare = 0.33

    private static func hindrances(_ wish: BuyerWish, _ candidate: Candidate) -> [Hindrance] {
        var found: [Hindrance] = []
        if candidate.item.state != .onShelf || !candidate.sku.isActive { found.append(.notSold) }
        if candidate.left < wish.quantity { found.append(.soldOut) }
        if !wish.size.isEmpty, !fits(wish, candidate) { found.append(.size) }
        if !wish.colour.isEmpty, !isColour(wish, candidate) { found.append(.colour) }
        if let budget = wish.budget, candidate.sku.price > budget { found.append(.budget) }
        if let needBy = wish.needBy, let arrives = candidate.arrives, arrives > needBy {
            found.append(.late)
        }
        return found
    }

    // MARK: - Parts of a wish

    /// What is said of a variant besides its item: `红色`, `M`.
    static func parts(_ sku: SKU) -> [String] {
        sku.attributes.map(\.value)
            + sku.name.split { ";；,，/|".contains($0) }.map { part in
                part.split { ":：".contains($0) }.last.map(String.init) ?? String(part)
            }
    }

    static func fits(_ wish: BuyerWish, _ candidate: Candidate) -> Bool {
        let sizes = parts(candidate.sku).map(WishText.folded)
        if wish.measures.isEmpty {
            let wished = WishText.folded(wish.size)
            let bare =
                wished.hasSuffix("码") || wished.hasSuffix("号") ? String(wished.dropLast()) : wished
            return sizes.contains {
                $0 == wished || $0 == bare || $0 == bare + "码" || $0 == bare + "号"
            }
        }
        return charted(wish, candidate.item.sizeChart).contains { size in
            sizes.contains(WishText.folded(size))
        }
    }

    /// The sizes of a chart that measures fall into; empty when the chart knows none of them.
    static func charted(_ wish: BuyerWish, _ chart: SizeChart) -> [String] {
        let columns = wish.measures.compactMap { measure -> (column: Int, value: Double)? in
            let names = english[measure.name] ?? [measure.name]
            let column = chart.columns.dropFirst().firstIndex { head in
                names.contains { head.lowercased().contains($0) }
            }
            return column.map { ($0, measure.value) }
        }
        guard !columns.isEmpty else { return [] }
        return chart.rows.compactMap { row in
            let all = columns.allSatisfy { column, value in
                column < row.count && isWithin(value, row[column])
            }
            return all ? row.first : nil
        }
    }

    private static let english = [
        "height": ["height", "身高"], "weight": ["weight", "体重"], "chest": ["chest", "胸围"],
        "waist": ["waist", "腰围"], "foot": ["foot", "脚长"], "身高": ["身高", "height"],
        "体重": ["体重", "weight"], "胸围": ["胸围", "chest"], "腰围": ["腰围", "waist"],
        "脚长": ["脚长", "foot"],
    ]

    /// `165-170`, `165~170cm`, `92`.
    static func isWithin(_ value: Double, _ cell: String) -> Bool {
        let numbers = cell.matches(of: /\d{1,3}(?:\.\d)?/).compactMap { Double($0.0) }
        guard let first = numbers.first else { return false }
        guard numbers.count > 1 else { return abs(first - value) <= 1 }
        return (min(first, numbers[1])...max(first, numbers[1])).contains(value)
    }

    private static func isColour(_ wish: BuyerWish, _ candidate: Candidate) -> Bool {
        parts(candidate.sku).contains { WishText.isColour(wish.colour, $0) }
    }

    /// How well an item is made for what the buyer wants, 0…1.
    private static func useShare(_ words: [String], _ candidate: Candidate) -> Double {
        guard !words.isEmpty else { return 0 }
        let text = said(of: candidate).lowercased()
        return words.reduce(0) { $0 + WishText.share(of: $1, in: text) } / Double(words.count)
    }

    private static func said(of candidate: Candidate) -> String {
        let item = candidate.item
        return
            ([item.title, candidate.category] + item.sellingPoints
            + item.attributes.map(\.value)
            + item.questions.flatMap { [$0.question, $0.answer] }).joined(separator: "\n")
    }

    private static func score(_ wish: BuyerWish, _ candidate: Candidate, _ share: Double) -> Int {
        var score = 40 * share
        // Within the budget the better goods come first; far below it is seldom what was meant.
        if let budget = wish.budget, budget > .zero {
            score += 20 * Double(candidate.sku.price.fen) / Double(budget.fen)
        }
        score += candidate.left >= wish.quantity + few ? 20 : 8
        if let needBy = wish.needBy {
            let spare = candidate.arrives.map { (needBy - $0).milliseconds }
            score += spare.map { $0 >= Span.days(1).milliseconds ? 20 : 12 } ?? 4
        }
        return Int(score.rounded())
    }

    /// So few above what was asked for that they may be gone soon.
    private static let few = 3

    // MARK: - In words

    private static func reasons(
        _ wish: BuyerWish, _ candidate: Candidate, _ share: Double
    ) -> [Localized] {
        var reasons: [Localized] = []
        if share >= leastShare, let point = provingPoint(wish, candidate.item) {
            reasons.append(
                Localized(zh: "适合「\(wish.use)」：\(point)", en: "Made for “\(wish.use)”: \(point)"))
        } else if share >= leastShare {
            reasons.append(Localized(zh: "适合「\(wish.use)」", en: "Made for “\(wish.use)”"))
        }
        if !wish.size.isEmpty {
            let sizes = wish.measures.isEmpty ? [] : charted(wish, candidate.item.sizeChart)
            reasons.append(
                sizes.isEmpty
                    ? Localized(zh: "有 \(wish.size)", en: "Comes in \(wish.size)")
                    : Localized(
                        zh: "按尺码表，\(wish.size) 穿 \(sizes.joined(separator: "/"))",
                        en: "By the size chart, \(wish.size) takes \(sizes.joined(separator: "/"))")
            )
        }
        if !wish.colour.isEmpty,
            let colour = parts(candidate.sku).first(where: { WishText.isColour(wish.colour, $0) })
        {
            reasons.append(Localized(zh: "有\(colour)", en: "Comes in \(colour)"))
        }
        if let budget = wish.budget {
            let spare = budget - candidate.sku.price
            reasons.append(
                spare == .zero
                    ? Localized(zh: "正好在预算内", en: "Just within the budget")
                    : Localized(zh: "比预算低 \(spare)", en: "\(spare) below the budget"))
        }
        if let needBy = wish.needBy, let arrives = candidate.arrives {
            let days = (needBy - arrives).milliseconds / Span.days(1).milliseconds
            reasons.append(
                days >= 1
                    ? Localized(zh: "预计提前 \(days) 天送到", en: "Should arrive \(days) day(s) early")
                    : Localized(zh: "预计赶得上日期", en: "Should arrive in time"))
        }
        if candidate.left >= wish.quantity + few {
            reasons.append(Localized(zh: "现货充足", en: "Well in stock"))
        }
        return reasons
    }

    /// The selling point that says most of what it is for.
    private static func provingPoint(_ wish: BuyerWish, _ item: Item) -> String? {
        let rated = item.sellingPoints.map { point in
            let said = point.lowercased()
            return (point, wish.uses.reduce(0) { $0 + WishText.share(of: $1, in: said) })
        }
        let best = rated.max { $0.1 < $1.1 }
        return best.flatMap { $0.1 > 0 ? $0.0 : nil }
    }

    private static func cautions(
        _ wish: BuyerWish, _ candidate: Candidate, _ share: Double
    ) -> [Localized] {
        var cautions: [Localized] = []
        if candidate.left < wish.quantity + few {
            cautions.append(
                Localized(zh: "只剩 \(candidate.left) 件", en: "Only \(candidate.left) left"))
        }
        if wish.needBy != nil, candidate.arrives == nil {
            cautions.append(
                Localized(zh: "到货日期未知，请先核实", en: "When it arrives is not known; ask first"))
        }
        if !wish.use.isEmpty, share < leastShare {
            cautions.append(
                Localized(
                    zh: "商品资料没有提到「\(wish.use)」，请先核实",
                    en: "Nothing is written about “\(wish.use)”; ask first"))
        }
        return cautions
    }
}
