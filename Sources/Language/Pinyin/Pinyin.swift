import Foundation
import Synchronization

/// How Chinese text is typed on a Latin keyboard: `张三` is `zhangsan`, or `zs` for short.
///
/// Readings come from the Unicode transform that Foundation carries; tones are dropped and `ü` is
/// `v`, as input methods have it. Characters with several readings get the one that fits the
/// characters around them, as far as the transform knows.
package struct Pinyin: Sendable, Equatable {
    /// The reading of each character, or a foreign word or number as it stands, in lower case.
    package let syllables: [String]
    /// The syllables run together, `zhangsan`.
    package let full: String
    /// First letters, numbers whole: `7天无理由` is `7twly`.
    package let initials: String

    /// The reading of a title or a sentence.
    package init(_ text: String) {
        self.init(syllables: Self.syllables(of: text))
    }

    /// The reading of a person's name, where `单` is Shan and not dan.
    package init(name: String) {
        let head = String(name.prefix(2))
        if name.count > 2, let reading = Surnames.double[head] {
            self.init(syllables: reading + Self.syllables(of: String(name.dropFirst(2))))
        } else if let first = name.first, name.count > 1, let reading = Surnames.single[first] {
            self.init(syllables: [reading] + Self.syllables(of: String(name.dropFirst())))
        } else {
            self.init(syllables: Self.syllables(of: name))
        }
    }

    private init(syllables: [String]) {
        self.syllables = syllables
        full = syllables.joined()
        initials = syllables.map { syllable in
            syllable.first.map { $0.isNumber ? syllable : String($0) } ?? ""
        }.joined()
    }

    /// Every way in which somebody may type a name: as a name and as plain words (a nickname such as
    /// `单身狗` holds no surname), each in full and as initials.
    ///
    /// Sorted, without repeats.
    package static func keys(ofName name: String) -> [String] {
        let readings = [Pinyin(name: name), Pinyin(name)]
        return Set(readings.flatMap { [$0.full, $0.initials] }).filter { !$0.isEmpty }.sorted()
    }

    // MARK: Readings

    private static let cache = Mutex<[String: [String]]>([:])
    /// Readings kept; a full cache starts anew.
    private static let cacheSize = 8192

    private static func syllables(of text: String) -> [String] {
        if let known = cache.withLock({ $0[text] }) { return known }
        let found = read(text)
        cache.withLock { cache in
            if cache.count >= cacheSize { cache.removeAll(keepingCapacity: true) }
            cache[text] = found
        }
        return found
    }

    private static func read(_ text: String) -> [String] {
        var syllables: [String] = []
        var index = 0
        let units = Folding(text).units
        while index < units.count {
            let unit = units[index]
            var end = index + 1
            if isHan(unit) {
                while end < units.count, isHan(units[end]) { end += 1 }
                syllables += readings(of: units[index..<end])
            } else if unit.isDigit {
                while end < units.count, units[end].isDigit { end += 1 }
                syllables.append(string(units[index..<end]))
            } else if unit.isWord {
                while end < units.count, units[end].isWord, !units[end].isDigit { end += 1 }
                syllables.append(string(units[index..<end]))
            }
            index = end
        }
        return syllables
    }

    private static func readings(of run: ArraySlice<UInt32>) -> [String] {
        let together = latin(string(run)).split(separator: " ").map(String.init)
        if together.count == run.count { return together }
        // A character without a reading keeps its place by standing for itself.
        return run.map { latin(string([$0])).replacingOccurrences(of: " ", with: "") }
    }

    /// Readings found before: the same words come again, and the system's transliterator is made anew for each call, which
    /// by profile takes more than a millisecond.
    private static let known = Mutex<[String: String]>([:])
    private static let mostKnown = 4_096

    /// `重庆` → `chong qing`.
    private static func latin(_ han: String) -> String {
        if let found = known.withLock({ $0[han] }) { return found }
        let found = transliterated(han)
        known.withLock { known in
            if known.count >= mostKnown { known = [:] }
            known[han] = found
        }
        return found
    }

    private static func transliterated(_ han: String) -> String {
        let marked = (han as NSString).applyingTransform(.mandarinToLatin, reverse: false) ?? han
        var plain = String.UnicodeScalarView()
        for scalar in marked.decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar == "\u{308}", plain.last == "u" {
                plain.removeLast()
                plain.append("v")
            } else if scalar.properties.generalCategory != .nonspacingMark {
                plain.append(scalar)
            }
        }
        return String(plain).lowercased()
    }

    private static func isHan(_ unit: UInt32) -> Bool {
        switch unit & 0x00FF_FFFF {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2F7FF, 0x30000...0x3FFFF, 0x3007: true
        default: false
        }
    }

    private static func string(_ units: some Sequence<UInt32>) -> String {
        var view = String.UnicodeScalarView()
        for unit in units {
            if let scalar = Unicode.Scalar(unit & 0x00FF_FFFF) { view.append(scalar) }
        }
        return String(view)
    }
}
