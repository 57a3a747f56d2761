import Crypto
import Foundation

/// The signatures of 快递100: MD5 in capitals, because that is what its protocol says.
package enum TrackingSign {
    /// Of a question (domain §4.5).
    package static func query(param: String, key: String, customer: String) -> String {
        md5(param + key + customer)
    }

    /// Of what is pushed to us, with the secret word that was given when subscribing.
    package static func push(param: String, salt: String) -> String { md5(param + salt) }

    /// Compares without telling by the time it takes how much was right.
    package static func isSame(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.uppercased().utf8), Array(b.uppercased().utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Data(text.utf8)).map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }
}
