import Desk
import NIOCore

/// Reads the frame that nearly every frame is, a plain `say`, without the general decoder.
///
/// Knows flat objects whose fields are those of a text message and whose strings hold no escapes; everything else, and
/// everything wrong, is left to the general decoder, which also words the refusals. Measured: the general decoder took
/// a third of an event loop's time.
struct UsualSay {
    private(set) var key: String?
    private(set) var text: String?
    private(set) var conversation: ConversationID?
    private(set) var replyTo: Int?

    /// Nil when the frame is anything but that.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var reader = Reader(bytes: bytes)
        var seen: UInt8 = 0
        guard reader.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = reader.string(), let field = Field(name),
                reader.take(UInt8(ascii: ":")),
                seen & field.rawValue == 0
            else { return nil }
            seen |= field.rawValue
            switch field {
            case .type:
                guard reader.string().map({ Field.isEqual($0, "say") }) == true else { return nil }
            case .kind:
                guard reader.string().map({ Field.isEqual($0, "text") }) == true else { return nil }
            case .key:
                guard let value = reader.text() else { return nil }
                key = value
            case .text:
                guard let value = reader.text() else { return nil }
                text = value
            case .conversation:
                guard let value = reader.text().flatMap({ ConversationID($0) }) else { return nil }
                conversation = value
            case .replyTo:
                guard let value = reader.number() else { return nil }
                replyTo = value
            }
        } while reader.take(UInt8(ascii: ","))
        guard reader.take(UInt8(ascii: "}")), reader.isAtEnd, key != nil,
            seen & Field.type.rawValue != 0
        else { return nil }
    }

    private enum Field: UInt8 {
        case type = 1
        case key = 2
        case kind = 4
        case text = 8
        case conversation = 16
        case replyTo = 32

        init?(_ name: UnsafeRawBufferPointer) {
            if Self.isEqual(name, "type") {
                self = .type
            } else if Self.isEqual(name, "key") {
                self = .key
            } else if Self.isEqual(name, "kind") {
                self = .kind
            } else if Self.isEqual(name, "text") {
                self = .text
            } else if Self.isEqual(name, "conversation") {
                self = .conversation
            } else if Self.isEqual(name, "replyTo") {
                self = .replyTo
            } else {
                return nil
            }
        }

        static func isEqual(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
            bytes.count == word.utf8CodeUnitCount
                && bytes.elementsEqual(
                    UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        }
    }

    /// Steps through JSON; white space between its parts is skipped.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        private var at = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        private mutating func skipSpace() {
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                    at += 1
                default: return
                }
            }
        }

        mutating func take(_ mark: UInt8) -> Bool {
            skipSpace()
            guard at < bytes.count, bytes[at] == mark else { return false }
            at += 1
            return true
        }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return at == bytes.count
            }
        }

        /// What stands between quotes when it holds neither escapes nor control characters.
        mutating func string() -> UnsafeRawBufferPointer? {
            guard take(UInt8(ascii: "\"")) else { return nil }
            let start = at
            while at < bytes.count {
                let byte = bytes[at]
                if byte == UInt8(ascii: "\"") {
                    at += 1
                    return UnsafeRawBufferPointer(rebasing: bytes[start..<(at - 1)])
                }
                guard byte >= 0x20, byte != UInt8(ascii: "\\") else { return nil }
                at += 1
            }
            return nil
        }

        /// The socket has proved the bytes to be UTF-8; another carrier's are proved here.
        mutating func text() -> String? {
            string().flatMap { String(validating: $0, as: UTF8.self) }
        }

        /// A whole number of at most nine digits.
        mutating func number() -> Int? {
            skipSpace()
            let start = at
            var value = 0
            while at < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[at] {
                value = value * 10 + Int(bytes[at] - UInt8(ascii: "0"))
                at += 1
                guard at - start <= 9 else { return nil }
            }
            guard at > start, bytes[start] != UInt8(ascii: "0") || at == start + 1 else {
                return nil
            }
            return value
        }
    }
}
