import Crypto
import Foundation

/// Signs the demonstration's buyers in, as the site of a shop does: whoever comes again is the same buyer, with the
/// same orders.
struct DemoIdentity: Sendable {
    let secret: String

    private struct Claims: Encodable {
        let sub: String
        let name: String
        let iat: Int
        let exp: Int
    }

    /// - Parameter name: what the buyer is called; the same name is the same buyer.
    func token(_ name: String) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = Claims(sub: name, name: name, iat: now, exp: now + 600)
        let signed =
            Self.text(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "."
            + Self.text(try JSONEncoder().encode(claims))
        let key = SymmetricKey(data: Data(secret.utf8))
        let mark = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return signed + "." + Self.text(Data(mark))
    }

    /// Base64 as addresses bear it.
    private static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
