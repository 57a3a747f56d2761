import Foundation

/// A sentence that is sent often, found in a few keystrokes (domain A18).
package struct QuickPhrase: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable, Codable {
        /// The whole shop's.
        case shop
        /// One person's own.
        case personal
    }

    package let id: QuickPhraseID
    package let scope: Scope
    /// What is typed to find it, without blanks; empty = none.
    package let shortcut: String
    package let title: String
    /// May hold `{variables}`; see ``PhraseVariable``.
    package let text: String
    package let pinyin: String
    package let initials: String
    package let uses: Int
    package let version: Int

    package init(
        id: QuickPhraseID, scope: Scope, shortcut: String, title: String, text: String,
        pinyin: String, initials: String, uses: Int, version: Int
    ) {
        self.id = id
        self.scope = scope
        self.shortcut = shortcut
        self.title = title
        self.text = text
        self.pinyin = pinyin
        self.initials = initials
        self.uses = uses
        self.version = version
    }
}

/// What a phrase may leave to be filled in, written `{buyer}`.
package enum PhraseVariable: String, Hashable, Sendable, CaseIterable {
    case buyer
    case agent
    case shop
    /// The number of the order that the conversation named last.
    case order
    case time
    case date

    package var name: Localized {
        switch self {
        case .buyer: Localized(zh: "买家称呼", en: "The buyer's name")
        case .agent: Localized(zh: "自己的称呼", en: "Your own name")
        case .shop: Localized(zh: "店名", en: "The shop's name")
        case .order: Localized(zh: "订单号", en: "The order's number")
        case .time: Localized(zh: "现在几点", en: "The time")
        case .date: Localized(zh: "今天的日期", en: "Today's date")
        }
    }

    /// Puts values in place of `{names}`; what is not known stays as written, so that the agent sees it.
    package static func fill(_ text: String, _ values: [PhraseVariable: String]) -> String {
        var filled = text
        for (variable, value) in values {
            filled = filled.replacingOccurrences(of: "{\(variable.rawValue)}", with: value)
        }
        return filled
    }

    /// The `{names}` in a text that no variable has.
    package static func unknown(in text: String) -> [String] {
        text.matches(of: /\{([a-zA-Z]{1,20})\}/).map { String($0.1) }
            .filter { PhraseVariable(rawValue: $0) == nil }
    }
}

/// What somebody wrote for a phrase, checked.
package struct PhraseDraft: Hashable, Sendable {
    package let scope: QuickPhrase.Scope
    package let shortcut: String
    package let title: String
    package let text: String

    /// - Throws: which part does not fit.
    package init(
        scope: QuickPhrase.Scope, shortcut: String, title: String, text: String
    ) throws(Refusal) {
        let shortcut = shortcut.trimmingCharacters(in: .whitespaces).lowercased()
        let title = title.trimmingCharacters(in: .whitespacesAndNewlines)
        guard shortcut.count <= 20, !shortcut.contains(where: \.isWhitespace) else {
            throw Refusal(
                .invalid, "phrase.shortcut", zh: "短码最多 20 个字符，不含空格",
                en: "A shortcut has at most 20 characters and no blanks", field: "shortcut")
        }
        guard (1...60).contains(title.count) else {
            throw Refusal(
                .invalid, "phrase.title", zh: "标题用 1 到 60 个字", en: "A title has 1 to 60 characters",
                field: "title")
        }
        guard (1...4_000).contains(text.count), !text.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "phrase.text", zh: "内容用 1 到 4000 个字",
                en: "A text has 1 to 4,000 characters",
                field: "text")
        }
        if let unknown = PhraseVariable.unknown(in: text).first {
            let known = PhraseVariable.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
            throw Refusal(
                .invalid, "phrase.variable", zh: "没有变量 {\(unknown)}",
                en: "There is no variable {\(unknown)}",
                instead: Localized(zh: "可以用 \(known)", en: "Use \(known)"), field: "text")
        }
        self.scope = scope
        self.shortcut = shortcut
        self.title = title
        self.text = text
    }
}
