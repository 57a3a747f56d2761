/// A firm that carries parcels (物流公司), with what the shop agreed with it.
package struct Carrier: Hashable, Sendable, Codable {
    /// As 快递100 writes it: `zhongtong`.
    package var code: String
    package var name: String
    package var phone: String
    /// Its query wants the receiver's last digits.
    package var needsPhone: Bool
    /// Hours until it must have collected; nil = the shop's rule.
    package var collectHours: Int?
    /// Hours without news after which a parcel is stuck; nil = the shop's rule by route.
    package var stuckHours: Int?
    /// Provinces that it does not serve.
    package var notServed: [String]
    package var active: Bool

    package init(
        code: String, name: String, phone: String = "", needsPhone: Bool = false,
        collectHours: Int? = nil, stuckHours: Int? = nil, notServed: [String] = [],
        active: Bool = true
    ) {
        self.code = code
        self.name = name
        self.phone = phone
        self.needsPhone = needsPhone
        self.collectHours = collectHours
        self.stuckHours = stuckHours
        self.notServed = notServed
        self.active = active
    }

    package func serves(_ place: Place) -> Bool { !notServed.contains(place.province) }

    /// - Throws: which part does not fit.
    package func checked() throws(Refusal) -> Carrier {
        guard (2...30).contains(code.utf8.count),
            code.utf8.allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            })
        else {
            throw Refusal(
                .invalid, "carrier.code", zh: "快递公司代码用 2 到 30 个小写字母或数字",
                en: "A carrier's code has 2 to 30 small letters or digits", field: "code")
        }
        guard (1...40).contains(name.count) else {
            throw Refusal(
                .invalid, "carrier.name", zh: "名称用 1 到 40 个字",
                en: "A name has 1 to 40 characters", field: "name")
        }
        for (field, hours) in [("collectHours", collectHours), ("stuckHours", stuckHours)] {
            guard let hours, !(1...1_000).contains(hours) else { continue }
            throw Refusal(
                .invalid, "carrier.hours", zh: "小时数在 1 到 1000 之间",
                en: "Hours are between 1 and 1,000", field: field)
        }
        for name in notServed where Place(in: name) == nil {
            throw Refusal(
                .invalid, "carrier.province", zh: "没有这个省份：\(name.prefix(10))",
                en: "There is no such province: \(name.prefix(10))",
                instead: Localized(zh: "请写简称，如 新疆、西藏", en: "Write it short, such as 新疆"),
                field: "notServed")
        }
        return self
    }

    /// The carriers that most shops use; a shop changes and adds its own.
    package static let known: [Carrier] = [
        Carrier(code: "zhongtong", name: "中通快递", phone: "95311"),
        Carrier(code: "yuantong", name: "圆通速递", phone: "95554"),
        Carrier(code: "yunda", name: "韵达快递", phone: "95546"),
        Carrier(code: "shentong", name: "申通快递", phone: "95543"),
        Carrier(code: "shunfeng", name: "顺丰速运", phone: "95338", needsPhone: true),
        Carrier(code: "jtexpress", name: "极兔速递", phone: "956025"),
        Carrier(code: "jd", name: "京东物流", phone: "950616"),
        Carrier(code: "ems", name: "邮政EMS", phone: "11183"),
        Carrier(code: "youzhengguonei", name: "邮政快递包裹", phone: "11183"),
        Carrier(code: "debangkuaidi", name: "德邦快递", phone: "95353"),
        Carrier(code: "danniao", name: "菜鸟速递", phone: "95188"),
    ]

    /// The carriers whose numbers look like this one, likeliest first.
    package static func guess(_ number: WaybillNumber) -> [String] {
        let text = number.text
        for (start, code) in starts where text.hasPrefix(start) { return [code] }
        let digits = text.utf8.allSatisfy { $0 < UInt8(ascii: "A") && $0 != UInt8(ascii: "-") }
        guard digits else { return text.hasSuffix("CN") ? ["ems"] : [] }
        switch text.utf8.count {
        case 14 where text.hasPrefix("7"): return ["zhongtong"]
        case 15 where text.hasPrefix("77"): return ["shentong"]
        case 15 where text.hasPrefix("4") || text.hasPrefix("3"): return ["yunda"]
        case 13 where text.hasPrefix("9"): return ["youzhengguonei", "ems"]
        case 13 where text.hasPrefix("1"): return ["ems"]
        case 13 where text.hasPrefix("4"): return ["yunda"]
        default: return []
        }
    }

    private static let starts: [(String, String)] = [
        ("SF", "shunfeng"), ("YT", "yuantong"), ("JTE", "jtexpress"), ("JT", "jtexpress"),
        ("JD", "jd"), ("DPK", "debangkuaidi"), ("STO", "shentong"), ("ZTO", "zhongtong"),
        ("CN", "danniao"), ("YD", "yunda"),
    ]
}
