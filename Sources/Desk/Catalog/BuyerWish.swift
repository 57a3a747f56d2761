import Foundation

/// What a buyer is looking for, as the agent who asked wrote it down; whatever is empty does not matter to them.
package struct BuyerWish: Hashable, Sendable {
    /// A size by its name, `M`, or measures that a size chart answers: `身高172 体重65`.
    package let size: String
    /// What it is for, in a few words.
    package let use: String
    package let colour: String
    /// At most so much for one piece.
    package let budget: Money?
    /// The last moment at which it may arrive.
    package let needBy: Instant?
    package let quantity: Int
    package let category: CategoryID?

    /// - Throws: which part does not fit.
    package init(
        size: String = "", use: String = "", colour: String = "", budget: Money? = nil,
        needBy: Instant? = nil, quantity: Int = 1, category: CategoryID? = nil
    ) throws(Refusal) {
        let size = size.trimmingCharacters(in: .whitespacesAndNewlines)
        let use = use.trimmingCharacters(in: .whitespacesAndNewlines)
        let colour = colour.trimmingCharacters(in: .whitespacesAndNewlines)
        for (name, text) in [("size", size), ("use", use), ("colour", colour)]
        where text.count > 60 {
            throw Refusal(
                .invalid, "wish.tooLong", zh: "每项条件最多 60 个字",
                en: "Each answer has at most 60 characters", field: name)
        }
        if let budget, budget <= .zero {
            throw Refusal(
                .invalid, "wish.budget", zh: "预算要大于 0 元", en: "A budget is more than nothing",
                field: "budget")
        }
        guard (1...9_999).contains(quantity) else {
            throw Refusal(
                .invalid, "wish.quantity", zh: "数量用 1 到 9999 的整数",
                en: "A quantity is a whole number from 1 to 9,999", field: "quantity")
        }
        self.size = size
        self.use = use
        self.colour = colour
        self.budget = budget
        self.needBy = needBy
        self.quantity = quantity
        self.category = category
    }

    /// The words of what it is for.
    var uses: [String] { WishText.words(use) }

    /// Measures that were told instead of a size's name: `身高` 172.
    var measures: [(name: String, value: Double)] {
        size.lowercased()
            .matches(of: /(\p{L}+)\s*[:：=]?\s*(\d{1,3}(?:\.\d)?)\s*(?:cm|kg|厘米|公斤)?/)
            .compactMap { found in
                let name = String(found.1)
                guard name.count > 1, let value = Double(found.2) else { return nil }
                return (name, value)
            }
    }
}

extension BuyerWish {
    /// The end of a day written `2026-12-01`, by a shop's clock.
    /// - Returns: nil for anything else, also for days that there are not.
    package static func endOfDay(_ text: String, in zone: String) -> Instant? {
        guard let parts = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/),
            let year = Int(parts.1), let month = Int(parts.2), let day = Int(parts.3)
        else { return nil }
        let calendar = CalendarDay.calendar(of: zone)
        let wanted = DateComponents(year: year, month: month, day: day)
        guard wanted.isValidDate(in: calendar), let start = calendar.date(from: wanted),
            let next = calendar.date(byAdding: .day, value: 1, to: start)
        else { return nil }
        return Instant(milliseconds: Int64(next.timeIntervalSince1970 * 1000) - 1)
    }

    /// The day of an instant by a shop's clock as a number that is ordered like days: 20261128.
    package static func dayNumber(of at: Instant, in zone: String) -> Int {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
        let parts = CalendarDay.calendar(of: zone).dateComponents(
            [.year, .month, .day], from: date)
        return (parts.year ?? 0) * 10_000 + (parts.month ?? 0) * 100 + (parts.day ?? 0)
    }
}

/// How words of wishes and of goods are compared.
enum WishText {
    static func folded(_ text: String) -> String {
        text.lowercased().replacing("（", with: "(").replacing("）", with: ")")
            .filter { !$0.isWhitespace }
    }

    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// How much of a word a text says, 0…1: all of it, or the share of its pairs of characters.
    ///
    /// `登山防水` is found in `防水透气，登山徒步都合适`, though nowhere in one piece.
    static func share(of word: String, in text: String) -> Double {
        if text.contains(word) { return 1 }
        let letters = Array(word)
        guard letters.count > 2, letters.contains(where: { !$0.isASCII }) else { return 0 }
        let pairs = zip(letters, letters.dropFirst()).map { String([$0, $1]) }
        let found = pairs.filter { text.contains($0) }.count
        return Double(found) / Double(pairs.count)
    }

    /// The base colours in both languages, each as people write it.
    private static let colours: [[String]] = [
        ["黑", "black"], ["白", "white"], ["红", "red"], ["蓝", "blue", "navy"], ["绿", "green"],
        ["黄", "yellow"], ["灰", "grey", "gray"], ["粉", "pink"], ["紫", "purple"],
        ["棕", "咖", "褐", "brown"], ["米", "杏", "beige"], ["橙", "橘", "orange"],
    ]

    /// Whether a variant's colour is the one that was asked for: the same word, or the same base colour.
    static func isColour(_ wished: String, _ offered: String) -> Bool {
        let (wished, offered) = (folded(wished), folded(offered))
        if offered.contains(wished) || (offered.count > 1 && wished.contains(offered)) {
            return true
        }
        return colours.contains { names in
            names.contains { wished.contains($0) } && names.contains { offered.contains($0) }
                // `藏蓝` was asked for by name; any blue will not do when the words say which.
                && !isShade(wished)
        }
    }

    /// More than a base colour: `藏蓝`, but not `蓝色`.
    private static func isShade(_ text: String) -> Bool {
        let bare = text.replacing("色", with: "").replacing("的", with: "")
        return !colours.contains { $0.contains(bare) }
    }
}
