import Desk
import Testing

@Suite struct `Trouble with parcels` {
    private static let now = Instant(milliseconds: 1_795_312_800_000)
    private static func ago(_ hours: Int) -> Instant { now - .hours(hours) }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let standing: ParcelStanding
        let problem: ParcelProblem?
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "not collected 49 hours after payment",
            standing: ParcelStanding(status: .created, createdAt: ago(1), paidAt: ago(49)),
            problem: .notCollected),
        Case(
            name: "collection still has time",
            standing: ParcelStanding(status: .awaitingPickup, createdAt: ago(20), paidAt: ago(47)),
            problem: nil),
        Case(
            name: "nothing heard for 37 hours",
            standing: ParcelStanding(
                status: .inTransit, createdAt: ago(90), lastEventAt: ago(37)), problem: .stuck),
        Case(
            name: "nothing heard for 37 hours on a remote way",
            standing: ParcelStanding(
                status: .inTransit, createdAt: ago(90), lastEventAt: ago(37), route: .far),
            problem: nil),
        Case(
            name: "three days at a station",
            standing: ParcelStanding(
                status: .atLocker, createdAt: ago(200), lastEventAt: ago(73)), problem: .stuck),
        Case(
            name: "two days at a station",
            standing: ParcelStanding(status: .atLocker, createdAt: ago(200), lastEventAt: ago(48)),
            problem: nil),
        Case(
            name: "went away from the buyer's province",
            standing: ParcelStanding(
                status: .inTransit, createdAt: ago(50), lastEventAt: ago(1), wentAway: true),
            problem: .wrongWay),
        Case(
            name: "went away because it was redirected",
            standing: ParcelStanding(
                status: .inTransit, createdAt: ago(50), lastEventAt: ago(1), wentAway: true,
                request: .redirect), problem: nil),
        Case(
            name: "refused at the door",
            standing: ParcelStanding(status: .refused, createdAt: ago(50), lastEventAt: ago(1)),
            problem: .failedDelivery),
        Case(
            name: "an attempt failed",
            standing: ParcelStanding(
                status: .exception, createdAt: ago(50), lastEventAt: ago(1), failedAttempts: 1),
            problem: .failedDelivery),
        Case(
            name: "comes back",
            standing: ParcelStanding(status: .returning, createdAt: ago(50), lastEventAt: ago(1)),
            problem: .returned),
        Case(
            name: "comes back as asked",
            standing: ParcelStanding(
                status: .returning, createdAt: ago(50), lastEventAt: ago(1), request: .intercept),
            problem: nil),
        Case(
            name: "signed for",
            standing: ParcelStanding(
                status: .delivered, createdAt: ago(50), deliveredAt: ago(2), lastEventAt: ago(2),
                last: "广东", to: "广东"), problem: nil),
        Case(
            name: "signed for in another province",
            standing: ParcelStanding(
                status: .delivered, createdAt: ago(50), deliveredAt: ago(2), lastEventAt: ago(2),
                last: "湖北", to: "广东"), problem: .signedNotReceived),
        Case(
            name: "signed for, and the buyer has nothing",
            standing: ParcelStanding(
                status: .delivered, createdAt: ago(50), deliveredAt: ago(2), lastEventAt: ago(2),
                claimedAt: ago(1)), problem: .signedNotReceived),
        Case(
            name: "lost",
            standing: ParcelStanding(status: .lost, createdAt: ago(50), lastEventAt: ago(1)),
            problem: .lost),
    ]

    @Test(arguments: cases)
    func `is found by the parcel and the clock`(one: Case) {
        let found = one.standing.find(at: Self.now, ParcelThresholds())
        #expect(found.problem == one.problem)
        #expect((found.since == nil) == (one.problem == nil))
    }

    @Test(arguments: cases)
    func `is found at the time told before, and not earlier`(one: Case) {
        var at = one.standing.createdAt
        var looked = 0
        while true {
            let found = one.standing.find(at: at, ParcelThresholds())
            guard let next = found.lookAgain else { break }
            looked += 1
            #expect(at < next && looked < 5)
            let before = one.standing.find(
                at: Instant(milliseconds: next.milliseconds - 1), ParcelThresholds())
            #expect(before.problem == found.problem && before.promise == found.promise)
            at = next
        }
    }

    @Test func `counts by what a carrier agreed to`() {
        let carrier = Carrier(code: "a1", name: "快", collectHours: 12, stuckHours: 10)
        let limits = ParcelThresholds().with(carrier)
        let waiting = ParcelStanding(status: .created, createdAt: Self.ago(13))
        #expect(waiting.find(at: Self.now, ParcelThresholds()).problem == nil)
        #expect(waiting.find(at: Self.now, limits).problem == .notCollected)
        let still = ParcelStanding(
            status: .inTransit, createdAt: Self.ago(30), lastEventAt: Self.ago(11))
        #expect(still.find(at: Self.now, limits).problem == .stuck)
    }

    @Test(arguments: [
        (20, PromiseStanding.none), (11, .near), (1, .near), (-1, .broken),
    ])
    func `a promise is watched before it is broken`(hours: Int, promise: PromiseStanding) {
        let standing = ParcelStanding(
            status: .inTransit, createdAt: Self.ago(30), promisedAt: Self.now + .hours(hours),
            lastEventAt: Self.ago(1))
        #expect(standing.find(at: Self.now, ParcelThresholds()).promise == promise)
    }

    @Test func `a promise kept stays kept, one broken stays broken`() {
        func standing(_ delivered: Int) -> ParcelStanding {
            ParcelStanding(
                status: .delivered, createdAt: Self.ago(90), promisedAt: Self.ago(40),
                deliveredAt: Self.ago(delivered), lastEventAt: Self.ago(delivered))
        }
        #expect(standing(41).find(at: Self.now, ParcelThresholds()).promise == .kept)
        #expect(standing(39).find(at: Self.now, ParcelThresholds()).promise == .broken)
    }
}

@Suite struct `What may be asked of a carrier` {
    private static func parcel(_ status: ParcelStatus) -> Parcel {
        var parcel = Parcel(
            id: ParcelID(1), order: nil, orderNumber: "1", buyer: BuyerID(2), buyerName: "张三",
            warehouse: nil, carrier: "zhongtong", waybill: WaybillNumber(kept: "78123456789012"),
            from: nil, to: nil, createdAt: Instant(milliseconds: 0), paidAt: nil, promisedAt: nil)
        parcel.status = status
        return parcel
    }

    @Test(arguments: [ParcelStatus.delivered, .returned, .returning, .refused, .lost, .cancelled])
    func `nothing, when it is over`(status: ParcelStatus) {
        let refusal = #expect(throws: Refusal.self) {
            try Self.parcel(status).asked(.intercept, note: "")
        }
        #expect(refusal?.code == "parcel.over")
    }

    @Test func `to stop it on its way, once`() throws {
        let asked = try Self.parcel(.inTransit).asked(.intercept, note: "买家不要了")
        #expect(asked.request == .intercept && asked.answer == .asked)
        #expect(throws: Refusal.self) { try asked.asked(.redirect, note: "杭州") }
        #expect(try asked.answered(false).answer == .failed)
        #expect(throws: Refusal.self) { try Self.parcel(.inTransit).answered(true) }
    }

    @Test func `to redirect it with a place, before it is out for delivery`() {
        #expect(throws: Refusal.self) { try Self.parcel(.inTransit).asked(.redirect, note: " ") }
        #expect(throws: Refusal.self) {
            try Self.parcel(.outForDelivery).asked(.redirect, note: "公司前台")
        }
        #expect(throws: Never.self) { try Self.parcel(.inTransit).asked(.redirect, note: "公司前台") }
    }

    @Test func `a delay is told with the honest date, the choices and the shop's reason`() throws {
        let now = Instant(milliseconds: 1_795_312_800_000)
        let draft = try DelayDraft(
            reason: "大雪封路", date: now + .hours(5), options: [.refund, .wait], tongue: .zh, now: now)
        let parcel = Self.parcel(.inTransit)
        let date = draft.date(for: parcel, at: now)
        #expect(now + .hours(5) < date)
        let text = draft.text(for: parcel, carrier: "中通快递", date: date, zone: "Asia/Shanghai")
        #expect(text.contains("张三") && text.contains("大雪封路") && text.contains("78123456789012"))
        #expect(text.contains("1 继续等待") && text.contains("2 退款") && !text.contains("补发"))
    }

    @Test(arguments: [
        ("1", DelayOption.wait), ("２。", .refund), ("选3", .reship), ("我不等了，退款吧", .refund),
        ("没关系 慢慢来", .wait), ("please send again", .reship), ("refund please", .refund),
    ])
    func `a buyer's answer is understood`(text: String, option: DelayOption) {
        #expect(DelayReply.read(text, options: DelayOption.allCases) == option)
    }

    @Test(arguments: ["4", "什么意思？", "不想等", "123456", "在哪里"])
    func `what names no choice is left to a person`(text: String) {
        #expect(DelayReply.read(text, options: DelayOption.allCases) == nil)
    }

    @Test func `a ticket ends once, and no more is paid than was claimed`() throws {
        let now = Instant(milliseconds: 1_795_312_800_000)
        let ticket = CarrierTicket(
            id: CarrierTicketID(1), parcel: ParcelID(1), carrier: "zhongtong", kind: .lost,
            reference: "", note: "丢了", deadline: now + .days(7), claim: Money(fen: 5_000),
            openedAt: now, openedBy: "小橙")
        #expect(ticket.isOverdue(at: now + .days(8)) && !ticket.isOverdue(at: now))
        #expect(throws: Refusal.self) { try ticket.settled(Money(fen: 5_001), at: now) }
        #expect(throws: Refusal.self) { try ticket.settled(.zero, at: now) }
        let paid = try ticket.answered("承认", reference: "K1", at: now)
            .settled(Money(fen: 5_000), at: now)
        #expect(paid.state == .settled && paid.reference == "K1")
        #expect(throws: Refusal.self) { try paid.closed(at: now) }
        #expect(throws: Refusal.self) { try paid.answered("再说", reference: nil, at: now) }
    }

    @Test func `hours of a carrier are told by shares`() {
        var score = CarrierScore(carrier: "zhongtong")
        #expect(score.hours(share: 0.5) == nil)
        score.hours = [24: 5, 48: 4, 96: 1]
        #expect(score.hours(share: 0.5) == 24)
        #expect(score.hours(share: 0.9) == 48)
        #expect(score.hours(share: 1) == 96)
    }
}

@Suite struct `Before a purchase` {
    // 10:00 in Shanghai on 22 November 2026.
    private static let now = Instant(milliseconds: 1_795_312_800_000)

    private static func quote(_ to: String, at now: Instant, notServed: [String] = []) -> Localized?
    {
        guard let place = Place(in: to) else { return nil }
        return DeliveryQuote(
            Carrier(code: "zhongtong", name: "中通快递", notServed: notServed),
            from: Place(province: "浙江", city: "杭州"), to: place, at: now, cutOff: 16 * 60,
            zone: "Asia/Shanghai", hours: nil
        ).sentence(to: to, zone: "Asia/Shanghai")
    }

    @Test(arguments: [
        ("浙江杭州", 0, "现在下单，中通快递预计 11 月 23 日送到浙江杭州"),
        ("广东深圳", 0, "现在下单，中通快递预计 11 月 24 日到 11 月 25 日送到广东深圳"),
        ("广东深圳", 7, "现在下单，中通快递预计 11 月 25 日到 11 月 26 日送到广东深圳"),
    ])
    func `the date depends on the way and on the hour`(to: String, hours: Int, text: String) {
        #expect(Self.quote(to, at: Self.now + .hours(hours))?.zh == text)
    }

    @Test func `a province that is not served is said so`() {
        #expect(Self.quote("新疆", at: Self.now, notServed: ["新疆"])?.zh == "中通快递不送新疆")
    }
}
