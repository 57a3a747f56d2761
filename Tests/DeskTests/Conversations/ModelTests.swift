import Desk
import TestSupport
import Testing

/// The pure decisions against the model, over thousands of stories.
@Suite struct ModelTests {
    @Test func `decisions agree with the model in thousands of stories`() async throws {
        let run = ModelRun<PureDesk>(looksAlways: true) { PureDesk() }
        let difference = try await run.difference(seeds: 4_000, length: 60)
        #expect(difference == nil, "\(difference ?? "")")
    }
}

/// Conversations in memory, decided by `Desk` alone: no store, no keys, no merging.
private struct PureDesk: ModelSubject {
    static let isWhole = false

    private struct Talk {
        var conversation: Conversation
        var messages: [Message] = []
    }

    private var talks: [Talk] = []
    private var agents: [ReferenceDesk.Worker] = ReferenceDesk(now: 0).workers
    private var clock = TestClock().now
    private let rules = ConversationRules()
    private var nextID: Int64 = 1_000

    mutating func pass(_ milliseconds: Int64) { clock = clock + Span(milliseconds: milliseconds) }

    func pictures() -> [TalkFace] {
        talks.map { TalkFace($0.conversation, $0.messages) { _ in nil } }
    }

    mutating func presence(_ agent: Int, online: Bool) throws {
        agents[agent].online = online
        if online {
            try drain()
            return
        }
        let staff = StaffID(agents[agent].id)
        for talk in talks.indices
        where talks[talk].conversation.state == .open && talks[talk].conversation.owner?.id == staff
        {
            try decide(talk) { story, desk in
                let known = desk.known(talk)
                try story.giveBack(by: .system, reason: "", because: .ownerGone)
                desk.place(&story, except: staff, known)
            }
        }
    }

    mutating func drain() throws {
        let waiting = talks.indices.filter { talks[$0].conversation.queuedSince != nil }.sorted {
            (talks[$0].conversation.queuedSince?.milliseconds ?? 0, $0)
                < (talks[$1].conversation.queuedSince?.milliseconds ?? 0, $1)
        }
        for talk in waiting {
            try decide(talk) { story, desk in desk.place(&story, except: nil, desk.known(talk)) }
        }
    }

    mutating func wakeDue() throws {
        for talk in talks.indices where talks[talk].conversation.state == .snoozed {
            guard let until = talks[talk].conversation.snoozedUntil, until <= clock else {
                continue
            }
            try decide(talk) { story, _ in try story.wake(by: .system) }
        }
    }

    mutating func act(_ who: Who, talk: Int?, _ deed: Deed, key: String) throws -> Outcome {
        let person = Participant(who)
        do {
            if case .say(let text) = deed, case .buyer = who {
                return try buyerSays(text, person, talk, key)
            }
            if case .sayAnywhere(let text) = deed {
                return try buyerSays(text, person, nil, key, who)
            }
            guard let talk, isVisible(talk, to: who) else { throw Refusal.conversationUnknown }
            let before = talks[talk].messages.count
            try decide(talk) { story, desk in
                try desk.carryOut(deed, &story, person, talk, key)
            }
            var number: Int?
            switch deed {
            case .say, .note: number = before + 1
            default: break
            }
            return .done(talk: talk, number: number)
        } catch let refusal as Refusal {
            return .refused(refusal.code)
        }
    }

    private func isVisible(_ talk: Int, to who: Who) -> Bool {
        var groups: Set<GroupID> = []
        if case .agent(let place) = who, agents[place].inGroup {
            groups = [GroupID(ReferenceDesk.group)]
        }
        return talks[talk].conversation.isVisible(to: Participant(who), groups: groups)
    }

    // MARK: - Deciding

    private mutating func decide(
        _ talk: Int, _ body: (inout Story, inout PureDesk) throws -> Void
    ) throws {
        var id = nextID
        var story = Story(talks[talk].conversation, at: clock, rules: rules) {
            id += 1
            return MessageID(id)
        }
        try body(&story, &self)
        nextID = id
        keep(story, talk)
    }

    private mutating func keep(_ story: Story, _ talk: Int) {
        for event in story.events {
            switch event {
            case .said(let message): talks[talk].messages.append(message)
            case .edited(let number, let text, _, _): talks[talk].messages[number - 1].text = text
            case .withdrawn(let number, _): talks[talk].messages[number - 1].withdrawn = true
            case .assigned(let owner, _, _):
                if let agent = agents.firstIndex(where: { $0.id == owner.id.raw }) {
                    agents[agent].lastAssigned = clock.milliseconds
                }
            default: break
            }
        }
        talks[talk].conversation = story.conversation
    }

    private func candidates() -> [Candidate] {
        agents.filter(\.online).map { agent in
            Candidate(
                staff: StaffID(agent.id), name: agent.name,
                groups: agent.inGroup ? [GroupID(ReferenceDesk.group)] : [],
                load: talks.count {
                    $0.conversation.state == .open && $0.conversation.owner?.id.raw == agent.id
                }, cap: agent.cap, lastAssigned: Instant(milliseconds: agent.lastAssigned))
        }
    }

    /// Who could take it, and who served its buyer last.
    private func known(_ talk: Int) -> ([Candidate], StaffID?) {
        let buyer = talks[talk].conversation.buyer
        let last = talks.last {
            $0.conversation.buyer == buyer && $0.conversation.owner != nil
        }
        return (candidates(), last?.conversation.owner?.id)
    }

    private func place(
        _ story: inout Story, except: StaffID?, _ known: ([Candidate], StaffID?)
    ) {
        switch ChooseAgent.decide(
            among: known.0, group: story.conversation.group, knows: known.1, except: except,
            at: clock)
        {
        case .agent(let owner, let assignment): story.assign(to: owner, assignment)
        case .queue(let reason):
            if story.conversation.queuedSince == nil {
                story.queue(story.conversation.group, reason)
            }
        }
    }

    private mutating func buyerSays(
        _ text: String, _ person: Participant, _ named: Int?, _ key: String, _ who: Who? = nil
    ) throws -> Outcome {
        guard case .buyer(let buyer, let name) = person else { throw Refusal.conversationUnknown }
        if let named, talks[named].conversation.buyer != buyer { throw Refusal.conversationUnknown }
        let found =
            named ?? talks.indices.last { talks[$0].conversation.buyer == buyer }
        let isOver =
            found.map { talk in
                let conversation = talks[talk].conversation
                return conversation.state == .closed
                    && (conversation.closedAt.map { clock - $0 > rules.reopenWithin } ?? false)
            } ?? true
        if isOver {
            talks.append(
                Talk(
                    conversation: Conversation(
                        id: ConversationID(Int64(talks.count + 1)), buyer: buyer, buyerName: name,
                        channel: "web", openedAt: clock, state: .queued)))
        }
        let talk = isOver ? talks.count - 1 : found ?? 0
        let wasClosed = talks[talk].conversation.state == .closed
        let wasThere = !isOver
        var number = 0
        try decide(talk) { story, desk in
            let known = desk.known(talk)
            if !wasThere { story.happen(.opened(buyerName: name, channel: "web")) }
            try story.resume(by: person)
            number = try story.say(Saying(key: key, text: text), by: person).number
            if story.conversation.owner == nil, !wasThere || wasClosed {
                desk.place(&story, except: nil, known)
            }
        }
        return .done(talk: talk, number: number)
    }

    private mutating func carryOut(
        _ deed: Deed, _ story: inout Story, _ person: Participant, _ talk: Int, _ key: String
    ) throws {
        let before = talks[talk].conversation
        switch deed {
        case .say(let text): try story.say(Saying(key: key, text: text), by: person)
        case .note(let text): try story.say(Saying(key: key, kind: .note, text: text), by: person)
        case .edit(let number, let text):
            let message = try message(number, talk, person)
            for event in try before.edit(message, to: text, by: person, at: clock, rules: rules) {
                story.happen(event)
            }
        case .withdraw(let number):
            let message = try message(number, talk, person)
            for event in try before.withdraw(message, by: person, at: clock, rules: rules) {
                story.happen(event)
            }
        case .claim: try story.claim(by: person)
        case .transfer(let to):
            guard agents[to].online else {
                throw Refusal(.conflict, "transfer.agentAway", zh: "", en: "")
            }
            try story.transfer(
                by: person, toAgent: .init(id: StaffID(agents[to].id), name: agents[to].name),
                toGroup: nil, groupName: nil,
                card: HandoverCard(promise: "", nextStep: "看看", deadline: nil, mood: .calm))
        case .transferToGroup:
            let known = known(talk)
            let former = before.owner?.id
            try story.transfer(
                by: person, toAgent: nil, toGroup: GroupID(ReferenceDesk.group), groupName: "组",
                card: HandoverCard(promise: "", nextStep: "看看", deadline: nil, mood: .calm))
            place(&story, except: former, known)
        case .giveBack:
            let known = known(talk)
            try story.giveBack(by: person, reason: "")
            place(&story, except: before.owner?.id, known)
        case .takeOver: try story.takeOver(by: person, reason: "")
        case .close(let invite): try story.close(by: person, reason: "", inviteRating: invite)
        case .reopen: try story.reopen(by: person)
        case .snooze(let until):
            try story.snooze(by: person, until: Instant(milliseconds: until), note: "")
        case .wake: try story.wake(by: person)
        case .tag(let add, let remove):
            for event in try before.tag(add: [add], remove: [remove], by: person, rules: rules) {
                story.happen(event)
            }
        case .invite: try story.inviteRating(by: person)
        case .rate(let score): try story.rate(by: person, score: score, comment: "")
        case .read(let upTo):
            let unread = talks[talk].messages.count { $0.number > upTo && $0.author.kind == .buyer }
            for event in try before.read(upTo: upTo, unread: unread, by: person) {
                story.happen(event)
            }
        case .received(let upTo):
            for event in before.received(upTo: upTo, by: person) { story.happen(event) }
        case .merge, .sayAnywhere: break
        }
    }

    private func message(_ number: Int, _ talk: Int, _ person: Participant) throws -> Message {
        guard let message = talks[talk].messages.first(where: { $0.number == number }),
            person.staff != nil || message.audience == .all
        else { throw Refusal.messageUnknown }
        return message
    }
}
