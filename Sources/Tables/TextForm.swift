import Glibc

/// In which form a text is written.
package enum TextForm: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    /// GBK and its superset are told the same way.
    case gb18030 = "GB18030"
    case utf16 = "UTF-16"

    /// Bytes looked at, at a time.
    private static let piece = 1 << 20

    /// Looks at the whole of a file: Chinese may come late, in one memo among a million rows.
    static func of(_ source: some ByteSource) throws -> (form: TextForm, start: Int) {
        let head = try source.whole(at: 0, count: 4)
        if head.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) {
            return (.utf16, 0)
        }
        var check = UTF8Check()
        var offset = 0
        while true {
            let bytes = try source.read(at: offset, count: piece)
            if bytes.isEmpty { return (check.isValid ? .utf8 : .gb18030, 0) }
            check.take(bytes)
            if !check.isValid { return (.gb18030, 0) }
            offset += bytes.count
        }
    }
}

/// Whether bytes are UTF-8, told piece by piece; a character that the file's end cuts off does not count against it.
struct UTF8Check {
    private(set) var isValid = true
    private var missing = 0
    private var least: UInt32 = 0
    private var scalar: UInt32 = 0

    mutating func take(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            for byte in bytes {
                if missing == 0 {
                    if byte < 0x80 { continue }
                    begin(byte)
                } else {
                    guard byte & 0xc0 == 0x80 else {
                        isValid = false
                        return
                    }
                    scalar = scalar << 6 | UInt32(byte & 0x3f)
                    missing -= 1
                    if missing == 0, !isScalar { isValid = false }
                }
                if !isValid { return }
            }
        }
    }

    private var isScalar: Bool {
        scalar >= least && scalar <= 0x10ffff && !(0xd800...0xdfff).contains(scalar)
    }

    private mutating func begin(_ byte: UInt8) {
        switch byte {
        case 0xc2...0xdf: (missing, least, scalar) = (1, 0x80, UInt32(byte & 0x1f))
        case 0xe0...0xef: (missing, least, scalar) = (2, 0x800, UInt32(byte & 0x0f))
        case 0xf0...0xf4: (missing, least, scalar) = (3, 0x1_0000, UInt32(byte & 0x07))
        default: isValid = false
        }
    }
}

/// Turns a text into UTF-8 piece by piece; what is no character becomes U+FFFD.
final class TextDecoder {
    private let converter: iconv_t?
    private var rest: [UInt8] = []

    init(_ form: TextForm) {
        converter = form == .utf8 ? nil : iconv_open("UTF-8", form.rawValue)
    }

    deinit {
        if let converter, converter != Self.failed { iconv_close(converter) }
    }

    private static var failed: iconv_t? { iconv_t(bitPattern: -1) }

    func decode(_ bytes: [UInt8]) -> [UInt8] {
        guard let converter, converter != Self.failed else { return bytes }
        var input = rest + bytes
        rest = []
        var output = [UInt8](repeating: 0, count: input.count * 3 + 16)
        let (taken, made) = input.withUnsafeMutableBytes { input in
            output.withUnsafeMutableBytes { output in convert(input, output, converter) }
        }
        rest = Array(input[taken...])
        // Never more than half a character.
        if rest.count > 8 { rest = [] }
        output.removeLast(output.count - made)
        return output
    }

    private func convert(
        _ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer,
        _ converter: iconv_t
    ) -> (taken: Int, made: Int) {
        guard let start = input.baseAddress, let end = output.baseAddress else { return (0, 0) }
        var from: UnsafeMutablePointer<CChar>? = start.assumingMemoryBound(to: CChar.self)
        var to: UnsafeMutablePointer<CChar>? = end.assumingMemoryBound(to: CChar.self)
        var left = input.count
        var room = output.count
        while left > 0 {
            if iconv(converter, &from, &left, &to, &room) != -1 { break }
            // Cut off in a character, or no room: go on with the next piece. Else leave one byte out.
            guard errno == EILSEQ, room >= 3, let bad = from, let place = to else { break }
            for (index, byte) in [0xef as UInt8, 0xbf, 0xbd].enumerated() {
                place[index] = CChar(bitPattern: byte)
            }
            to = place + 3
            room -= 3
            from = bad + 1
            left -= 1
        }
        return (input.count - left, output.count - room)
    }
}
