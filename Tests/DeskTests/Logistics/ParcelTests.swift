import Desk
import TestSupport
import Testing

@Suite struct `Waybill numbers` {
    @Test(arguments: [
        ("=\"773123456789012\"", "773123456789012"), (" sf1234567890123 ", "SF1234567890123"),
        ("'75123 4567 89012\t", "75123456789012"), ("ＳＦ１２３４５６", "SF123456"),
        ("\u{200B}YT2000000000001\u{FEFF}", "YT2000000000001"),
        ("JT-5000-1", "JT-5000-1"),
    ])
    func `are the same however they were written`(written: String, text: String) {
        #expect(WaybillNumber(written)?.text == text)
    }

    @Test(arguments: [
        "", "12345", "没有单号", "SF1 23", "-123456", "ABCDEFG", "1234567890".repeated(4),
    ])
    func `are nothing else`(written: String) {
        #expect(WaybillNumber(written) == nil)
        #expect(throws: Refusal.self) { try WaybillNumber.read(written) }
    }

    @Test(arguments: [
        ("SF1234567890123", "shunfeng"), ("YT2000000000001", "yuantong"),
        ("78123456789012", "zhongtong"), ("JDV012345678", "jd"),
        ("9801234567890", "youzhengguonei"),
        ("EA123456789CN", "ems"),
    ])
    func `tell their carrier by their look`(written: String, code: String) throws {
        let number = try WaybillNumber.read(written)
        #expect(Carrier.guess(number).first == code)
    }
}

extension String {
    fileprivate func repeated(_ times: Int) -> String {
        String(repeating: self, count: times)
    }
}

@Suite struct `Carriers' codes` {
    @Test(arguments: [
        (0, ParcelStatus.inTransit), (1, .pickedUp), (2, .exception), (3, .delivered),
        (4, .returned), (5, .outForDelivery), (6, .returning), (14, .refused), (101, .created),
        (102, .awaitingPickup), (501, .atLocker), (304, .delivered), (401, .cancelled),
        (13, .customsProblem), (1001, .arrivedCity), (204, .exception), (599, .outForDelivery),
    ])
    func `come to one set`(code: Int, status: ParcelStatus) {
        #expect(CarrierCode.status(code) == status)
    }

    @Test func `that nobody knows are no status`() {
        #expect(CarrierCode.status(99) == nil)
        #expect(CarrierCode.status(-1) == nil)
    }
}

@Suite struct `The track of a parcel` {
    private static func event(
        _ minute: Int, _ status: ParcelStatus, _ text: String = ""
    ) -> ParcelEvent {
        ParcelEvent(
            at: Instant(milliseconds: Int64(minute) * 60_000), status: status,
            text: text.isEmpty ? "\(status)" : text)
    }

    @Test(arguments: 1...60)
    func `does not depend on the order in which news arrive, nor on doubles`(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let places = ["【杭州市】已揽收", "【上海市】离开", "【广州市】到达", "派送中", "【深圳市】签收"]
        let events = (0..<Int.random(in: 1...25, using: &random)).map { _ in
            Self.event(
                Int.random(in: 0...12, using: &random),
                ParcelStatus.allCases.randomElement(using: &random) ?? .inTransit,
                places.randomElement(using: &random) ?? "")
        }
        let track = ParcelTrack(events, to: Place(province: "广东"))
        for _ in 0..<8 {
            let again = events + events.shuffled(using: &random).prefix(events.count / 2)
            let other = ParcelTrack(again.shuffled(using: &random), to: Place(province: "广东"))
            #expect(other == track)
        }
        // Taken in bit by bit, as a store does, it comes to the same.
        var known: [ParcelEvent] = []
        for event in events.shuffled(using: &random) {
            known = ParcelTrack(known + [event], to: Place(province: "广东")).events
        }
        #expect(ParcelTrack(known, to: Place(province: "广东")) == track)
    }

    @Test func `a signature stays, whatever a station reports afterwards`() {
        let track = ParcelTrack(
            [
                Self.event(1, .pickedUp), Self.event(5, .delivered), Self.event(6, .inTransit),
                Self.event(7, .atLocker),
            ], to: nil)
        #expect(track.status == .delivered)
        #expect(track.deliveredAt == Instant(milliseconds: 300_000))
    }

    @Test func `a label printed again does not bring it back to the shelf`() {
        let track = ParcelTrack([Self.event(1, .pickedUp), Self.event(2, .created)], to: nil)
        #expect(track.status == .pickedUp)
    }

    @Test func `a return after the signature takes the signature back`() {
        let track = ParcelTrack(
            [Self.event(1, .pickedUp), Self.event(2, .delivered), Self.event(3, .returning)],
            to: nil)
        #expect(track.status == .returning && track.deliveredAt == nil)
    }

    @Test func `it went away when it was at the buyer's and then elsewhere`() {
        let there = Self.event(1, .inTransit, "到达【广州市】转运中心")
        let away = Self.event(2, .inTransit, "到达【武汉市】转运中心")
        let guangdong = Place(province: "广东")
        #expect(ParcelTrack([there, away], to: guangdong).wentAway)
        #expect(!ParcelTrack([there], to: guangdong).wentAway)
        #expect(!ParcelTrack([away], to: guangdong).wentAway)
        let back = Self.event(3, .inTransit, "到达【深圳市】")
        #expect(!ParcelTrack([there, away, back], to: guangdong).wentAway)
        #expect(
            !ParcelTrack([there, Self.event(2, .returning, "退往【武汉市】")], to: guangdong).wentAway)
    }
}

@Suite struct `Places` {
    @Test(arguments: [
        ("浙江省杭州市西湖区", "浙江", "杭州"), ("【深圳市】已签收", "广东", "深圳"), ("北京市朝阳区", "北京", ""),
        ("快件到达 乌鲁木齐 转运中心", "新疆", "乌鲁木齐"),
    ])
    func `are read from addresses and from carriers' words`(
        text: String, province: String, city: String
    ) {
        #expect(Place(in: text) == Place(province: province, city: city))
    }

    @Test func `tell the length of a way`() {
        let hangzhou = Place(province: "浙江", city: "杭州")
        #expect(Place.route(from: hangzhou, to: hangzhou) == .city)
        #expect(Place.route(from: hangzhou, to: Place(province: "浙江", city: "宁波")) == .province)
        #expect(Place.route(from: hangzhou, to: Place(province: "广东")) == .between)
        #expect(Place.route(from: hangzhou, to: Place(province: "新疆")) == .far)
        #expect(Place.route(from: hangzhou, to: Place(province: "香港")) == .abroad)
    }
}
