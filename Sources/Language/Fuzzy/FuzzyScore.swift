/// How well what was typed fits something with a shortcut, a title and a text: quick phrases, commands,
/// people.
///
/// The order of worth: the shortcut itself, a beginning of shortcut or title, initials, pinyin, a piece
/// of the title, letters of the title in order, words of the text. Scores are comparable for one typed
/// text only.
package struct FuzzyTarget: Sendable {
    package let shortcut: String
    package let title: String
    package let text: String
    package let pinyin: String
    package let initials: String

    package init(shortcut: String = "", title: String, text: String = "") {
        let reading = Pinyin(title)
        self.init(
            shortcut: shortcut, title: title, text: text,
            pinyin: reading.full, initials: reading.initials)
    }

    /// With readings that were computed before, as a store keeps them.
    package init(
        shortcut: String, title: String, text: String, pinyin: String, initials: String
    ) {
        self.shortcut = shortcut
        self.title = title
        self.text = text
        self.pinyin = pinyin
        self.initials = initials
    }

    /// 0…1000, higher is better; nil when the typed text does not fit.
    ///
    /// Nothing typed fits everything.
    package func score(_ typed: String) -> Int? {
        let typed = Self.folded(typed)
        if typed.isEmpty { return 0 }
        let fields: [(field: String, whole: Int, beginning: Int, piece: Int?, scattered: Int?)] = [
            (shortcut, 1000, 900, nil, 400),
            (title, 950, 850, 600, 450),
            (initials, 840, 800, 580, nil),
            (pinyin, 830, 780, 560, 350),
            (text, 500, 420, 300, nil),
        ]
        return fields.compactMap { entry in
            let field = Self.folded(entry.field)
            return Self.fit(
                typed, in: field, whole: entry.whole, beginning: entry.beginning,
                piece: entry.piece, scattered: entry.scattered)
        }.max()
    }

    private static func fit(
        _ typed: [UInt32], in field: [UInt32], whole: Int, beginning: Int, piece: Int?,
        scattered: Int?
    ) -> Int? {
        guard typed.count <= field.count else { return nil }
        if typed == field { return whole }
        // Among equals the shorter field is nearer to what was typed.
        let slack = min(field.count - typed.count, 40)
        if field.starts(with: typed) { return beginning - slack }
        if let piece, let place = place(of: typed, in: field) {
            return piece - min(place, 40) - slack / 2
        }
        if let scattered, let gaps = gaps(of: typed, in: field) {
            return max(scattered - 8 * min(gaps, 30) - slack, 1)
        }
        return nil
    }

    private static func place(of typed: [UInt32], in field: [UInt32]) -> Int? {
        (0...(field.count - typed.count)).first {
            field[$0..<($0 + typed.count)].elementsEqual(typed)
        }
    }

    /// How many scalars are skipped between the first and the last hit of the tightest left-most
    /// subsequence; nil when the letters do not stand in order.
    private static func gaps(of typed: [UInt32], in field: [UInt32]) -> Int? {
        var next = 0
        var end = 0
        for (index, unit) in field.enumerated() where next < typed.count && unit == typed[next] {
            next += 1
            end = index
        }
        guard next == typed.count else { return nil }
        // Walk back from the end: the latest possible start gives the tightest fit.
        var start = end
        next = typed.count - 1
        var index = end
        while next >= 0, index >= 0 {
            if field[index] == typed[next] {
                start = index
                next -= 1
            }
            index -= 1
        }
        return end - start + 1 - typed.count
    }

    private static func folded(_ text: String) -> [UInt32] {
        Folding(text).units.filter { $0 != 0 }
    }
}
