/// The tokens under which a text is found.
///
/// Chinese has no spaces, and two thirds of what people look for are words of one to four characters,
/// so ideographs are indexed singly and in pairs: one character is looked up directly, two are one
/// token, longer words are the pairs they contain, checked against the text afterwards
/// (`SearchQuery.marks(in:)`). Alphabetic words and numbers are indexed by their beginnings, and long
/// numbers (orders, parcels, phones) also by their ends, since people read out the last digits.
///
/// A token holds ASCII letters and digits and scalars above 127 only, so that a tokenizer that splits
/// at ASCII punctuation keeps it whole (SQLite FTS5 `ascii`, PostgreSQL `simple`).
package enum SearchTokens {
    /// Words shorter than this are found whole only, longer ones by any beginning of this length.
    static let shortestPrefix = 3
    /// Beginnings and ends are indexed up to this many scalars.
    static let longest = 24
    /// A run of digits this long or longer is also found by its end.
    static let longNumber = 8
    static let shortestSuffix = 4

    /// Writes the tokens of `text` to `output` in UTF-8, a space after each.
    ///
    /// - Parameters:
    ///   - prefix: ASCII bytes put before each token, e.g. the shop whose text it is.
    package static func write(
        _ text: String, prefix: some Collection<UInt8> = [], into output: inout [UInt8]
    ) {
        let prefix = Array(prefix)
        Folding(text).units.withUnsafeBufferPointer { units in
            var writer = Writer(units: units, prefix: prefix, output: output)
            // The caller's buffer is lent to the writer, not copied.
            output = []
            writer.run()
            output = writer.output
        }
    }

    /// The tokens of `text`, in the order of the text, with repeats.
    package static func list(_ text: String) -> [String] {
        var bytes: [UInt8] = []
        write(text, into: &bytes)
        return bytes.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Writer {
        let units: UnsafeBufferPointer<UInt32>
        let prefix: [UInt8]
        var output: [UInt8]

        mutating func run() {
            output.reserveCapacity(output.count + units.count * (8 + 2 * prefix.count))
            var index = 0
            while index < units.count {
                let unit = units[index]
                if unit.isIdeograph {
                    put(index, index + 1)
                    if index + 1 < units.count, units[index + 1].isIdeograph {
                        put(index, index + 2)
                    }
                    index += 1
                } else if unit.isWord {
                    var end = index + 1
                    while end < units.count, units[end].isWord { end += 1 }
                    word(index, end)
                    index = end
                } else {
                    index += 1
                }
            }
        }

        mutating func word(_ start: Int, _ end: Int) {
            beginnings(start, end)
            var index = start
            while index < end {
                guard units[index].isDigit else {
                    index += 1
                    continue
                }
                var last = index + 1
                while last < end, units[last].isDigit { last += 1 }
                if last - index >= longNumber {
                    // `SF1234567890` is looked up as `1234…` too.
                    if index > start { beginnings(index, last) }
                    ends(index, last)
                }
                index = last
            }
        }

        mutating func beginnings(_ start: Int, _ end: Int) {
            if end - start < shortestPrefix { return put(start, end) }
            for length in shortestPrefix...min(end - start, longest) { put(start, start + length) }
        }

        mutating func ends(_ start: Int, _ end: Int) {
            let most = min(end - start - 1, longest)
            for length in shortestSuffix...most { put(end - length, end) }
        }

        mutating func put(_ start: Int, _ end: Int) {
            output.append(contentsOf: prefix)
            for index in start..<end { encode(units[index]) }
            output.append(0x20)
        }

        @inline(__always)
        mutating func encode(_ unit: UInt32) {
            let scalar = unit & 0x00FF_FFFF
            if scalar < 0x80 {
                output.append(UInt8(truncatingIfNeeded: scalar))
            } else if scalar < 0x800 {
                output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
            } else if scalar < 0x10000 {
                output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
            } else {
                output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
            }
        }
    }
}
