/// Who gets the parcel, and where.
package struct Receiver: Hashable, Sendable, Codable {
    package var name: String
    package var mobile: String
    /// The province.
    package var region: String
    package var city: String
    package var district: String
    package var detail: String
    package var zip: String

    package init(
        name: String, mobile: String, region: String, city: String, district: String,
        detail: String, zip: String = ""
    ) {
        self.name = name
        self.mobile = mobile
        self.region = region
        self.city = city
        self.district = district
        self.detail = detail
        self.zip = zip
    }

    /// What platforms take, in bytes of GBK (domain §3.2).
    package enum Limit {
        package static let name = 50
        package static let detail = 228
        package static let mobile = 11
        package static let zip = 6
    }

    /// The same without blanks around, if it can be delivered to.
    /// - Throws: which part does not fit.
    package func checked() throws(Refusal) -> Receiver {
        func trim(_ text: String) -> String {
            var text = Substring(text)
            while text.first?.isWhitespace == true { text.removeFirst() }
            while text.last?.isWhitespace == true { text.removeLast() }
            return String(text)
        }
        let clean = Receiver(
            name: trim(name), mobile: trim(mobile), region: trim(region), city: trim(city),
            district: trim(district), detail: trim(detail), zip: trim(zip))
        try Self.check(clean.name, "name", "收货人", "name", Limit.name)
        try Self.check(clean.region, "region", "省份", "province", Limit.name)
        try Self.check(clean.detail, "detail", "详细地址", "street address", Limit.detail)
        guard clean.city.count <= 40, clean.district.count <= 40 else {
            throw Refusal(
                .invalid, "order.receiver.place", zh: "城市和区县各最多 40 个字",
                en: "City and district have at most 40 characters each", field: "city")
        }
        guard clean.mobile.utf8.count == Limit.mobile, clean.mobile.utf8.allSatisfy(Self.isDigit),
            clean.mobile.hasPrefix("1")
        else {
            throw Refusal(
                .invalid, "order.receiver.mobile", zh: "手机号是 11 位数字，以 1 开头",
                en: "A mobile number is 11 digits and begins with 1", field: "mobile")
        }
        guard
            clean.zip.isEmpty
                || (clean.zip.utf8.count == Limit.zip && clean.zip.utf8.allSatisfy(Self.isDigit))
        else {
            throw Refusal(
                .invalid, "order.receiver.zip", zh: "邮编是 6 位数字，也可以不填",
                en: "A postcode is 6 digits, or nothing", field: "zip")
        }
        return clean
    }

    private static func check(
        _ text: String, _ field: String, _ zh: String, _ en: String, _ most: Int
    ) throws(Refusal) {
        guard !text.isEmpty else {
            throw Refusal(
                .invalid, "order.receiver.\(field)", zh: "请填写\(zh)", en: "Fill in the \(en)",
                field: field)
        }
        let bytes = GBKLength.bytes(text)
        guard bytes <= most else {
            throw Refusal(
                .invalid, "order.receiver.\(field)",
                zh: "\(zh)太长：\(bytes) 字节，平台最多收 \(most) 字节（约 \(most / 2) 个汉字）",
                en: "The \(en) is too long: \(bytes) bytes of GBK, at most \(most) are taken",
                instead: Localized(zh: "请写短一些", en: "Write it shorter"), field: field)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// As those see it who need not reach the buyer: `张*`, `138****5678`, the address down to its district.
    package var masked: Receiver {
        Receiver(
            name: name.isEmpty ? "" : name.prefix(1) + "*",
            mobile: mobile.count < 8
                ? String(repeating: "*", count: mobile.count)
                : mobile.prefix(3) + "****" + mobile.suffix(4),
            region: region, city: city, district: district, detail: detail.isEmpty ? "" : "***",
            zip: "")
    }

    /// One line, as it is written on a parcel.
    package var address: String { [region, city, district, detail].joined() }
}

/// How long texts are in GBK, in which platforms count.
package enum GBKLength {
    /// One byte for ASCII, two for what the two-byte tables may hold, four for the rest (GB 18030).
    package static func bytes(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0..<0x80: sum + 1
            case 0x80...0xFFFF: sum + 2
            default: sum + 4
            }
        }
    }
}
