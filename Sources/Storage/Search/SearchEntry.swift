import Desk
import Language
import SQL

/// What of a message and of a buyer can be found, in one place for the index and for whoever checks
/// its candidates.
enum SearchEntry {
    /// The text that is searched: the words, then what a card or a file is called.
    ///
    /// The message's own text stands first, so that marks in it keep their offsets.
    static func text(of message: Message) -> String {
        var parts = [message.text]
        if let card = message.card {
            parts.append(card.title)
            parts += (card.lines ?? []).flatMap { $0 }
        }
        if let attachment = message.attachment { parts.append(attachment.name) }
        return parts.count == 1 ? message.text : parts.joined(separator: "\n")
    }

    /// Nil for what nobody searches: lines of the system and what was withdrawn.
    static func tokens(
        of message: Message, text: String, from buyer: BuyerID, in shop: ShopID
    ) -> TokenText? {
        guard message.kind != .system, !message.withdrawn else { return nil }
        var tokens = TokenText(of: shop)
        tokens.add(words: text)
        tokens.add(mark: kind(message.kind))
        tokens.add(mark: self.buyer(buyer))
        if let staff = message.author.staff { tokens.add(mark: author(staff)) }
        tokens.add(mark: month(message.at))
        return tokens
    }

    // Words of a text never hold `_`, so these are never mistaken for one.
    static func kind(_ kind: Message.Kind) -> String { "_k\(kind.rawValue)" }
    static func buyer(_ buyer: BuyerID) -> String { "_b\(buyer)" }
    static func author(_ staff: StaffID) -> String { "_a\(staff)" }
    static func month(_ at: Instant) -> String { month(number: monthNumber(at)) }
    static func month(number: Int) -> String { "_m\(number)" }

    /// Thirty-day months since 1970: a grid for narrowing, exact times are checked on the message.
    static func monthNumber(_ at: Instant) -> Int {
        Int((at.milliseconds / (30 * 86_400_000)))
    }

    // MARK: Buyers

    /// Names by their characters and words, and as they are typed: in full pinyin and by initials.
    static func tokens(ofBuyer name: String, in shop: ShopID) -> TokenText {
        var tokens = TokenText(of: shop)
        tokens.add(words: name)
        for key in Pinyin.keys(ofName: name) {
            let letters = Array(key.unicodeScalars.filter(isPlain).prefix(longestKey))
            for length in 1...max(1, letters.count) where !letters.isEmpty {
                tokens.add(mark: "_p" + String(String.UnicodeScalarView(letters[..<length])))
            }
        }
        return tokens
    }

    /// Letters of pinyin that are indexed; more narrow nothing further.
    static let longestKey = 24

    /// What was typed as pinyin: lower-case letters and digits without spaces; nil for anything else.
    static func pinyin(_ typed: String) -> String? {
        let letters = typed.lowercased().unicodeScalars.filter { $0 != " " && $0 != "'" }
        guard !letters.isEmpty, letters.allSatisfy(isPlain) else { return nil }
        return String(String.UnicodeScalarView(letters))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
    }
}
