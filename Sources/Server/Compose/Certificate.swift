import Desk
import Foundation

/// How long a TLS certificate is still good, read from its PEM file.
enum Certificate {
    /// The end of validity of the first certificate in a PEM text; nil when there is none.
    static func end(ofPEM text: String) -> Instant? {
        guard let begin = text.ranges(of: "-----BEGIN CERTIFICATE-----").first,
            let end = text[begin.upperBound...].ranges(of: "-----END CERTIFICATE-----").first,
            let bytes = Data(
                base64Encoded: text[begin.upperBound..<end.lowerBound].filter { !$0.isWhitespace })
        else { return nil }
        // Certificate { tbs { [0] version?, serial, algorithm, issuer, validity { from, until } … } … }
        guard let certificate = Item([UInt8](bytes)[...]), certificate.tag == 0x30,
            let tbs = Item(certificate.body), tbs.tag == 0x30
        else { return nil }
        var rest = tbs.body
        var items: [Item] = []
        while items.count < 5, let item = Item(rest) {
            rest = item.rest
            // The version stands in front and may be missing.
            if item.tag != 0xa0 { items.append(item) }
            if items.count == 4 { break }
        }
        guard items.count == 4, items[3].tag == 0x30, let from = Item(items[3].body),
            let until = Item(from.rest)
        else { return nil }
        return instant(until)
    }

    /// One value of DER: a tag, a length, a body.
    private struct Item {
        let tag: UInt8
        let body: ArraySlice<UInt8>
        let rest: ArraySlice<UInt8>

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= 2 else { return nil }
            tag = bytes[bytes.startIndex]
            var place = bytes.startIndex + 1
            var length = Int(bytes[place])
            place += 1
            if length > 0x7f {
                let count = length & 0x7f
                guard (1...4).contains(count), place + count <= bytes.endIndex else { return nil }
                length = bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
                place += count
            }
            guard place + length <= bytes.endIndex else { return nil }
            body = bytes[place..<place + length]
            rest = bytes[(place + length)...]
        }
    }

    /// `UTCTime` has two digits for the year, `GeneralizedTime` four.
    private static func instant(_ item: Item) -> Instant? {
        var digits = String(decoding: item.body, as: UTF8.self)
        if item.tag == 0x17 { digits = ((Int(digits.prefix(2)) ?? 0) < 50 ? "20" : "19") + digits }
        guard let found = digits.wholeMatch(of: /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z/)?.output
        else { return nil }
        let text = "\(found.1)-\(found.2)-\(found.3)T\(found.4):\(found.5):\(found.6)Z"
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }

    /// How a file's certificate stands.
    static func standing(of path: String, now: Instant) -> (ok: Bool, message: Localized) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let end = end(ofPEM: text)
        else {
            return (
                false,
                Localized(
                    zh: "读不到证书 \(path)：检查设置 certificate",
                    en: "the certificate \(path) cannot be read: check the setting certificate")
            )
        }
        let days = (end - now).milliseconds / 86_400_000
        let ok = end > now && days >= 14
        return (
            ok,
            Localized(
                zh: end <= now
                    ? "TLS 证书已过期：马上更换" : "TLS 证书还有 \(days) 天到期" + (ok ? "" : "：请更换"),
                en: end <= now
                    ? "The TLS certificate has expired: replace it now"
                    : "The TLS certificate is good for \(days) days" + (ok ? "" : ": replace it"))
        )
    }
}
