import Desk
import Realtime
import Storage
import Synchronization
import TestSupport
import Testing

private let shop = ShopID(1)
private let buyer = BuyerPrincipal(id: BuyerID(501), shop: shop, name: "张三", verified: false)

private func agent(_ id: Int64, shop: ShopID = shop, session: Int64? = nil) -> StaffPrincipal {
    let standing = Standing(.agent, .mid, .fullTime)
    return StaffPrincipal(
        id: StaffID(id), shop: shop, login: "a\(id)", name: "客服\(id)", nickname: "",
        standing: standing,
        department: .service, permissions: standing.permissions, groups: [], cap: nil,
        session: session.map { SessionID($0) }, token: nil)
}

private func event(
    _ number: Int64, kind: String = "message.sent", body: String = #"{"audience":"all"}"#,
    reach: Reach,
    subject: Int64 = 7
) -> Event {
    Event(
        shop: shop, number: number, at: Instant(milliseconds: number),
        actor: .buyer(BuyerID(501), "张三"),
        kind: kind, subject: subject, body: body, reach: reach)
}

@Suite struct HubTests {
    private let hub = Hub(deliver: Ear.deliver)

    private func open(_ principal: Principal, after: Int64 = 0) -> (LiveSession, Ear) {
        let ear = Ear()
        let session = hub.open(
            principal, outlet: ear,
            budget: CommandBudget(burst: 10, perSecond: 10, at: Instant(milliseconds: 0)))
        #expect(hub.beginReplay(session))
        hub.resume(session, events: [], upTo: after, now: Instant(milliseconds: 0))
        return (session, ear)
    }

    @Test func `an event reaches its buyer and its owner and nobody else`() {
        let (_, owner) = open(.staff(agent(11)))
        let (_, stranger) = open(.staff(agent(12)))
        let (_, window) = open(.buyer(buyer))
        hub.announce([event(1, reach: Reach(buyer: buyer.id, staff: [StaffID(11)]))])
        #expect(owner.events == [1])
        #expect(window.events == [1])
        #expect(stranger.events.isEmpty)
    }

    @Test func `a note never reaches a buyer, even when its reach is wrong`() {
        let (_, window) = open(.buyer(buyer))
        hub.announce([
            event(1, body: #"{"audience":"staff","text":"秘密"}"#, reach: Reach(buyer: buyer.id))
        ])
        #expect(window.events.isEmpty)
        // A text that quotes the field is still a text.
        hub.announce([
            event(
                2, body: #"{"audience":"staff","text":"\"audience\":\"all\""}"#,
                reach: Reach(buyer: buyer.id))
        ])
        #expect(window.events.isEmpty)
    }

    @Test func `the queue concerns the shop's agents, not those of another shop`() {
        let (_, near) = open(.staff(agent(11)))
        let (_, far) = open(.staff(agent(12, shop: ShopID(2))))
        hub.announce([event(1, kind: "conversation.queued", body: "{}", reach: Reach(queue: true))])
        #expect(near.events == [1])
        #expect(far.events.isEmpty)
    }

    @Test func `what happens during a replay comes after the past, once`() {
        let ear = Ear()
        let session = hub.open(
            .buyer(buyer), outlet: ear,
            budget: CommandBudget(burst: 1, perSecond: 1, at: Instant(milliseconds: 0)))
        #expect(hub.beginReplay(session))
        let reach = Reach(buyer: buyer.id)
        // №3 is read with the past and announced only now; №4 is new.
        hub.announce([event(3, reach: reach), event(4, reach: reach)])
        #expect(ear.texts.isEmpty)
        let past = [1, 2, 3].map { Frames.event(event(Int64($0), reach: reach)) }
        hub.resume(session, events: past, upTo: 3, now: Instant(milliseconds: 9))
        hub.announce([event(2, reach: reach), event(5, reach: reach)])
        #expect(ear.events == [1, 2, 3, 4, 5])
        #expect(ear.texts.first?.contains("welcome") == true)
    }

    @Test func `a second hello is nothing`() {
        let (session, _) = open(.buyer(buyer))
        #expect(!hub.beginReplay(session))
    }

    @Test func `whoever asked gets the answer instead of its own message`() {
        let (session, own) = open(.buyer(buyer))
        let (_, second) = open(.buyer(buyer))
        var reach = Reach(buyer: buyer.id)
        reach.origin = session.number
        hub.announce([event(1, reach: reach)])
        #expect(own.events.isEmpty)
        #expect(second.events == [1])
    }

    @Test func `an ended log-in is told who and why, and closed`() {
        let (_, ear) = open(.staff(agent(11, session: 77)))
        let (_, other) = open(.staff(agent(11, session: 78)))
        hub.announce([
            Event(
                shop: shop, number: 1, at: Instant(milliseconds: 1), actor: .system,
                kind: "session.ended",
                subject: 77, body: #"{"by":"王主管","reason":"设备丢失"}"#)
        ])
        #expect(ear.closed == 4401)
        #expect(ear.texts.last?.contains("设备丢失") == true)
        #expect(ear.texts.last?.contains("王主管") == true)
        #expect(other.closed == nil)
    }

    @Test func `a closed session hears nothing and leaves nothing behind`() {
        let (session, ear) = open(.staff(agent(11)))
        #expect(hub.watch(ConversationID(7), session))
        #expect(hub.close(session) == 0)
        hub.announce([event(1, reach: Reach(staff: [StaffID(11)]))])
        #expect(ear.events.isEmpty)
        #expect(hub.sessionCount == 0)
        #expect(hub.watchers(of: ConversationID(7)).isEmpty)
    }
}

@Suite struct LanesTests {
    @Test(arguments: [1, 2, 5, 9])
    func `no more than the window are underway, in the order in which they came`(window: Int) {
        let lanes = Lanes(window: window)
        let order = Mutex<[Int]>([])
        let pending = Mutex<[@Sendable () -> Void]>([])
        for number in 0..<5 {
            #expect(
                lanes.offer(1) { done in
                    order.withLock { $0.append(number) }
                    pending.withLock { $0.append(done) }
                })
        }
        for finished in 0..<5 {
            #expect(order.withLock { $0 } == Array(0..<min(window + finished, 5)))
            pending.withLock { $0.removeFirst() }()
        }
        #expect(lanes.busy == 0)
    }

    @Test func `a full lane refuses, others go on`() {
        let lanes = Lanes(window: 1, limit: 2)
        let held = Mutex<[@Sendable () -> Void]>([])
        for _ in 0..<3 { #expect(lanes.offer(1) { done in held.withLock { $0.append(done) } }) }
        #expect(!lanes.offer(1) { _ in Issue.record("carried out") })
        #expect(lanes.offer(2) { $0() })
    }

    @Test func `an act that is answered while it is handed over leaves nothing behind`() {
        let lanes = Lanes(window: 1)
        let count = Mutex(0)
        for _ in 0..<300 {
            #expect(
                lanes.offer(1) { done in
                    count.withLock { $0 += 1 }
                    done()
                })
        }
        #expect(count.withLock { $0 } == 300)
        #expect(lanes.busy == 0)
    }

    @Test func `what one thread offers stays in order while another answers`() async {
        let lanes = Lanes(window: 3, limit: 100_000)
        let order = Mutex<[Int]>([])
        let (answers, answer) = AsyncStream.makeStream(of: (@Sendable () -> Void).self)
        async let answering: Void = {
            for await done in answers.prefix(5_000) { done() }
        }()
        for number in 0..<5_000 {
            _ = lanes.offer(1) { done in
                order.withLock { $0.append(number) }
                answer.yield(done)
            }
        }
        await answering
        #expect(order.withLock { $0 } == Array(0..<5_000))
        #expect(lanes.busy == 0)
    }
}

@Suite struct BudgetTests {
    @Test func `a burst is allowed, then the rate`() {
        let budget = CommandBudget(burst: 3, perSecond: 2, at: Instant(milliseconds: 0))
        let at = Instant(milliseconds: 0)
        #expect((0..<4).map { _ in budget.take(at: at) } == [true, true, true, false])
        #expect(budget.take(at: Instant(milliseconds: 500)))
        #expect(!budget.take(at: Instant(milliseconds: 500)))
    }
}
