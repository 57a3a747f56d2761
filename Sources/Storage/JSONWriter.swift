/// Writes JSON by hand where every message passes: one buffer of UTF-8, no intermediate objects.
///
/// The buffer is the writer's own memory: by profile, an array's checks at every byte were a fifth of a page of the inbox.
package struct JSONWriter: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var needsComma = false

    package init(capacity: Int = 256) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    private var written: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base, count: count)
    }

    /// What was written so far, as UTF-8.
    package var bytes: [UInt8] { Array(written) }

    /// The same as a text, which costs a pass over all of it.
    package var text: String { String(decoding: written, as: UTF8.self) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        room(for: length + 4)
        if needsComma { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        (base + count).update(from: name.utf8Start, count: length)
        count += length
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A name that is data.
    package mutating func key(quoting name: String) {
        separate()
        quote(name)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ value: String) {
        separate()
        quote(value)
        needsComma = true
    }

    package mutating func number(_ value: Int64) {
        separate()
        append(digitsOf: value)
        needsComma = true
    }

    package mutating func number(_ value: Int) { number(Int64(value)) }

    package mutating func number(_ value: some BinaryInteger) { raw(String(value)) }

    package mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" : "false")
        needsComma = true
    }

    package mutating func null() {
        separate()
        append("null")
        needsComma = true
    }

    /// JSON that is written already.
    package mutating func raw(_ json: String) {
        separate()
        var json = json
        json.withUTF8 { append($0) }
        needsComma = true
    }

    package mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    // Numbers of the usual sizes have ways of their own: generic ones are not specialised between targets.
    package mutating func field(_ name: StaticString, _ value: Int64) {
        key(name)
        number(value)
    }

    package mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        number(Int64(value))
    }

    package mutating func field(_ name: StaticString, _ value: some BinaryInteger) {
        key(name)
        number(value)
    }

    package mutating func field(_ name: StaticString, _ value: Int64?) {
        key(name)
        if let value { number(value) } else { null() }
    }

    package mutating func field(_ name: StaticString, _ value: Int?) {
        key(name)
        if let value { number(value) } else { null() }
    }

    package mutating func field(_ name: StaticString, bool value: Bool) {
        key(name)
        bool(value)
    }

    /// A whole number as a text, as ids are written.
    package mutating func field(_ name: StaticString, quoted value: Int64?) {
        key(name)
        guard let value else { return null() }
        append(UInt8(ascii: "\""))
        append(digitsOf: value)
        append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func open(_ mark: UInt8) {
        separate()
        append(mark)
        needsComma = false
    }

    private mutating func close(_ mark: UInt8) {
        append(mark)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
    }

    // MARK: - Bytes

    /// Sees to it that so many more bytes fit.
    private mutating func room(for more: Int) {
        guard count + more > capacity else { return }
        let wider = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = wider
    }

    /// One byte, for which there is room.
    private mutating func put(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    private mutating func append(_ byte: UInt8) {
        room(for: 1)
        put(byte)
    }

    private mutating func append(_ some: UnsafeBufferPointer<UInt8>) {
        guard let start = some.baseAddress, !some.isEmpty else { return }
        room(for: some.count)
        (base + count).update(from: start, count: some.count)
        count += some.count
    }

    private mutating func append(_ constant: StaticString) {
        constant.withUTF8Buffer { append($0) }
    }

    private mutating func append(digitsOf value: Int64) {
        // The sign and nineteen digits at most.
        room(for: 20)
        if value < 0 { put(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = 1
        var bound: UInt64 = 10
        while digits < 19, rest >= bound {
            digits += 1
            bound &*= 10
        }
        var at = count + digits
        count = at
        repeat {
            at -= 1
            base[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    private mutating func quote(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            room(for: utf8.count + 2)
            put(UInt8(ascii: "\""))
            // Runs between what must be escaped are copied whole.
            var start = 0
            for at in utf8.indices where Self.mustEscape(utf8[at]) {
                append(UnsafeBufferPointer(rebasing: utf8[start..<at]))
                escape(utf8[at])
                start = at + 1
            }
            append(UnsafeBufferPointer(rebasing: utf8[start...]))
            append(UInt8(ascii: "\""))
        }
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 0xF
            append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }
}
