/// Reads XML piece by piece, as far as spreadsheets use it: elements, attributes and texts.
///
/// It knows no declarations of entities, so nothing can grow out of it.
struct MarkupScanner {
    enum Piece: Equatable {
        /// An element without its prefix, and what stood in its tag.
        case open(String, [String: String])
        case close(String)
        case text(String)
    }

    enum Problem: Error {
        case broken
    }

    private static let longestTag = 64 << 10
    private static let longestText = 1 << 20
    private var waiting: [UInt8] = []
    private var isInTag = false

    mutating func read(_ bytes: [UInt8], _ tell: (Piece) throws -> Bool) throws -> Bool {
        for byte in bytes {
            if isInTag {
                waiting.append(byte)
                guard waiting.count <= Self.longestTag else { throw Problem.broken }
                guard byte == UInt8(ascii: ">"), Self.isWhole(waiting) else { continue }
                let tag = waiting
                waiting.removeAll(keepingCapacity: true)
                isInTag = false
                if try !Self.tell(tag: tag, tell) { return false }
            } else if byte == UInt8(ascii: "<") {
                if !waiting.isEmpty {
                    let text = Self.plain(waiting[...])
                    waiting.removeAll(keepingCapacity: true)
                    if try !tell(.text(text)) { return false }
                }
                isInTag = true
            } else {
                waiting.append(byte)
                // Longer than any cell: the rest of it is left out.
                if waiting.count > Self.longestText { waiting.removeLast() }
            }
        }
        return true
    }

    /// A comment may hold `>` before its end.
    private static func isWhole(_ tag: [UInt8]) -> Bool {
        if tag.starts(with: Array("!--".utf8)) {
            return tag.count >= 6 && tag.suffix(3).elementsEqual("-->".utf8)
        }
        if tag.starts(with: Array("![CDATA[".utf8)) {
            return tag.suffix(3).elementsEqual("]]>".utf8)
        }
        return true
    }

    private static func tell(tag: [UInt8], _ tell: (Piece) throws -> Bool) throws -> Bool {
        guard let first = tag.first else { return true }
        if tag.starts(with: Array("![CDATA[".utf8)) {
            return try tell(.text(String(decoding: tag.dropFirst(8).dropLast(3), as: UTF8.self)))
        }
        if first == UInt8(ascii: "?") || first == UInt8(ascii: "!") { return true }
        var body = tag.dropLast()
        if first == UInt8(ascii: "/") { return try tell(.close(name(body.dropFirst()))) }
        let isEmpty = body.last == UInt8(ascii: "/")
        if isEmpty { body = body.dropLast() }
        let end = body.firstIndex { $0 <= 0x20 } ?? body.endIndex
        let element = name(body[..<end])
        if try !tell(.open(element, attributes(body[end...]))) { return false }
        return isEmpty ? try tell(.close(element)) : true
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String {
        let plain = bytes.filter { $0 > 0x20 }
        let local = plain.lastIndex(of: UInt8(ascii: ":")).map { plain[($0 + 1)...] } ?? plain[...]
        return String(decoding: local, as: UTF8.self)
    }

    private static func attributes(_ bytes: ArraySlice<UInt8>) -> [String: String] {
        var found: [String: String] = [:]
        var rest = bytes
        while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            let name = name(rest[..<equals])
            rest = rest[(equals + 1)...].drop { $0 <= 0x20 }
            guard let quote = rest.first,
                quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = rest.dropFirst().firstIndex(of: quote)
            else { break }
            found[name] = plain(rest[(rest.startIndex + 1)..<end])
            rest = rest[(end + 1)...]
        }
        return found
    }

    /// A text with its entities resolved; an unknown one stays as written.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let and = rest.firstIndex(of: "&") {
            text += rest[..<and]
            rest = rest[and...]
            guard let end = rest.prefix(12).firstIndex(of: ";") else {
                text += "&"
                rest = rest.dropFirst()
                continue
            }
            text += entity(rest[rest.index(after: rest.startIndex)..<end]) ?? String(rest[...end])
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private static func entity(_ name: Substring) -> String? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let isHex = name.hasPrefix("#x") || name.hasPrefix("#X")
            guard name.hasPrefix("#"),
                let value = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
                let scalar = Unicode.Scalar(value)
            else { return nil }
            return String(Character(scalar))
        }
    }
}
