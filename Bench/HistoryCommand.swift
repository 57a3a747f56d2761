import ArgumentParser
import Foundation
import NIOCore

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Writes a past of so many messages for `qinke import` (Docs/import.md).",
        discussion: "The same arguments give the same bytes.")

    @Option(help: "Messages.") var messages = 1_000_000
    @Option(help: "Messages of one conversation.") var length = 20
    @Option(help: "The file to write.") var file: String

    func run() throws {
        guard FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw ValidationError("cannot write \(file)") }
        var chance = Chance(state: 20_261_122)
        var page = ByteBuffer()
        for conversation in 0..<(messages / max(1, length)) {
            write(conversation, &chance, &page)
            if page.readableBytes > 1 << 20 {
                try handle.write(contentsOf: Data(page.readableBytesView))
                page.clear()
            }
        }
        try handle.write(contentsOf: Data(page.readableBytesView))
        try handle.close()
    }

    /// One conversation in one line; nothing in the texts has to be escaped.
    private func write(_ number: Int, _ chance: inout Chance, _ page: inout ByteBuffer) {
        // 2025-01-01 in Shanghai, then one conversation every ten minutes.
        var at = 1_735_660_800_000 + number * 600_000
        let buyer = number / 3
        page.writeString(
            #"{"id":"bench-\#(number)","buyer":{"name":"\#(chance.name)\#(buyer)","#
                + #""contact":"buyer\#(buyer)@example.com"},"agent":"小橙","openedAt":\#(at),"messages":["#
        )
        for turn in 0..<length {
            let from = turn % 2 == 0 ? "buyer" : "agent"
            page.writeString(turn == 0 ? "{" : ",{")
            page.writeString(
                #""from":"\#(from)","at":\#(at),"text":"\#(chance.sentence(from: from))"}"#)
            at += 8_000 + chance.below(40_000)
        }
        page.writeString(#"],"closedAt":\#(at)}"#)
        page.writeString("\n")
    }
}

/// Sentences put together by a generator of numbers that is the same everywhere (SplitMix64).
private struct Chance {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func one(of list: [String]) -> String { list[below(list.count)] }

    var name: String {
        mutating get {
            one(of: ["小鹿", "晴天", "阿花", "橘子", "南风", "北岛", "豆豆", "一只猫", "木子", "青山"])
        }
    }

    mutating func sentence(from: String) -> String {
        from == "buyer" ? buyerSays() : agentSays()
    }

    private mutating func thing() -> String {
        one(of: [
            "羽绒服", "连衣裙", "运动鞋", "保温杯", "电饭煲", "床单", "双肩包", "蓝牙耳机", "台灯", "面膜", "茶叶", "儿童书桌",
            "牛仔裤", "行李箱", "雨伞", "充电宝",
        ])
    }

    private mutating func order() -> String { "\(2_026_000_000_000 + below(999_999_999))" }

    private mutating func buyerSays() -> String {
        let thing = thing()
        let colour = one(of: ["黑色", "米白", "藏青", "酒红", "雾蓝", "墨绿"])
        switch below(8) {
        case 0: return "请问这款\(colour)的\(thing)还有货吗,什么时候能发出"
        case 1: return "订单\(order())的\(thing)三天了还没有物流信息,帮我催一下"
        case 2: return "\(thing)收到了,但是有一道划痕,想换一个新的"
        case 3: return "满\(100 + below(9) * 50)减\(10 + below(5) * 10)和店铺券能不能一起用"
        case 4: return "地址填错了,麻烦改成\(one(of: ["杭州", "成都", "武汉", "西安", "厦门"]))的那个,订单\(order())"
        case 5: return "这个\(thing)和上次买的比哪个\(one(of: ["厚", "轻", "耐用", "保暖", "好洗"]))一点"
        case 6: return "退款申请了\(1 + below(9))天还没到账,请帮我查一查"
        default:
            return "身高\(150 + below(40))体重\(45 + below(50))穿\(one(of: ["S", "M", "L", "XL"]))码合适吗"
        }
    }

    private mutating func agentSays() -> String {
        let thing = thing()
        switch below(7) {
        case 0: return "亲,在的,\(thing)现货充足,今天\(14 + below(6))点前付款当天发出"
        case 1: return "已经帮您联系仓库,订单\(order())今晚会更新物流"
        case 2: return "非常抱歉给您添麻烦了,可以为您补发一个新的\(thing),不用寄回"
        case 3: return "这张券和满减可以同时用,算下来比原价便宜\(5 + below(60))元"
        case 4: return "地址已经改好,请您核对一下收件人和电话"
        case 5: return "退款已经通过,一般\(1 + below(5))个工作日原路退回"
        default: return "按您的尺寸建议选\(one(of: ["S", "M", "L", "XL"]))码,喜欢宽松可以大一码"
        }
    }
}
