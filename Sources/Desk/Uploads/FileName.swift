/// Names of files as people sent them, made harmless and honest.
package enum FileName {
    /// Longest name kept, in bytes of UTF-8; the ending stays.
    package static let longest = 120

    /// A name that shows what it is: no folders, no control or direction marks (`gpj.exe` written
    /// backwards), nothing that Windows forbids, and an ending that fits the bytes.
    package static func clean(_ name: String, kind: FileKind) -> String {
        var base =
            name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        base = String(String.UnicodeScalarView(base.unicodeScalars.filter(isHarmless)))
        base = String(
            base.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " "))
        base = trimmed(base)

        let given = ending(of: base)
        var stem = base
        var kept = ""
        if !given.isEmpty, kind.facts.endings.contains(given) {
            stem = String(base.dropLast(given.count + 1))
            kept = given
        } else if let usual = kind.facts.endings.first {
            kept = usual
        }
        stem = trimmed(stem)
        if stem.isEmpty || reserved.contains(stem.lowercased()) {
            stem = kind.isImage ? "图片" : "文件"
        }
        let room = longest - kept.utf8.count - 1
        while stem.utf8.count > room { stem.removeLast() }
        return kept.isEmpty ? stem : "\(stem).\(kept)"
    }

    /// The ending in lower case without its dot; empty when there is none.
    package static func ending(of name: String) -> String {
        // Windows ignores dots and spaces at the end: `virus.exe. ` runs.
        let name = trimmed(name)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        let ending = name[name.index(after: dot)...]
        return ending.utf8.count <= 12 && !ending.contains(" ") ? ending.lowercased() : ""
    }

    /// The `Content-Disposition` that gives the name to every browser (RFC 6266).
    package static func disposition(_ name: String, inline: Bool) -> String {
        let ascii = String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && scalar != "\"" && scalar != "\\" && scalar != "%"
                    ? Character(scalar) : "_"
            })
        let encoded = name.utf8.map { byte -> String in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                return String(UnicodeScalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                return "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }.joined()
        return
            "\(inline ? "inline" : "attachment"); filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default:
            !"<>:\"|?*".unicodeScalars.contains(scalar)
        }
    }

    private static func trimmed(_ name: String) -> String {
        var slice = name[...]
        while let last = slice.last, last == "." || last.isWhitespace { slice.removeLast() }
        while let first = slice.first, first == "." || first.isWhitespace { slice.removeFirst() }
        return String(slice)
    }

    /// Names that Windows gives to devices.
    private static let reserved: Set<String> = {
        var names: Set<String> = ["con", "prn", "aux", "nul"]
        for number in 1...9 { names.formUnion(["com\(number)", "lpt\(number)"]) }
        return names
    }()
}
