/// What a person typed into the search field, understood.
///
/// Words between spaces are looked for anywhere in a text, all of them; words between quotation marks
/// stay together. `tokens` narrow a store's index down to candidates; `marks(in:)` then decides, since
/// pairs of ideographs can stand in a text apart from each other.
package struct SearchQuery: Sendable, Equatable {
    /// A place in the original text, in UTF-16 code units, as JavaScript counts.
    package struct Mark: Sendable, Hashable, Codable {
        package var start: Int
        package var length: Int

        package init(start: Int, length: Int) {
            self.start = start
            self.length = length
        }
    }

    /// The longest question that is read, in UTF-16 units; what follows is ignored.
    package static let longestQuestion = 200
    /// More tokens than this narrow nothing further.
    package static let mostTokens = 24

    /// Every one of these must be among a text's tokens; without repeats.
    package let tokens: [String]
    /// Folded terms, breaks at neither end.
    private let terms: [[UInt32]]

    /// Nil when nothing in the question can be looked for, as in `？！`.
    package init?(_ question: String) {
        var terms: [[UInt32]] = []
        for words in Self.terms(of: String(question.prefix(Self.longestQuestion))) {
            var units = Folding(words).units[...]
            if units.first == 0 { units.removeFirst() }
            if units.last == 0 { units.removeLast() }
            if !units.isEmpty, !terms.contains(Array(units)) { terms.append(Array(units)) }
        }
        guard !terms.isEmpty else { return nil }
        self.terms = terms

        var seen: Set<String> = []
        var tokens: [String] = []
        for token in terms.flatMap(Self.tokens(of:)) where seen.insert(token).inserted {
            tokens.append(token)
        }
        self.tokens = Array(tokens.prefix(Self.mostTokens))
    }

    /// Where the terms stand in `text`, in order and without overlap; nil unless all of them do.
    package func marks(in text: String) -> [Mark]? {
        let folding = Folding(text, offsets: true)
        var found: [Mark] = []
        for term in terms {
            let places = Self.places(of: term, in: folding.units)
            if places.isEmpty { return nil }
            for place in places {
                let start = Int(folding.starts[place])
                let end = Int(folding.ends[place + term.count - 1])
                found.append(Mark(start: start, length: end - start))
            }
        }
        return Self.joined(found)
    }

    // MARK: Reading the question

    private static let opening: Set<Unicode.Scalar> = ["\"", "“", "「", "＂"]
    private static let closing: Set<Unicode.Scalar> = ["\"", "”", "」", "＂"]

    private static func terms(of question: String) -> [String] {
        var terms: [String] = []
        var current = String.UnicodeScalarView()
        var quoted = false
        func flush() {
            if !current.isEmpty { terms.append(String(current)) }
            current.removeAll()
        }
        for scalar in question.unicodeScalars {
            if quoted ? closing.contains(scalar) : opening.contains(scalar) {
                flush()
                quoted.toggle()
            } else if !quoted, scalar.properties.isWhitespace {
                flush()
            } else {
                current.append(scalar)
            }
        }
        flush()
        return terms
    }

    private static func tokens(of term: [UInt32]) -> [String] {
        var tokens: [String] = []
        var index = 0
        while index < term.count {
            var end = index + 1
            if term[index].isIdeograph {
                while end < term.count, term[end].isIdeograph { end += 1 }
                if end - index == 1 {
                    tokens.append(text(term[index..<end]))
                } else {
                    for pair in index..<(end - 1) { tokens.append(text(term[pair...(pair + 1)])) }
                }
            } else if term[index].isWord {
                while end < term.count, term[end].isWord { end += 1 }
                tokens.append(text(term[index..<min(end, index + SearchTokens.longest)]))
            }
            index = end
        }
        return tokens
    }

    private static func text(_ units: ArraySlice<UInt32>) -> String {
        var view = String.UnicodeScalarView()
        for unit in units {
            if let scalar = Unicode.Scalar(unit & 0x00FF_FFFF) { view.append(scalar) }
        }
        return String(view)
    }

    // MARK: Finding the terms

    private static func places(of term: [UInt32], in units: [UInt32]) -> [Int] {
        guard units.count >= term.count, let first = term.first else { return [] }
        var places: [Int] = []
        var index = 0
        while index <= units.count - term.count {
            if units[index] == first,
                units[index..<(index + term.count)].elementsEqual(term),
                begins(term, at: index, in: units), ends(term, at: index, in: units)
            {
                places.append(index)
                index += term.count
            } else {
                index += 1
            }
        }
        return places
    }

    /// A word is found from its beginning, a long number also by its end or within `SF1234…`.
    private static func begins(_ term: [UInt32], at place: Int, in units: [UInt32]) -> Bool {
        guard term[0].isWord, place > 0, units[place - 1].isWord else { return true }
        let length = term.prefix(while: \.isWord).count
        let digits = term.prefix(while: \.isDigit).count
        guard digits == length else { return false }
        var start = place
        while start > 0, units[start - 1].isDigit { start -= 1 }
        var end = place + length
        while end < units.count, units[end].isDigit { end += 1 }
        guard end - start >= SearchTokens.longNumber else { return false }
        return start == place && length >= SearchTokens.shortestPrefix
            || end == place + length && length >= SearchTokens.shortestSuffix
    }

    /// One or two letters are a whole word, more may be its beginning.
    private static func ends(_ term: [UInt32], at place: Int, in units: [UInt32]) -> Bool {
        let after = place + term.count
        guard let last = term.last, last.isWord, after < units.count, units[after].isWord else {
            return true
        }
        return term.reversed().prefix(while: \.isWord).count >= SearchTokens.shortestPrefix
    }

    private static func joined(_ marks: [Mark]) -> [Mark] {
        var joined: [Mark] = []
        for mark in marks.sorted(by: { ($0.start, $0.length) < ($1.start, $1.length) }) {
            if let last = joined.last, mark.start < last.start + last.length {
                let end = max(last.start + last.length, mark.start + mark.length)
                joined[joined.count - 1].length = end - last.start
            } else {
                joined.append(mark)
            }
        }
        return joined
    }
}
