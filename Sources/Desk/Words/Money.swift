/// An amount of money in whole fen (分), a hundredth of a yuan.
///
/// Whole numbers, so that every sum comes out to the fen (domain: "Money is integer 分").
package struct Money: Hashable, Comparable, Sendable, Codable {
    package let fen: Int64

    package init(fen: Int64) { self.fen = fen }

    package static let zero = Money(fen: 0)

    package static func < (a: Self, b: Self) -> Bool { a.fen < b.fen }
    package static func + (a: Self, b: Self) -> Self { Self(fen: a.fen + b.fen) }
    package static func - (a: Self, b: Self) -> Self { Self(fen: a.fen - b.fen) }
    package static func += (a: inout Self, b: Self) { a = a + b }
    package static func -= (a: inout Self, b: Self) { a = a - b }
    package static prefix func - (a: Self) -> Self { Self(fen: -a.fen) }

    /// The price of several pieces.
    package static func * (a: Self, pieces: Int) -> Self { Self(fen: a.fen * Int64(pieces)) }

    package init(from decoder: any Decoder) throws {
        fen = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fen)
    }
}

extension Money: CustomStringConvertible {
    /// As people write it: `¥1299.00`, `-¥0.50`.
    package var description: String {
        let (yuan, rest) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(fen < 0 ? "-" : "")¥\(yuan).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// An amount as people and exports write it in yuan: `1299`, `1,299.00`, `¥12.5`, `12.50元`.
    ///
    /// - Returns: nil for anything else, also for fractions of a fen and for what no amount can be.
    package init?(yuan text: some StringProtocol) {
        var digits = text.drop { $0.isWhitespace }
        while let last = digits.last, last.isWhitespace || last == "元" { digits.removeLast() }
        var isNegative = false
        if digits.first == "-" {
            isNegative = true
            digits.removeFirst()
        }
        if digits.first == "¥" || digits.first == "￥" { digits.removeFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let yuan = Self.wholeYuan(whole) else { return nil }
        var rest: Int64 = 0
        if parts.count == 2 {
            // Trailing zeros beyond the fen say nothing.
            var places = parts[1]
            while places.count > 2, places.last == "0" { places.removeLast() }
            guard (1...2).contains(places.count), places.utf8.allSatisfy(Self.isDigit),
                let value = Int64(places)
            else { return nil }
            rest = places.count == 1 ? value * 10 : value
        }
        let (hundreds, tooMuch) = yuan.multipliedReportingOverflow(by: 100)
        guard !tooMuch, hundreds <= Int64.max - 99 else { return nil }
        fen = (isNegative ? -1 : 1) * (hundreds + rest)
    }

    /// Digits, with commas only between groups of three.
    private static func wholeYuan(_ text: some StringProtocol) -> Int64? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }),
            groups.count == 1
                || (groups[0].count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 })
        else { return nil }
        return Int64(groups.joined())
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Money {
    /// Splits an amount in proportion to weights, to the fen (domain §3.9: largest remainder, ties by order).
    ///
    /// The parts always add up to the amount. Where all weights are zero, the first part gets everything.
    /// - Parameter weights: none below zero; at least one.
    package func split(by weights: [Int64]) -> [Money] {
        guard !weights.isEmpty else { return [] }
        let total = weights.reduce(0, +)
        guard total > 0 else {
            return weights.indices.map { $0 == 0 ? self : .zero }
        }
        let sign: Int64 = fen < 0 ? -1 : 1
        let shares = weights.map { weight -> (part: Int64, rest: UInt64) in
            // 128 bits between: amounts and weights may both be large.
            let product = fen.magnitude.multipliedFullWidth(by: UInt64(weight))
            let (quotient, remainder) = UInt64(total).dividingFullWidth(product)
            return (Int64(quotient), remainder)
        }
        var parts = shares.map(\.part)
        let missing = Int64(fen.magnitude) - parts.reduce(0, +)
        let byRemainder = shares.indices.sorted {
            (shares[$1].rest, $0) < (shares[$0].rest, $1)
        }
        for index in byRemainder.prefix(Int(missing)) { parts[index] += 1 }
        return parts.map { Money(fen: sign * $0) }
    }
}
