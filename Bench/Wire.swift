import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds fields in compact JSON without decoding it: the generator must cost less than what it measures.
///
/// A name in quotes followed by a colon cannot stand inside a JSON string, where quotes are escaped.
struct Wire {
    let bytes: UnsafeRawBufferPointer

    static func read<Result>(_ text: ByteBuffer, _ body: (Wire) -> Result) -> Result {
        text.withUnsafeReadableBytes { body(Wire(bytes: $0)) }
    }

    func has(_ needle: StaticString) -> Bool { find(needle) != nil }

    /// The bytes of a string field as they stand between their quotes; no escapes are undone.
    func string(_ name: StaticString) -> UnsafeRawBufferPointer? {
        guard let start = find(name), start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
            return nil
        }
        var end = start + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[(start + 1)..<end])
    }

    /// A whole number.
    func number(_ name: StaticString) -> Int? {
        guard var at = find(name) else { return nil }
        var value: Int?
        while at < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[at] {
            value = (value ?? 0) &* 10 &+ Int(bytes[at] - UInt8(ascii: "0"))
            at += 1
        }
        return value
    }

    /// Where what follows the needle begins.
    private func find(_ needle: StaticString) -> Int? {
        find(UnsafeRawBufferPointer(start: needle.utf8Start, count: needle.utf8CodeUnitCount))
    }

    func contains(_ needle: [UInt8]) -> Bool {
        needle.withUnsafeBytes { find($0) != nil }
    }

    private func find(_ needle: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let wanted = needle.baseAddress,
            let first = needle.first
        else { return nil }
        var at = 0
        while at + needle.count <= bytes.count {
            guard let hit = memchr(base + at, Int32(first), bytes.count - needle.count - at + 1)
            else {
                return nil
            }
            at = UnsafeRawPointer(hit) - base
            if memcmp(hit, wanted, needle.count) == 0 { return at + needle.count }
            at += 1
        }
        return nil
    }
}

/// A message's key: which run, which buyer, which message of theirs.
struct MessageKey: Equatable {
    var run: UInt32
    var buyer: Int
    var number: Int

    /// Begins with what rises with time, as the window's keys do.
    var text: String {
        let digits = String(number)
        return "r\(run)-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            + "-\(buyer)"
    }

    init(run: UInt32, buyer: Int, number: Int) {
        self.run = run
        self.buyer = buyer
        self.number = number
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.first == UInt8(ascii: "r") else { return nil }
        var parts = [0, 0, 0]
        var part = 0
        for byte in bytes.dropFirst() {
            switch byte {
            case UInt8(ascii: "-"):
                part += 1
                if part > 2 { return nil }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                parts[part] = parts[part] &* 10 &+ Int(byte - UInt8(ascii: "0"))
            default:
                return nil
            }
        }
        guard part == 2, let run = UInt32(exactly: parts[0]) else { return nil }
        self.init(run: run, buyer: parts[2], number: parts[1])
    }
}

/// What buyers say: about 100 bytes, different for every message, with nothing that JSON escapes.
enum Words {
    private static let lines = [
        "在吗?想问一下这件外套还有M码吗,身高165体重52合适吗",
        "我昨天下的单怎么还没有发货呀,麻烦帮我催一下谢谢亲",
        "收到的杯子有一道裂纹,可以换一个新的吗?照片稍后发给你",
        "满300减40和店铺券可以一起用吗,算下来到手是多少钱",
        "地址写错了,可以改成杭州市西湖区吗?电话还是原来那个",
        "退货的运费是谁出呢,退款一般几天可以到账",
    ]

    static func text(_ key: MessageKey) -> String {
        "\(key.text) \(lines[(key.buyer &+ key.number) % lines.count])"
    }
}
