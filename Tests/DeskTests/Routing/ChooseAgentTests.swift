import Desk
import Testing

private let now = Instant(milliseconds: 1_000_000)

private func candidate(
    _ id: Int64, load: Int = 0, cap: Int = 5, groups: Set<GroupID> = [], last: Int64? = nil
) -> Candidate {
    Candidate(
        staff: StaffID(id), name: "客服\(id)", groups: groups, load: load, cap: cap,
        lastAssigned: last.map { Instant(milliseconds: $0) })
}

private func chosen(
    _ candidates: [Candidate], group: GroupID? = nil, knows: Int64? = nil, except: Int64? = nil
) -> Int64? {
    let answer = ChooseAgent.decide(
        among: candidates, group: group, knows: knows.map { StaffID($0) },
        except: except.map { StaffID($0) },
        at: now)
    if case .agent(let owner, _) = answer { return owner.id.raw }
    return nil
}

@Suite struct ChooseAgentTests {
    @Test func `who knows the buyer comes first, if free`() {
        #expect(chosen([candidate(1, load: 4), candidate(2)], knows: 1) == 1)
        #expect(chosen([candidate(1, load: 5), candidate(2)], knows: 1) == 2)
        #expect(chosen([candidate(2)], knows: 1) == 2)
    }

    @Test func `load is weighed by the cap`() {
        // 2 of 10 is less than 1 of 3.
        #expect(chosen([candidate(1, load: 1, cap: 3), candidate(2, load: 2, cap: 10)]) == 2)
    }

    @Test func `among equals the longest without a new one`() {
        #expect(chosen([candidate(1, last: 900), candidate(2, last: 100)]) == 2)
        #expect(chosen([candidate(1, last: 900), candidate(2)]) == 2)
        #expect(chosen([candidate(2), candidate(1)]) == 1)
    }

    @Test func `a group's conversation stays in the group`() {
        let group = GroupID(9)
        #expect(chosen([candidate(1), candidate(2, load: 4, groups: [group])], group: group) == 2)
        #expect(chosen([candidate(1)], group: group) == nil)
    }

    @Test func `who did not answer does not get it again`() {
        #expect(chosen([candidate(1)], knows: 1, except: 1) == nil)
        #expect(chosen([candidate(1), candidate(2, load: 4)], except: 1) == 2)
    }

    @Test func `nobody online and nobody free are different reasons`() {
        func reason(_ candidates: [Candidate]) -> ConversationEvent.QueueReason? {
            if case .queue(let reason) = ChooseAgent.decide(
                among: candidates, group: nil, knows: nil, except: nil, at: now)
            {
                return reason
            }
            return nil
        }
        #expect(reason([]) == .nobodyOnline)
        #expect(reason([candidate(1, load: 5)]) == .nobodyFree)
    }

    @Test func `no cap is ever passed, whatever the order of arrivals`() {
        var loads = [1: 0, 2: 0, 3: 0] as [Int64: Int]
        let caps = [1: 2, 2: 3, 3: 7] as [Int64: Int]
        var placed = 0
        for _ in 0..<20 {
            let candidates = loads.keys.sorted().map { id in
                candidate(id, load: loads[id] ?? 0, cap: caps[id] ?? 0)
            }
            guard let id = chosen(candidates) else { break }
            loads[id, default: 0] += 1
            placed += 1
        }
        #expect(placed == 12)
        #expect(loads == caps)
    }
}

@Suite struct QueueEstimateTests {
    @Test(
        arguments: [
            (1, 0, nil), (1, 2, nil), (1, 3, 210), (3, 60, 30), (10, 60, 120), (1, 600, 30),
        ] as [(Int, Int, Int?)])
    func `the waiting time is honest: rounded up, or unknown`(
        place: Int, assigned: Int, seconds: Int?
    ) {
        #expect(
            QueueEstimate.waitSeconds(
                place: place, assignedRecently: assigned, window: .minutes(10)) == seconds)
    }
}

@Suite struct PresenceTests {
    @Test func `a lost window has its grace`() {
        var presence = Presence(
            staff: StaffID(1), state: .online, reason: "", since: now, connected: false,
            lostAt: now,
            lastAssigned: nil)
        #expect(!presence.isGone(at: now + .seconds(59), grace: .seconds(60)))
        #expect(presence.isGone(at: now + .seconds(60), grace: .seconds(60)))
        presence.connected = true
        #expect(!presence.isGone(at: now + .hours(1), grace: .seconds(60)))
        presence.connected = false
        presence.state = .offline
        #expect(!presence.isGone(at: now + .hours(1), grace: .seconds(60)))
    }
}
