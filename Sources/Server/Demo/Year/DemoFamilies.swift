// Long: one table, what the demonstration's shop sells; written for this project.

/// Things of one sort that the demonstration's shop sells in many designs.
struct DemoFamily: Sendable {
    /// What is drawn on its picture.
    enum Shape: String, Sendable, CaseIterable {
        case towel, cup, teapot, tin, jar, bag, dress, shirt, coat, scarf, sock, hat, bib, book,
            ball, fruit, box, candle,
            vase, lamp, pillow, umbrella, notebook, bowl
    }

    let name: String
    let category: String
    let parent: String
    /// `general`, `fresh` or `baby`: whose rules hold for it.
    let kind: String
    let shape: Shape
    /// From and to, in fen.
    let price: ClosedRange<Int>
    /// The name of what its variants differ in, and the variants.
    let axis: String
    let variants: [String]
    let points: [String]
    /// Weights of January to December: what sells when.
    let season: [Int]
    /// The table of sizes, for clothes.
    var sizes: [(size: String, chest: Int, length: Int)] = []

    static let even = Array(repeating: 10, count: 12)
    static let winter = [16, 12, 8, 5, 3, 2, 2, 3, 6, 12, 20, 20]
    static let summer = [2, 3, 6, 10, 16, 20, 20, 18, 9, 5, 3, 2]
    static let autumn = [6, 8, 7, 6, 6, 5, 6, 9, 20, 16, 10, 7]
    static let colours = ["米白", "雾蓝", "豆绿", "焦糖"]

    static let all: [DemoFamily] = [
        DemoFamily(
            name: "纯棉毛巾", category: "毛巾浴巾", parent: "家居日用", kind: "general", shape: .towel,
            price: 1_990...4_990, axis: "颜色", variants: colours,
            points: ["新疆长绒棉", "洗十次不掉毛", "A 类标准，婴儿可用"], season: even),
        DemoFamily(
            name: "加厚浴巾", category: "毛巾浴巾", parent: "家居日用", kind: "general", shape: .towel,
            price: 5_900...12_900, axis: "颜色", variants: ["米白", "浅灰", "雾蓝"],
            points: ["600 克加厚", "三秒吸水"], season: winter),
        DemoFamily(
            name: "手作陶杯", category: "杯壶碗碟", parent: "家居日用", kind: "general", shape: .cup,
            price: 3_900...9_900, axis: "容量", variants: ["260ml", "350ml"],
            points: ["每只釉色略有不同", "可进洗碗机"], season: even),
        DemoFamily(
            name: "粗陶茶壶", category: "杯壶碗碟", parent: "家居日用", kind: "general", shape: .teapot,
            price: 12_800...29_800, axis: "款式", variants: ["侧把", "提梁"],
            points: ["出水利落不滴漏", "带滤网"], season: autumn),
        DemoFamily(
            name: "家用汤碗", category: "杯壶碗碟", parent: "家居日用", kind: "general", shape: .bowl,
            price: 1_500...4_500, axis: "规格", variants: ["单只", "四只装"],
            points: ["微波炉可用", "防滑碗底"], season: even),
        DemoFamily(
            name: "收纳箱", category: "收纳整理", parent: "家居日用", kind: "general", shape: .box,
            price: 2_900...8_900, axis: "尺寸", variants: ["小号", "中号", "大号"],
            points: ["可叠放三层", "折叠后只有 6 厘米厚"], season: even),
        DemoFamily(
            name: "大豆香薰蜡烛", category: "香薰灯饰", parent: "家居日用", kind: "general", shape: .candle,
            price: 4_900...11_900, axis: "香型", variants: ["桂花", "雪松", "白茶"],
            points: ["燃烧约 40 小时", "棉芯无烟"], season: winter),
        DemoFamily(
            name: "小夜灯", category: "香薰灯饰", parent: "家居日用", kind: "general", shape: .lamp,
            price: 3_900...9_900, axis: "插头", variants: ["USB 充电", "国标插头"],
            points: ["三档亮度", "整夜不闪"], season: even),
        DemoFamily(
            name: "玻璃花瓶", category: "香薰灯饰", parent: "家居日用", kind: "general", shape: .vase,
            price: 2_900...7_900, axis: "颜色", variants: ["透明", "琥珀", "烟灰"],
            points: ["加厚瓶底", "瓶口磨圆"], season: even),
        DemoFamily(
            name: "荞麦枕", category: "床品布艺", parent: "家居日用", kind: "general", shape: .pillow,
            price: 5_900...13_900, axis: "高度", variants: ["低枕", "中枕", "高枕"],
            points: ["高度可自己调", "枕套可拆洗"], season: even),
        DemoFamily(
            name: "明前绿茶", category: "茶叶", parent: "茶与零食", kind: "general", shape: .tin,
            price: 5_800...26_800, axis: "净含量", variants: ["50g", "125g", "250g"],
            points: ["当年春茶", "罐装避光"], season: [4, 5, 18, 22, 16, 8, 6, 5, 6, 5, 6, 5]),
        DemoFamily(
            name: "桂花乌龙", category: "茶叶", parent: "茶与零食", kind: "general", shape: .tin,
            price: 4_800...12_800, axis: "净含量", variants: ["100g", "200g"],
            points: ["鲜桂花窨制", "冷泡也香"], season: autumn),
        DemoFamily(
            name: "每日坚果", category: "零食", parent: "茶与零食", kind: "general", shape: .bag,
            price: 3_900...9_900, axis: "规格", variants: ["7 袋", "30 袋"],
            points: ["独立小袋", "不加糖"], season: winter),
        DemoFamily(
            name: "手工果酱", category: "零食", parent: "茶与零食", kind: "general", shape: .jar,
            price: 2_900...5_900, axis: "口味", variants: ["蓝莓", "草莓", "橙子"],
            points: ["果肉含量 65%", "开封后冷藏"], season: even),
        DemoFamily(
            name: "亚麻连衣裙", category: "女装", parent: "服饰", kind: "general", shape: .dress,
            price: 15_900...36_900, axis: "尺码", variants: ["S", "M", "L", "XL"],
            points: ["雨露麻，不扎身", "两侧有口袋"], season: summer,
            sizes: [("S", 84, 112), ("M", 88, 114), ("L", 92, 116), ("XL", 96, 118)]),
        DemoFamily(
            name: "基础款T恤", category: "女装", parent: "服饰", kind: "general", shape: .shirt,
            price: 5_900...12_900, axis: "尺码", variants: ["S", "M", "L", "XL"],
            points: ["260 克重磅棉", "领口不变形"], season: summer,
            sizes: [("S", 92, 60), ("M", 96, 62), ("L", 100, 64), ("XL", 104, 66)]),
        DemoFamily(
            name: "羊毛大衣", category: "女装", parent: "服饰", kind: "general", shape: .coat,
            price: 39_900...89_900, axis: "尺码", variants: ["S", "M", "L"],
            points: ["双面羊毛", "手工缝制"], season: winter,
            sizes: [("S", 96, 100), ("M", 100, 102), ("L", 104, 104)]),
        DemoFamily(
            name: "羊绒围巾", category: "配饰", parent: "服饰", kind: "general", shape: .scarf,
            price: 12_900...39_900, axis: "颜色", variants: ["驼色", "深灰", "酒红"],
            points: ["山羊绒 100%", "礼盒装"], season: winter),
        DemoFamily(
            name: "中筒棉袜", category: "配饰", parent: "服饰", kind: "general", shape: .sock,
            price: 1_900...4_900, axis: "规格", variants: ["3 双", "6 双"],
            points: ["不勒脚踝", "抗菌纱线"], season: even),
        DemoFamily(
            name: "渔夫帽", category: "配饰", parent: "服饰", kind: "general", shape: .hat,
            price: 4_900...9_900, axis: "颜色", variants: ["卡其", "黑", "米白"],
            points: ["帽檐可折", "UPF50+"], season: summer),
        DemoFamily(
            name: "晴雨两用伞", category: "配饰", parent: "服饰", kind: "general", shape: .umbrella,
            price: 5_900...12_900, axis: "颜色", variants: ["藏青", "薄荷", "豆沙"],
            points: ["黑胶防晒", "十骨抗风"], season: summer),
        DemoFamily(
            name: "纱布围嘴", category: "宝宝用品", parent: "母婴", kind: "baby", shape: .bib,
            price: 1_900...4_900, axis: "规格", variants: ["3 条", "5 条"],
            points: ["六层纱布", "无荧光剂"], season: even),
        DemoFamily(
            name: "布书", category: "宝宝用品", parent: "母婴", kind: "baby", shape: .book,
            price: 2_900...6_900, axis: "主题", variants: ["动物", "水果", "交通"],
            points: ["可水洗", "响纸页"], season: even),
        DemoFamily(
            name: "手抓球", category: "宝宝用品", parent: "母婴", kind: "baby", shape: .ball,
            price: 2_500...5_900, axis: "年龄", variants: ["3 个月起", "6 个月起"],
            points: ["食品级硅胶", "沸水可煮"], season: even),
        DemoFamily(
            name: "当季水果", category: "水果", parent: "生鲜", kind: "fresh", shape: .fruit,
            price: 3_900...9_900, axis: "规格", variants: ["3 斤", "5 斤"],
            points: ["坏果包赔", "产地直发"], season: [10, 8, 6, 6, 10, 14, 16, 14, 16, 14, 12, 10]),
        DemoFamily(
            name: "线装笔记本", category: "文具", parent: "家居日用", kind: "general", shape: .notebook,
            price: 1_900...4_900, axis: "内页", variants: ["横线", "空白", "方格"],
            points: ["平摊 180 度", "不洇墨"], season: [8, 14, 10, 6, 6, 8, 8, 18, 16, 6, 6, 8]),
    ]

    /// The designs in which each family comes: 26 families in 12 designs are 312 things.
    static let designs = [
        "山野", "青禾", "云朵", "浅海", "松间", "麦田", "初雪", "晚樱", "星夜", "小满", "白露", "野莓",
    ]
}
