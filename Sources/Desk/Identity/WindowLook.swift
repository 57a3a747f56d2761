import Foundation

/// What a shop may word itself in its chat window, in each language; empty = the window's own words.
package enum WindowText: String, CaseIterable, Sendable {
    /// Stands at the head; empty = the shop's name.
    case title
    /// The first thing a buyer reads.
    case greeting
    /// Above the form that is offered while nobody is there.
    case away

    /// In characters.
    package var longest: Int {
        switch self {
        case .title: 30
        case .greeting: 500
        case .away: 300
        }
    }

    /// - Throws: for a text that there is not, or one too long.
    package static func check(_ texts: [String: Localized]) throws(Refusal) -> [String: Localized] {
        var kept: [String: Localized] = [:]
        for (name, text) in texts {
            guard let role = WindowText(rawValue: name) else {
                throw Refusal(
                    .invalid, "texts.unknown", zh: "没有这段文字：\(name.prefix(40))",
                    en: "There is no such text: \(name.prefix(40))", field: "texts")
            }
            let words = Localized(
                zh: text.zh.trimmingCharacters(in: .whitespacesAndNewlines),
                en: text.en.trimmingCharacters(in: .whitespacesAndNewlines))
            guard max(words.zh.count, words.en.count) <= role.longest else {
                throw Refusal(
                    .invalid, "texts.tooLong", zh: "这段文字最多 \(role.longest) 字",
                    en: "This text has at most \(role.longest) characters", field: "texts.\(name)")
            }
            if !words.zh.isEmpty || !words.en.isEmpty { kept[name] = words }
        }
        return kept
    }
}

/// A shop's own colour in its chat window, by theme.
///
/// Letters on it are white or black, whichever reads better, so they always reach 4.5:1. The colour itself marks
/// buttons and bubbles, so it must stand out from what is behind it (WCAG 2.2 AA, 1.4.11).
package enum WindowColour: String, CaseIterable, Sendable {
    case brand
    case brandDark

    /// The window's surface in this theme; the same as `--surface` in the design's tokens.
    package var ground: Colour {
        switch self {
        case .brand: Colour(red: 0xff, green: 0xff, blue: 0xff)
        case .brandDark: Colour(red: 0x21, green: 0x1e, blue: 0x1a)
        }
    }

    /// The least contrast of a part that people must make out (WCAG 2.2, 1.4.11).
    package static let least = 3.0

    /// - Throws: for a colour that there is not, that is not `#rrggbb`, or that cannot be made out.
    package static func check(_ colours: [String: String]) throws(Refusal) -> [String: String] {
        var kept: [String: String] = [:]
        for (name, text) in colours {
            guard let role = WindowColour(rawValue: name), let colour = Colour(text) else {
                throw Refusal(
                    .invalid, "colours.malformed", zh: "颜色写成 #rrggbb 的样子",
                    en: "Write colours as #rrggbb", field: "colours")
            }
            guard colour.contrast(with: role.ground) >= least else {
                throw Refusal(
                    .invalid, "colours.faint", zh: "这个颜色和背景太接近，看不清",
                    en: "This colour is too close to what is behind it to be made out",
                    instead: Localized(
                        zh: "换深一些的颜色；深色模式用浅一些的",
                        en: "Take a darker one, for dark mode a lighter one"),
                    field: "colours.\(name)")
            }
            kept[name] = text.lowercased()
        }
        return kept
    }
}

/// A colour of the screen, sRGB.
package struct Colour: Hashable, Sendable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Nil unless the text is `#rrggbb`.
    package init?(_ text: String) {
        guard text.utf8.count == 7, text.hasPrefix("#"), text.dropFirst().allSatisfy(\.isHexDigit),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            red: UInt8(number >> 16 & 0xff), green: UInt8(number >> 8 & 0xff),
            blue: UInt8(number & 0xff))
    }

    /// Relative luminance, 0 black to 1 white (WCAG 2.2).
    package var luminance: Double {
        func light(_ part: UInt8) -> Double {
            let c = Double(part) / 255
            return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue)
    }

    /// 1 for the same colour to 21 for black on white (WCAG 2.2).
    package func contrast(with other: Colour) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }
}
