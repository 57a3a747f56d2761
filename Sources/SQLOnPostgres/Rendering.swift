/// A statement's text as PostgreSQL reads it: each `?` becomes `$1`, `$2` … in order.
///
/// Quoted text, quoted names, dollar quotes and comments stay as they are.
enum Rendering {
    static func numbered(_ text: String) -> String {
        var scanner = Scanner(Array(text.utf8))
        scanner.scan()
        return String(decoding: scanner.output, as: UTF8.self)
    }

    private struct Scanner {
        let input: [UInt8]
        var output: [UInt8] = []
        var at = 0
        var parameters = 0

        init(_ input: [UInt8]) {
            self.input = input
            output.reserveCapacity(input.count + 32)
        }

        mutating func scan() {
            while at < input.count {
                switch input[at] {
                case UInt8(ascii: "?"):
                    parameters += 1
                    output += "$\(parameters)".utf8
                    at += 1
                case UInt8(ascii: "'"), UInt8(ascii: "\""): copyQuoted(input[at])
                case UInt8(ascii: "-") where next == UInt8(ascii: "-"): copy(until: [0x0a])
                case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                    copy(until: Array("*/".utf8), from: 2)
                case UInt8(ascii: "$"): copyDollarQuoted()
                default: copy(1)
                }
            }
        }

        private var next: UInt8? { at + 1 < input.count ? input[at + 1] : nil }

        private mutating func copy(_ count: Int) {
            let end = min(at + count, input.count)
            output += input[at..<end]
            at = end
        }

        /// A doubled quotation mark inside is two quoted parts side by side, which copies to the same.
        private mutating func copyQuoted(_ mark: UInt8) { copy(until: [mark], from: 1) }

        /// Copies up to and including `end`, looked for behind the first `from` bytes.
        private mutating func copy(until end: [UInt8], from skipped: Int = 0) {
            var place = at + skipped
            while place < input.count, !input[place...].starts(with: end) { place += 1 }
            copy(place + end.count - at)
        }

        private mutating func copyDollarQuoted() {
            var end = at + 1
            while end < input.count, Self.isWord(input[end]) { end += 1 }
            guard end < input.count, input[end] == UInt8(ascii: "$") else { return copy(1) }
            let tag = Array(input[at...end])
            copy(until: tag, from: tag.count)
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
