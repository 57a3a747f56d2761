import Testing

@testable import Language

struct PinyinTests {
    @Test(
        arguments: [
            ("张三", "zhangsan", "zs"),
            ("重庆", "chongqing", "cq"),
            ("女鞋", "nvxie", "nx"),
            ("旅游", "lvyou", "ly"),
            ("7天无理由", "7tianwuliyou", "7twly"),
            ("iPhone手机壳", "iphoneshoujike", "isjk"),
            ("Ａ４纸", "a4zhi", "a4z"),
            ("", "", ""),
            ("！！", "", ""),
        ])
    func `Titles are read in full and by initials`(text: String, full: String, initials: String) {
        let pinyin = Pinyin(text)
        #expect(pinyin.full == full)
        #expect(pinyin.initials == initials)
    }

    @Test(
        arguments: [
            ("单田芳", "shantianfang"), ("仇英", "qiuying"), ("曾国藩", "zengguofan"),
            ("解缙", "xiejin"), ("朴树", "piaoshu"), ("区小姐", "ouxiaojie"), ("查先生", "zhaxiansheng"),
            ("尉迟恭", "yuchigong"), ("万俟卨", "moqixie"), ("任小明", "renxiaoming"), ("乐乐", "yuele"),
        ])
    func `Surnames are read as surnames`(name: String, full: String) {
        #expect(Pinyin(name: name).full == full)
    }

    @Test
    func `A nickname is found by either reading`() {
        #expect(Pinyin.keys(ofName: "单身狗") == ["danshengou", "dsg", "shanshengou", "ssg"])
        #expect(Pinyin.keys(ofName: "👍").isEmpty)
    }

    @Test
    func `Many readers at once get the same readings`() async {
        let names = (0..<200).map { "买家\($0)号" }
        let expected = names.map { Pinyin($0).full }
        await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { names.map { Pinyin($0).full } } }
            for await read in group { #expect(read == expected) }
        }
        #expect(expected.first == "maijia0hao")
    }
}
