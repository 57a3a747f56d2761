/// Surnames that are read otherwise than the same character is in a sentence.
///
/// The readings are those of 《现代汉语词典》's notes "姓" (surname) under each character.
enum Surnames {
    /// Two-character surnames with a reading of their own.
    static let double: [String: [String]] = [
        "尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "单于": ["chan", "yu"], "长孙": ["zhang", "sun"],
        "澹台": ["tan", "tai"], "乐正": ["yue", "zheng"], "令狐": ["ling", "hu"],
        "中行": ["zhong", "hang"],
        "皇甫": ["huang", "fu"], "夏侯": ["xia", "hou"], "宰父": ["zai", "fu"], "鲜于": ["xian", "yu"],
        "呼延": ["hu", "yan"], "赫连": ["he", "lian"], "濮阳": ["pu", "yang"], "亓官": ["qi", "guan"],
    ]

    static let single: [Character: String] = [
        "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "朴": "piao", "区": "ou", "查": "zha",
        "盖": "ge", "乐": "yue", "员": "yun", "任": "ren", "华": "hua", "覃": "qin", "缪": "miao",
        "冼": "xian", "召": "shao", "燕": "yan", "翟": "zhai", "葛": "ge", "黑": "he", "洗": "xian",
        "折": "she", "乜": "nie", "种": "chong", "祭": "zhai", "繁": "po", "都": "du", "石": "shi",
        "薄": "bo", "俞": "yu", "那": "na", "能": "nai", "阚": "kan", "曲": "qu", "沈": "shen",
        "宁": "ning", "尹": "yin", "逄": "pang", "过": "guo", "哈": "ha", "应": "ying", "郗": "xi",
        "干": "gan", "万": "wan", "宿": "su", "句": "gou", "车": "che", "牟": "mu", "台": "tai",
        "卜": "bu", "隗": "wei", "秘": "bi", "臧": "zang", "尉": "wei", "纪": "ji",
        "令": "ling", "相": "xiang", "戏": "xi", "谌": "chen", "郇": "xun", "晁": "chao", "佴": "nai",
        "幺": "yao", "撒": "sa", "适": "kuo", "柏": "bai", "贾": "jia", "殷": "yin", "夏": "xia",
    ]
}
