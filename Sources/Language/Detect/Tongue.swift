/// The language in which to answer somebody.
package enum Tongue: String, Sendable, Codable, CaseIterable {
    case chinese = "zh"
    case english = "en"

    /// The language of `text`; nil when it holds no letters (`123`, `👍`), so that the caller keeps
    /// what is known about the person.
    ///
    /// One ideograph says as much as a Latin word, so `iPhone 15 怎么卖` is Chinese.
    package init?(of text: String) {
        var ideographs = 0
        var words = 0
        var inWord = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x3FFFF:
                ideographs += 1
                inWord = false
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F:
                if !inWord { words += 1 }
                inWord = true
            default:
                // Digits and apostrophes do not end a word: `I'm`, `A4`.
                if scalar != "'" && scalar != "’" { inWord = false }
            }
        }
        if ideographs == 0 && words == 0 { return nil }
        self = ideographs >= words ? .chinese : .english
    }
}
