/// Personal data made unreadable for logs, previews and lists: `138****5678`, `张*`.
///
/// What counts is found by shape and, where there is one, by check digit; a long number without a
/// valid check digit is an order number and stays readable.
package enum Masking {
    /// A person's name: the first character stays, `欧阳娜娜` → `欧***`, `Anna Smith` → `A***`.
    package static func name(_ name: String) -> String {
        guard let first = name.first else { return "" }
        let others = name.count - 1
        guard others > 0 else { return "*" }
        return String(first) + String(repeating: "*", count: min(others, 3))
    }

    /// A telephone number: the first three and the last four digits stay, fewer of a short one.
    package static func phone(_ number: String) -> String {
        masked(
            Array(number), keepFirst: number.count >= 11 ? 3 : 1,
            keepLast: number.count >= 8 ? 4 : 1)
    }

    /// `zhang@example.com` → `z***@example.com`.
    package static func mail(_ address: String) -> String {
        guard let at = address.lastIndex(of: "@"), at > address.startIndex else { return "***" }
        return address.prefix(1) + "***" + address[at...]
    }

    /// Masks every mainland mobile number, resident identity number, payment card number and mail
    /// address in `text`; everything else stays as it is.
    package static func text(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if isMailPart(scalars[index]) {
                let end = scalars[index...].firstIndex { !isMailPart($0) } ?? scalars.count
                if let mailEnd = domainEnd(scalars, at: end) {
                    output.append(scalars[index])
                    output.append(contentsOf: "***".unicodeScalars)
                    output.append(contentsOf: scalars[end..<mailEnd])
                    index = mailEnd
                    continue
                }
            }
            if isDigit(scalars[index]) {
                let end = numberEnd(scalars, from: index)
                output.append(contentsOf: number(Array(scalars[index..<end])))
                index = end
            } else {
                output.append(scalars[index])
                index += 1
            }
        }
        return String(output)
    }

    // MARK: Numbers

    /// The end of a number that may be grouped by single spaces or hyphens: `6222 0212 …`,
    /// `138-1234-5678`.
    private static func numberEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start + 1
        while end < scalars.count {
            if isDigit(scalars[end]) {
                end += 1
            } else if scalars[end] == " " || scalars[end] == "-", end + 1 < scalars.count,
                isDigit(scalars[end + 1])
            {
                end += 2
            } else {
                break
            }
        }
        if end < scalars.count, scalars[end] == "X" || scalars[end] == "x" { end += 1 }
        return end
    }

    private static func number(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let places = scalars.indices.filter { isDigit(scalars[$0]) || isCheckLetter(scalars[$0]) }
        let digits = places.map { scalars[$0] }
        guard let kept = kept(digits) else { return groups(scalars) }
        var masked = scalars
        for (index, place) in places.enumerated()
        where index >= kept.first && index < digits.count - kept.last {
            masked[place] = "*"
        }
        return masked
    }

    /// A run that is nothing as a whole may be several numbers with a space between.
    private static func groups(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        for separator: Unicode.Scalar in [" ", "-"] where scalars.contains(separator) {
            let parts = scalars.split(separator: separator).map { number(Array($0)) }
            return Array(parts.joined(separator: [separator]))
        }
        return scalars
    }

    /// How many digits stay readable at both ends; nil for a number that is nobody's.
    private static func kept(_ digits: [Unicode.Scalar]) -> (first: Int, last: Int)? {
        let values = digits.map { isCheckLetter($0) ? 10 : Int($0.value) - 48 }
        switch values.count {
        case 11 where values[0] == 1 && (3...9).contains(values[1]) && !values.contains(10):
            return (3, 4)
        case 13 where values[0] == 8 && values[1] == 6 && values[2] == 1 && !values.contains(10):
            return (5, 4)
        case 18 where isIdentity(values): return (3, 4)
        case 15...19 where !values.contains(10) && isCard(values): return (4, 4)
        default: return nil
        }
    }

    /// GB 11643-1999: weights 2^(17-i) mod 11, check character from `10X98765432`.
    private static func isIdentity(_ values: [Int]) -> Bool {
        guard !values.dropLast().contains(10) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let month = values[10] * 10 + values[11]
        return [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2][sum % 11] == values[17]
            && (1...12).contains(month)
    }

    /// ISO/IEC 7812-1: the Luhn check, and the beginnings and lengths of UnionPay (62), Visa (4),
    /// Mastercard (51–55) and American Express (34, 37).
    ///
    /// Order numbers of 19 digits pass the check one time in ten, so the beginning matters.
    private static func isCard(_ values: [Int]) -> Bool {
        switch (values.count, values[0], values[1]) {
        case (16...19, 6, 2), (16, 4, _), (16, 5, 1...5), (15, 3, 4), (15, 3, 7): break
        default: return false
        }
        let sum = values.reversed().enumerated().reduce(0) { sum, entry in
            guard entry.offset % 2 == 1 else { return sum + entry.element }
            let double = entry.element * 2
            return sum + (double > 9 ? double - 9 : double)
        }
        return sum % 10 == 0
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value)
    }

    private static func isCheckLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "X" || scalar == "x"
    }

    // MARK: Mail

    private static func isMailPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "+", "-", "%": true
        default: false
        }
    }

    /// The end of `@host.tld` at `start`.
    private static func domainEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int? {
        guard start < scalars.count, scalars[start] == "@" else { return nil }
        var end = start + 1
        while end < scalars.count, isMailPart(scalars[end]) { end += 1 }
        return scalars[(start + 1)..<end].contains(".") ? end : nil
    }

    private static func masked(_ text: [Character], keepFirst: Int, keepLast: Int) -> String {
        guard text.count > keepFirst + keepLast else {
            return String(repeating: "*", count: text.count)
        }
        let hidden = String(repeating: "*", count: text.count - keepFirst - keepLast)
        return String(text.prefix(keepFirst)) + hidden + String(text.suffix(keepLast))
    }
}
