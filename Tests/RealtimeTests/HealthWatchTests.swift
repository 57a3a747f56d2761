import Desk
import Realtime
import Storage
import TestSupport
import Testing

@Suite struct HealthWatchTests {
    private let hub = Hub(deliver: Ear.deliver)

    private func open(_ principal: Principal) -> Ear {
        let screen = Ear()
        let session = hub.open(
            principal, outlet: screen,
            budget: CommandBudget(burst: 10, perSecond: 10, at: Instant(milliseconds: 0)))
        #expect(hub.beginReplay(session))
        hub.resume(session, events: [], upTo: 0, now: Instant(milliseconds: 0))
        return screen
    }

    private var agent: Principal {
        let standing = Standing(.agent, .mid, .fullTime)
        return .staff(
            StaffPrincipal(
                id: StaffID(11), shop: ShopID(1), login: "a", name: "客服", nickname: "",
                standing: standing, department: .service, permissions: standing.permissions,
                groups: [], cap: nil, session: nil, token: nil))
    }

    private var buyer: Principal {
        .buyer(BuyerPrincipal(id: BuyerID(501), shop: ShopID(1), name: "张三", verified: false))
    }

    @Test func `a worker stalls only when it neither rests nor beats within its limit`() {
        let pulse = Pulse("search", Localized(zh: "搜索", en: "Search"), limit: .seconds(10))
        let start = ContinuousClock.now
        #expect(pulse.stalled(at: start + .seconds(1_000)) == nil, "it never began")
        pulse.beat(at: start)
        #expect(pulse.stalled(at: start + .seconds(10)) == nil)
        #expect(pulse.stalled(at: start + .seconds(11)) == .seconds(11))
        pulse.beat(at: start + .seconds(11))
        #expect(pulse.stalled(at: start + .seconds(20)) == nil)
        pulse.rest()
        #expect(pulse.stalled(at: start + .seconds(2_000)) == nil)
    }

    @Test
    func
        `a stalled worker is said on agents' screens, once, and so is its end; buyers hear nothing`()
    {
        let (desk, window) = (open(agent), open(buyer))
        let troubles = Troubles(hub)
        let pulse = Pulse("timers", Localized(zh: "定时任务", en: "The timers"), limit: .seconds(10))
        let watch = StallWatch([pulse], troubles)
        let start = ContinuousClock.now
        pulse.beat(at: start)
        watch.look(at: start + .seconds(5))
        #expect(desk.troubles == [])
        watch.look(at: start + .seconds(11))
        watch.look(at: start + .seconds(12))
        #expect(desk.troubles == ["worker.timers"])
        // Whoever opens a window meanwhile learns of it.
        let late = open(agent)
        troubles.repeatToStaff()
        #expect(late.troubles == ["worker.timers"])
        pulse.beat(at: start + .seconds(20))
        watch.look(at: start + .seconds(21))
        #expect(desk.troubles.last == "store.well")
        #expect(window.troubles == [])
    }

    @Test func `a failing store is said to everybody, and its end does not hide another trouble`() {
        let (desk, window) = (open(agent), open(buyer))
        let troubles = Troubles(hub)
        let text = Localized(zh: "坏了", en: "broken")
        troubles.set("store.failing", text, forStaffOnly: false)
        troubles.set("worker.search", text)
        #expect(window.troubles == ["store.failing"])
        #expect(desk.troubles.last == "store.failing")
        troubles.set("store.failing", nil)
        #expect(window.troubles == ["store.failing", "store.well"])
        #expect(desk.troubles.last == "worker.search")
        troubles.set("worker.search", nil)
        #expect(desk.troubles.last == "store.well")
        #expect(troubles.codes == [])
    }
}
