import Crypto
package import Foundation

/// Secrets that are shown once and then only recognised: 256 random bits in base64url, after a prefix that says what they open.
package enum Secret {
    package enum Kind: String, Sendable {
        case session = "qs_"
        case token = "qk_"
        case buyer = "qb_"
    }

    package static func make(_ kind: Kind) -> String { kind.rawValue + random(bytes: 32) }

    /// `count` random bytes in base64url.
    package static func random(bytes count: Int) -> String {
        let bytes = SymmetricKey(size: SymmetricKeySize(bitCount: count * 8))
        return bytes.withUnsafeBytes { Base64URL.text(Data($0)) }
    }

    /// What the store keeps.
    /// - Returns: nil when it is no secret of that kind, so that nothing is looked up.
    package static func hash(_ secret: String, _ kind: Kind) -> [UInt8]? {
        guard secret.utf8.count == 46, secret.hasPrefix(kind.rawValue) else { return nil }
        return digest(secret)
    }

    package static func digest(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(text.utf8)))
    }
}

/// RFC 4648 §5, without padding.
package enum Base64URL {
    package static func text(_ data: Data) -> String {
        data.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for anything but the canonical form.
    package static func data(_ text: some StringProtocol) -> Data? {
        let plain = text.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        guard plain else { return nil }
        var base64 = String(text).replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), Self.text(data) == text else { return nil }
        return data
    }
}

/// RFC 4648 §6, as authenticator apps read seeds.
package enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    package static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xfff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(letters[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(letters[buffer << (5 - bits) & 31]) }
        return text
    }
}
