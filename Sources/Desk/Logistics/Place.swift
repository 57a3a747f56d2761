import Foundation

/// A province and, where it was said, a city of the country: enough to tell whether a parcel goes the right way.
package struct Place: Hashable, Sendable, Codable {
    /// Short, as people say it: `浙江`.
    package let province: String
    /// Empty when only the province was said.
    package let city: String

    package init(province: String, city: String = "") {
        self.province = province
        self.city = city
    }

    /// The first place that a text names.
    package init?(in text: String) {
        guard !text.isEmpty else { return nil }
        var first: (at: String.Index, province: String, city: String)?
        for (name, province) in Self.names {
            guard let found = text.range(of: name)?.lowerBound else { continue }
            let city = province == name ? "" : name
            if let now = first {
                if found < now.at { first = (found, province, city.isEmpty ? now.city : city) }
            } else {
                first = (found, province, city)
            }
        }
        guard let first else { return nil }
        // `浙江省杭州市`: the province comes first, its city is the finer word.
        var city = first.city
        if city.isEmpty {
            city =
                Self.cities[first.province]?.first { text.contains($0) } ?? ""
        }
        self.init(province: first.province, city: city)
    }

    /// Provinces whose parcels take days longer.
    private static let far: Set<String> = ["新疆", "西藏", "青海", "宁夏", "甘肃", "内蒙古", "海南"]
    private static let abroad: Set<String> = ["香港", "澳门", "台湾"]

    /// How long a way is, as carriers' time tables see it.
    package static func route(from: Place?, to: Place?) -> Route {
        guard let from, let to else { return .between }
        if abroad.contains(from.province) != abroad.contains(to.province) { return .abroad }
        if from.province == to.province {
            return !from.city.isEmpty && from.city == to.city ? .city : .province
        }
        return far.contains(from.province) || far.contains(to.province) ? .far : .between
    }

    package enum Route: String, Hashable, Sendable, Codable, CaseIterable {
        case city, province, between, far, abroad

        package var name: Localized {
            switch self {
            case .city: Localized(zh: "同城", en: "Same city")
            case .province: Localized(zh: "省内", en: "Same province")
            case .between: Localized(zh: "跨省", en: "Other province")
            case .far: Localized(zh: "偏远", en: "Remote")
            case .abroad: Localized(zh: "港澳台及跨境", en: "Across the border")
            }
        }

        /// Hours from collection to the door when nothing better is known of a carrier.
        package var usualHours: Int {
            switch self {
            case .city: 24
            case .province: 48
            case .between: 72
            case .far: 144
            case .abroad: 192
            }
        }
    }

    /// Cities that carriers' words name without their province, by province.
    private static let cities: [String: [String]] = [
        "北京": [], "上海": [], "天津": [], "重庆": [], "香港": [], "澳门": [], "台湾": ["台北", "高雄", "台中"],
        "河北": ["石家庄", "唐山", "保定", "廊坊", "邯郸", "沧州", "秦皇岛"],
        "山西": ["太原", "大同", "临汾", "运城"], "内蒙古": ["呼和浩特", "包头", "鄂尔多斯", "赤峰"],
        "辽宁": ["沈阳", "大连", "鞍山", "锦州"], "吉林": ["长春", "延边"], "黑龙江": ["哈尔滨", "大庆", "齐齐哈尔"],
        "江苏": ["南京", "苏州", "无锡", "常州", "南通", "徐州", "扬州", "盐城", "泰州", "镇江", "淮安", "连云港", "宿迁"],
        "浙江": ["杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "义乌", "台州", "丽水", "衢州", "舟山"],
        "安徽": ["合肥", "芜湖", "阜阳", "蚌埠", "安庆"], "福建": ["福州", "厦门", "泉州", "莆田", "漳州"],
        "江西": ["南昌", "赣州", "九江", "上饶"], "山东": ["济南", "青岛", "烟台", "潍坊", "临沂", "济宁", "淄博"],
        "河南": ["郑州", "洛阳", "南阳", "新乡", "商丘"], "湖北": ["武汉", "襄阳", "宜昌", "荆州"],
        "湖南": ["长沙", "株洲", "衡阳", "岳阳", "常德"],
        "广东": ["广州", "深圳", "东莞", "佛山", "惠州", "中山", "珠海", "汕头", "揭阳", "江门", "湛江"],
        "广西": ["南宁", "柳州", "桂林", "玉林"], "海南": ["海口", "三亚"], "四川": ["成都", "绵阳", "德阳", "宜宾", "南充"],
        "贵州": ["贵阳", "遵义"], "云南": ["昆明", "大理", "曲靖"], "西藏": ["拉萨", "日喀则"],
        "陕西": ["西安", "咸阳", "宝鸡"], "甘肃": ["兰州", "天水"], "青海": ["西宁"], "宁夏": ["银川"],
        "新疆": ["乌鲁木齐", "喀什", "伊犁", "昌吉"],
    ]

    private static let names: [(String, String)] = cities.flatMap { province, cities in
        [(province, province)] + cities.map { ($0, province) }
    }
}
