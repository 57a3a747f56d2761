import Foundation

/// Text as search sees it: every scalar folded to a comparable form, with its class, and where it
/// stood in the original.
///
/// Folding works scalar by scalar so that offsets stay exact: ASCII and full-width ASCII become lower
/// case ASCII, compatibility forms (`①`, `㎡`, `ﬁ`) become what they stand for, diacritics are dropped
/// (`é` and `e` + accent are both `e`), ideographs, kana, hangul and emoji stay as they are.
/// Everything that is neither letter, digit, ideograph nor symbol worth finding is a break, and a run
/// of breaks is one break.
struct Folding {
    /// What a folded scalar is; kept in the upper bits of a unit.
    enum Class {
        static let gap: UInt32 = 0
        static let word: UInt32 = 1 << 24
        static let ideograph: UInt32 = 2 << 24
        /// Belongs to its neighbour and vanishes: accents, variation selectors, joiners.
        static let nothing: UInt32 = 3 << 24
        static let mask: UInt32 = 3 << 24
    }

    /// Folded scalars, each `class | scalar`; a break is 0.
    private(set) var units: [UInt32] = []
    /// UTF-16 offsets of each unit in the original; empty unless asked for.
    private(set) var starts: [Int32] = []
    private(set) var ends: [Int32] = []

    init(_ text: String, offsets: Bool = false) {
        var text = text
        text.withUTF8 { bytes in
            units.reserveCapacity(bytes.count)
            if offsets {
                starts.reserveCapacity(bytes.count)
                ends.reserveCapacity(bytes.count)
            }
            fold(bytes, offsets: offsets)
        }
    }

    private mutating func fold(_ bytes: UnsafeBufferPointer<UInt8>, offsets: Bool) {
        var index = 0
        var utf16: Int32 = 0
        while index < bytes.count {
            let first = bytes[index]
            if first < 0x80 {
                append(Self.ascii[Int(first)], utf16, 1, offsets)
                index += 1
                utf16 += 1
                continue
            }
            // A Swift string is valid UTF-8, so the continuation bytes are there.
            var scalar: UInt32
            var width: Int32 = 1
            if first < 0xE0 {
                scalar = UInt32(first & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
                index += 2
            } else if first < 0xF0 {
                scalar = UInt32(first & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6
                scalar |= UInt32(bytes[index + 2] & 0x3F)
                index += 3
            } else {
                scalar = UInt32(first & 0x07) << 18 | UInt32(bytes[index + 1] & 0x3F) << 12
                scalar |= UInt32(bytes[index + 2] & 0x3F) << 6 | UInt32(bytes[index + 3] & 0x3F)
                index += 4
                width = 2
            }
            if let unit = Self.common(scalar) {
                append(unit, utf16, width, offsets)
            } else {
                for unit in Self.rare(scalar) { append(unit, utf16, width, offsets) }
            }
            utf16 += width
        }
    }

    private mutating func append(_ unit: UInt32, _ start: Int32, _ width: Int32, _ offsets: Bool) {
        if unit == Class.nothing {
            // An accent belongs to what it sits on: a mark over that covers it too.
            if offsets, let last = ends.indices.last, ends[last] == start {
                ends[last] = start + width
            }
            return
        }
        if unit == 0, units.last == 0 { return }
        units.append(unit)
        if offsets {
            starts.append(start)
            ends.append(start + width)
        }
    }

    /// Letters and digits to `word | lower case`, everything else a break.
    private static let ascii: [UInt32] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            Class.word | UInt32(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            Class.word | UInt32(byte + 32)
        default:
            Class.gap
        }
    }

    /// The scalars that make up nearly all Chinese chat; nil sends the scalar to `rare`.
    @inline(__always)
    private static func common(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF: return Class.ideograph | scalar
        case 0xFF01...0xFF5E: return ascii[Int(scalar - 0xFEE0)]
        case 0x3005, 0x3007: return Class.ideograph | scalar
        case 0x3000...0x303F: return Class.gap
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC: return Class.ideograph | scalar
        case 0x3099, 0x309A: return Class.nothing
        case 0xAC00...0xD7A3: return Class.ideograph | scalar
        case 0x200B...0x200F, 0x2060, 0xFEFF, 0xFE00...0xFE0F: return Class.nothing
        case 0x2010...0x2029, 0x202F...0x205F: return Class.gap
        case 0x1F3FB...0x1F3FF, 0xE0000...0xE0FFF: return Class.nothing
        case 0x1F000...0x1F0FF, 0x1F300...0x1FAFF, 0x2600...0x27BF:
            return Class.ideograph | scalar
        case 0x20000...0x2F7FF, 0x30000...0x3FFFF: return Class.ideograph | scalar
        default: return nil
        }
    }

    /// The long way through Unicode's tables: compatibility decomposition, lower case, accents off.
    private static func rare(_ value: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(value) else { return [Class.gap] }
        let plain = String(scalar).decomposedStringWithCompatibilityMapping.lowercased()
        return plain.unicodeScalars.map { folded in
            if folded.value < 0x80 { return ascii[Int(folded.value)] }
            if let unit = common(folded.value) { return unit }
            switch folded.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark, .format: return Class.nothing
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber:
                return Class.word | folded.value
            default: return Class.gap
            }
        }
    }
}

extension UInt32 {
    /// Is this unit a letter or digit of an alphabetic script, yes or no.
    @inline(__always) var isWord: Bool { self & Folding.Class.mask == Folding.Class.word }
    /// Is this unit an ideograph, kana, hangul or emoji, yes or no.
    @inline(__always) var isIdeograph: Bool { self & Folding.Class.mask == Folding.Class.ideograph }
    @inline(__always) var isDigit: Bool {
        self &- (Folding.Class.word | 0x30) < 10
    }
}
