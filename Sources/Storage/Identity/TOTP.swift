import Crypto
package import Desk
import Foundation

/// Time-based one-time passwords, RFC 6238: SHA-1, steps of 30 seconds, as every authenticator app expects.
package enum TOTP {
    package static let stepSeconds: Int64 = 30
    /// 160 bits, as RFC 4226 §4 recommends.
    package static let seedBytes = 20

    package static func makeSeed() -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: seedBytes * 8)).withUnsafeBytes { Array($0) }
    }

    package static func step(at now: Instant) -> Int64 { now.milliseconds / 1000 / stepSeconds }

    package static func code(_ seed: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(
                for: counter, using: SymmetricKey(data: seed)))
        let offset = Int(mac[mac.count - 1] & 0xf)
        let number = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(1) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is: now, the one before or the one after, and later than the last one used, so that no code works twice.
    package static func step(
        matching code: String, _ seed: [UInt8], at now: Instant, after last: Int64
    ) -> Int64? {
        let typed = SymmetricKey(data: Data(code.filter { !$0.isWhitespace }.utf8))
        let current = step(at: now)
        var found: Int64?
        for step in (current - 1)...(current + 1) where step > last {
            // Keys compare in constant time.
            if SymmetricKey(data: Data(self.code(seed, step: step).utf8)) == typed { found = step }
        }
        return found
    }

    /// What an authenticator app reads from a QR code.
    package static func uri(_ seed: [UInt8], shop: String, login: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let encode = { (text: String) in
            text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        }
        let label = encode("Qinke \(shop)") + ":" + encode(login)
        return
            "otpauth://totp/\(label)?secret=\(Base32.text(seed))&issuer=\(encode("Qinke \(shop)"))"
    }
}

/// Codes for the day when the phone is lost: ten, each works once.
package enum RecoveryCodes {
    package static let count = 10
    /// Without 0, O, 1, I and L, which people mix up; 32^10 is 50 bits, tried under the log-in throttle.
    private static let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")

    package static func make() -> [String] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let code = String(
                (0..<10).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
            return "\(code.prefix(5))-\(code.suffix(5))"
        }
    }

    /// What the store keeps; spaces, dashes and case do not matter.
    package static func hash(_ code: String, of staff: StaffID) -> [UInt8] {
        let plain = code.uppercased().filter { $0.isLetter || $0.isNumber }
        return Secret.digest("recovery:\(staff):\(plain)")
    }
}
