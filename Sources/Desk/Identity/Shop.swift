import Foundation

/// When somebody answers, by the shop's own clock.
package struct OpeningHours: Hashable, Sendable, Codable {
    /// The shop's zone, an IANA name: not only its hours, all its days are meant by it.
    package let zone: String
    /// From and to of each day, Monday first; nil = closed.
    ///
    /// A day ends at "24:00" at the latest.
    package let week: [[String]?]

    package init(zone: String, week: [[String]?]) {
        self.zone = zone
        self.week = week
    }

    /// The usual window of the three-minute rule (domain §6.3).
    package static let standard = OpeningHours(
        zone: CalendarDay.standardZone, week: Array(repeating: ["08:00", "23:00"], count: 7))

    package func check() throws(Refusal) {
        guard TimeZone(identifier: zone) != nil else {
            throw Refusal(
                .invalid, "hours.zone", zh: "没有这个时区", en: "There is no such time zone",
                field: "hours.zone")
        }
        let fits = week.allSatisfy { day in
            guard let day else { return true }
            let minutes = day.compactMap(Self.minutes)
            return day.count == 2 && minutes.count == 2 && minutes[0] < minutes[1]
        }
        guard week.count == 7, fits else {
            throw Refusal(
                .invalid, "hours.week", zh: "营业时间要写七天，每天从早到晚，如 09:00 到 23:00",
                en: "Opening hours are seven days, each from earlier to later, as 09:00 to 23:00",
                field: "hours.week")
        }
    }

    package func isOpen(at now: Instant) -> Bool {
        guard TimeZone(identifier: zone) != nil, week.count == 7 else { return true }
        let calendar = CalendarDay.calendar(of: zone)
        let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute,
            let day = week[(weekday + 5) % 7], day.count == 2,
            let from = Self.minutes(day[0]), let to = Self.minutes(day[1])
        else { return false }
        return (from..<to).contains(hour * 60 + minute)
    }

    /// Minutes since midnight of "HH:MM".
    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.count == 5, parts.count == 2, let hour = Int(parts[0]),
            let minute = Int(parts[1]),
            (0...24).contains(hour), (0..<60).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}

/// A shop and what it says about itself.
package struct Shop: Hashable, Sendable {
    package let id: ShopID
    package var name: String
    /// Stands in addresses; never changes, since pages and QR codes hold it.
    package let slug: String
    /// The window's texts by ``WindowText``, where the shop has its own.
    package var texts: [String: Localized]
    package var hours: OpeningHours
    /// Sites that may carry the chat window; empty = any.
    package var origins: [String]
    /// The window's colours by ``WindowColour``, `#rrggbb`, where the shop has its own.
    package var colours: [String: String]
    /// When the secret for signed-in buyers was made; nil = there is none.
    package var identityRotatedAt: Instant?

    package init(
        id: ShopID, name: String, slug: String, texts: [String: Localized] = [:],
        hours: OpeningHours = .standard, origins: [String] = [], colours: [String: String] = [:],
        identityRotatedAt: Instant? = nil
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.texts = texts
        self.hours = hours
        self.origins = origins
        self.colours = colours
        self.identityRotatedAt = identityRotatedAt
    }
}

/// What a change of the shop's settings asks for; nil = as it is.
package struct ShopChange: Hashable, Sendable {
    package var name: String?
    package var texts: [String: Localized]?
    package var hours: OpeningHours?
    package var origins: [String]?
    package var colours: [String: String]?

    package init() {}

    /// The shop afterwards and the wire names of what differs.
    package func applied(to shop: Shop) throws(Refusal) -> (shop: Shop, fields: [String]) {
        var new = shop
        if let name { new.name = try PersonName.check(name, field: "name") }
        if let texts { new.texts = try WindowText.check(texts) }
        if let hours {
            try hours.check()
            new.hours = hours
        }
        if let origins { new.origins = try Self.check(origins: origins) }
        if let colours { new.colours = try WindowColour.check(colours) }
        var fields: [String] = []
        if new.name != shop.name { fields.append("name") }
        if new.texts != shop.texts { fields.append("texts") }
        if new.hours != shop.hours { fields.append("hours") }
        if new.origins != shop.origins { fields.append("origins") }
        if new.colours != shop.colours { fields.append("colours") }
        return (new, fields)
    }

    private static func check(origins: [String]) throws(Refusal) -> [String] {
        let fits = origins.allSatisfy { origin in
            guard let parts = URLComponents(string: origin), let host = parts.host else {
                return false
            }
            return ["http", "https"].contains(parts.scheme ?? "") && !host.isEmpty
                && parts.path.isEmpty && parts.query == nil && parts.user == nil
        }
        guard fits, origins.count <= 50 else {
            throw Refusal(
                .invalid, "origins.malformed", zh: "网站写成 https://shop.example 的样子，最多 50 个",
                en: "Write sites as https://shop.example, at most 50", field: "origins")
        }
        return origins.map { $0.lowercased() }
    }
}

/// The name of a person, group or shop: 1 to 40 visible characters.
package enum PersonName {
    package static func check(_ text: String, field: String) throws(Refusal) -> String {
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let visible = name.unicodeScalars.allSatisfy { !$0.properties.isControl }
        guard (1...40).contains(name.count), visible else {
            throw Refusal(
                .invalid, "name.malformed", zh: "名称用 1 到 40 个字",
                en: "A name has 1 to 40 characters",
                field: field)
        }
        return name
    }
}

extension Unicode.Scalar.Properties {
    /// Control and direction-changing characters, with which one name can be made to look like another.
    fileprivate var isControl: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

/// What stands for a shop in addresses.
package enum ShopSlug {
    package static func check(_ text: String) throws(Refusal) -> String {
        let fits = text.allSatisfy { $0.isASCII && ($0.isNumber || $0.isLowercase || $0 == "-") }
        guard (2...40).contains(text.count), fits, !text.hasPrefix("-"), !text.hasSuffix("-") else {
            throw Refusal(
                .invalid, "slug.malformed", zh: "店铺地址用 2 到 40 个小写字母、数字或 -",
                en: "A shop's address is 2 to 40 small letters, digits or -", field: "slug")
        }
        return text
    }
}
