/// Who buys in the demonstration, and where they live; nobody of them exists.
enum DemoPeople {
    static let families = [
        "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林",
        "罗", "高",
    ]
    static let given = [
        "一凡", "小满", "晓雨", "子墨", "思远", "若溪", "明轩", "雨桐", "安然", "佳宁", "书瑶", "浩然", "梓涵", "欣怡", "天佑",
        "可心", "乐天", "知夏", "南星", "秋白",
    ]
    static let nicks = [
        "云朵", "泡泡", "青石", "夏天", "小鱼", "柠檬", "南山", "桃子", "木木", "星星", "橘猫", "芒果", "北风", "阿布", "花卷",
        "松果", "半夏", "豆包", "月亮", "海盐",
    ]

    struct Place: Sendable {
        let region: String
        let city: String
        let district: String
        let zip: String
        /// How many of a hundred parcels go there.
        let weight: Int
        /// Days on the way.
        let days: Int
    }

    static let places = [
        Place(region: "浙江省", city: "杭州市", district: "西湖区", zip: "310000", weight: 12, days: 1),
        Place(region: "上海", city: "上海市", district: "徐汇区", zip: "200030", weight: 12, days: 1),
        Place(region: "江苏省", city: "苏州市", district: "姑苏区", zip: "215000", weight: 11, days: 1),
        Place(region: "广东省", city: "广州市", district: "天河区", zip: "510000", weight: 10, days: 2),
        Place(region: "广东省", city: "深圳市", district: "南山区", zip: "518000", weight: 10, days: 2),
        Place(region: "北京", city: "北京市", district: "朝阳区", zip: "100020", weight: 9, days: 2),
        Place(region: "山东省", city: "青岛市", district: "市南区", zip: "266000", weight: 6, days: 2),
        Place(region: "四川省", city: "成都市", district: "锦江区", zip: "610000", weight: 7, days: 3),
        Place(region: "湖北省", city: "武汉市", district: "武昌区", zip: "430000", weight: 6, days: 2),
        Place(region: "河南省", city: "郑州市", district: "金水区", zip: "450000", weight: 5, days: 2),
        Place(region: "福建省", city: "厦门市", district: "思明区", zip: "361000", weight: 4, days: 2),
        Place(region: "陕西省", city: "西安市", district: "雁塔区", zip: "710000", weight: 3, days: 3),
        Place(region: "黑龙江省", city: "哈尔滨市", district: "南岗区", zip: "150000", weight: 2, days: 4),
        Place(region: "云南省", city: "昆明市", district: "五华区", zip: "650000", weight: 2, days: 4),
        Place(region: "新疆", city: "乌鲁木齐市", district: "天山区", zip: "830000", weight: 1, days: 6),
    ]
    static let streets = ["文三路", "平江路", "中山路", "建设大街", "解放路", "滨河路", "学院路", "花园街"]

    static let messages = [
        "请尽快发货，谢谢", "送人的，麻烦包装好一点", "不要放驿站，请送上门", "工作日不在家，周末送", "尺码拿不准，请先联系我", "赠品要蓝色的",
    ]
    static let memos = ["老顾客，送小样", "已电话确认地址", "要开发票", "催过一次，优先发", "改过规格，注意核对"]
}
