package import Desk
import Foundation

/// A desk that the model is compared with.
package protocol ModelSubject {
    /// Whether it remembers keys and merges conversations; the pure decisions alone do not.
    static var isWhole: Bool { get }

    mutating func act(_ who: Who, talk: Int?, _ deed: Deed, key: String) async throws -> Outcome
    mutating func presence(_ agent: Int, online: Bool) async throws
    mutating func drain() async throws
    mutating func wakeDue() async throws
    mutating func pass(_ milliseconds: Int64) async throws
    func pictures() async throws -> [TalkFace]
}

/// Plays the same story on the model and on a desk, and tells the first difference.
package struct ModelRun<Subject: ModelSubject> {
    package let make: () async throws -> Subject
    /// Whether everything is looked at after every step, and not only at the end.
    package let looksAlways: Bool

    package init(looksAlways: Bool, make: @escaping () async throws -> Subject) {
        self.make = make
        self.looksAlways = looksAlways
    }

    /// The seed `QINKE_SEED` alone, or the first `count` (`QINKE_SEEDS`); each with so many steps.
    ///
    /// - Returns: nil when the desk did what the model does; else the seed and the shortest story found that shows it.
    package func difference(seeds count: Int, length: Int) async throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        let last = environment["QINKE_SEEDS"].flatMap { UInt64($0) } ?? UInt64(count)
        let only = environment["QINKE_SEED"].flatMap { UInt64($0) }
        for seed in only.map({ $0...$0 }) ?? 1...last {
            var random = SeededRandom(seed)
            let steps = Step.story(&random, length: length)
            guard try await play(steps) != nil else { continue }
            let shortest = try await shorten(steps)
            let told = shortest.map { "\n  \($0)" }.joined()
            return """
                seed \(seed) (QINKE_SEED=\(seed) plays it alone), \(shortest.count) of \(steps.count) steps are enough:\
                \(told)
                \(try await play(shortest) ?? "")
                """
        }
        return nil
    }

    /// Leaves out what is not needed for a difference: halves, quarters …, then single steps.
    private func shorten(_ steps: [Step]) async throws -> [Step] {
        var steps = steps
        var width = max(1, steps.count / 2)
        while true {
            var place = 0
            var shrunk = false
            while place < steps.count {
                var fewer = steps
                // `again` and `otherwise` count from the beginning, so a place that is left out is kept as a pause.
                fewer.removeSubrange(place..<min(place + width, fewer.count))
                if try await play(fewer) != nil {
                    steps = fewer
                    shrunk = true
                } else {
                    place += width
                }
            }
            if width == 1 && !shrunk { return steps }
            width = max(1, width / 2)
        }
    }

    private struct Done {
        let who: Who
        let talk: Int?
        let deed: Deed
        let key: String

        /// Of the step in its story; keys are made from it.
        var place: Int { Int(key.dropFirst()) ?? 0 }
    }

    // MARK: - Playing

    private func play(_ steps: [Step]) async throws -> String? {
        var subject = try await make()
        var model = ReferenceDesk(now: TestClock().now.milliseconds)
        var done: [Done] = []
        for step in steps {
            switch step {
            case .act(let who, let talk, let deed, let key):
                guard Subject.isWhole || !deed.isMerge,
                    let act = resolve(who, talk, deed, key, model)
                else { continue }
                done.append(act)
                let expected = model.act(act.who, talk: act.talk, act.deed, key: act.key)
                let got = try await subject.act(act.who, talk: act.talk, act.deed, key: act.key)
                if got != expected { return told(act, expected, got) }
            case .again(let place), .otherwise(let place):
                // The latest act up to that place, so that leaving others out changes little.
                guard Subject.isWhole, let earlier = done.last(where: { $0.place <= place }) else {
                    continue
                }
                var deed = earlier.deed
                if case .otherwise = step { deed = deed.changed }
                let expected = model.act(
                    earlier.who, talk: earlier.talk, deed, key: earlier.key)
                let got = try await subject.act(
                    earlier.who, talk: earlier.talk, deed, key: earlier.key)
                // The words may have moved since, so the place may be told by where they are now.
                if got.code != expected.code { return told(earlier, expected, got, step) }
            case .presence(let agent, let online):
                model.presence(agent, online: online)
                try await subject.presence(agent, online: online)
            case .drain:
                model.drain()
                try await subject.drain()
            case .wakeDue:
                model.wakeDue()
                try await subject.wakeDue()
            case .pass(let milliseconds):
                model.now += milliseconds
                try await subject.pass(milliseconds)
            }
            // Two acts never happen at one instant, so that every order by time is certain.
            model.now += 1
            try await subject.pass(1)
            if looksAlways, let found = compare(model.pictures, try await subject.pictures()) {
                return "after \(step): \(found)"
            }
        }
        return compare(model.pictures, try await subject.pictures())
    }

    private func told(_ act: Done, _ expected: Outcome, _ got: Outcome, _ step: Step? = nil)
        -> String
    {
        "\(step.map { "\($0) of " } ?? "")\(act): the model says \(expected), the desk \(got)"
    }

    /// Names what a step means by what is there now.
    private func resolve(
        _ who: Who, _ talk: Int, _ deed: Deed, _ key: String, _ model: ReferenceDesk
    ) -> Done? {
        if case .sayAnywhere = deed { return Done(who: who, talk: nil, deed: deed, key: key) }
        let count = model.talkCount
        guard count > 0 else { return nil }
        // Counted from the newest.
        let place = count - 1 - talk % count
        let entries = model.pictures[place].entries.count
        var deed = deed
        switch deed {
        case .merge(let into): deed = .merge(into: count - 1 - into % count)
        case .edit(let entry, let text):
            deed = .edit(entry: entries + 1 - entry % (entries + 2), text)
        case .withdraw(let entry): deed = .withdraw(entry: entries + 1 - entry % (entries + 2))
        case .snooze(let minutes): deed = .snooze(until: model.now + minutes * 60_000)
        default: break
        }
        return Done(who: who, talk: place, deed: deed, key: key)
    }

    private func compare(_ expected: [TalkFace], _ got: [TalkFace]) -> String? {
        guard expected.count == got.count else {
            return "the model has \(expected.count) conversations, the desk \(got.count)"
        }
        for (place, (one, other)) in zip(expected, got).enumerated() where one != other {
            let parts = zip(Mirror(reflecting: one).children, Mirror(reflecting: other).children)
                .filter { "\($0.value)" != "\($1.value)" }
                .map { "\($0.label ?? "?"): the model \($0.value), the desk \($1.value)" }
            return "conversation \(place): " + parts.joined(separator: "; ")
        }
        return nil
    }
}

extension Outcome {
    fileprivate var code: String? {
        if case .refused(let code) = self { code } else { nil }
    }
}

extension Deed {
    fileprivate var isMerge: Bool {
        if case .merge = self { true } else { false }
    }

    /// Other content of the same sort.
    fileprivate var changed: Deed {
        switch self {
        case .say(let text): .say(text + "！")
        case .sayAnywhere(let text): .sayAnywhere(text + "！")
        case .note(let text): .note(text + "！")
        default: .tag(add: "别的", remove: "")
        }
    }
}

extension Participant {
    /// The same person in the model and here.
    package init(_ who: Who) {
        switch who {
        case .buyer(let place):
            self = .buyer(BuyerID(ReferenceDesk.buyerID(place)), name: "买家\(place)")
        case .agent(let place):
            let worker = ReferenceDesk(now: 0).workers[place]
            self = .agent(
                StaffID(worker.id), name: worker.name,
                rights: worker.leads ? [.answer, .readAll, .takeOver, .manageAll] : .answer)
        }
    }
}

extension TalkFace {
    /// - Parameter talk: the place of a conversation, by order of opening.
    package init(
        _ conversation: Conversation, _ messages: [Message],
        talk: (ConversationID) -> Int?
    ) {
        self.init(buyer: conversation.buyer.raw)
        state = conversation.state.rawValue
        owner = conversation.owner?.id.raw
        group = conversation.group?.raw
        queuedSince = conversation.queuedSince?.milliseconds
        waitingSince = conversation.waitingSince?.milliseconds
        snoozedUntil = conversation.snoozedUntil?.milliseconds
        closedAt = conversation.closedAt?.milliseconds
        mergedInto = conversation.mergedInto.flatMap(talk)
        tags = conversation.tags
        invited = conversation.rating.invited
        score = conversation.rating.score
        preview = conversation.preview?.text
        readByAgent = conversation.readByAgent
        readByBuyer = conversation.readByBuyer
        delivered = conversation.deliveredToBuyer
        unread = conversation.unread
        entries = messages.map { message in
            Entry(
                author: message.author.id.map { "\(message.author.kind.rawValue) \($0)" }
                    ?? message.author.kind.rawValue,
                kind: message.kind.rawValue, audience: message.audience.rawValue,
                text: message.system?.code.rawValue ?? message.text, withdrawn: message.withdrawn)
        }
    }
}

extension ConversationCommand {
    /// - Parameter talk: the conversation at a place.
    package init(_ deed: Deed, key: String, talk: (Int) -> ConversationID) {
        switch deed {
        case .say(let text), .sayAnywhere(let text):
            self = .say(Saying(key: key, text: text), upload: nil)
        case .note(let text): self = .say(Saying(key: key, kind: .note, text: text), upload: nil)
        case .edit(let entry, let text): self = .edit(number: entry, text: text)
        case .withdraw(let entry): self = .withdraw(number: entry)
        case .claim: self = .claim
        case .transfer(let to):
            self = .transfer(
                toAgent: StaffID(ReferenceDesk(now: 0).workers[to].id), toGroup: nil, .forModel)
        case .transferToGroup:
            self = .transfer(toAgent: nil, toGroup: GroupID(ReferenceDesk.group), .forModel)
        case .giveBack: self = .giveBack(reason: "")
        case .takeOver: self = .takeOver(reason: "")
        case .close(let invite): self = .close(reason: "", inviteRating: invite)
        case .reopen: self = .reopen
        case .snooze(let until): self = .snooze(until: Instant(milliseconds: until), note: "")
        case .wake: self = .wake
        case .tag(let add, let remove): self = .tag(add: [add], remove: [remove])
        case .merge(let into): self = .merge(into: talk(into))
        case .invite: self = .inviteRating
        case .rate(let score): self = .rate(score: score, comment: "")
        case .read(let upTo): self = .read(upTo: upTo)
        case .received(let upTo): self = .received(upTo: upTo)
        }
    }
}

extension HandoverCard {
    fileprivate static let forModel = HandoverCard(
        promise: "", nextStep: "看看", deadline: nil, mood: .calm)
}
