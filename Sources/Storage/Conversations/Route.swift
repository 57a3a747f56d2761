package import Desk
package import SQL

extension Refusal {
    /// A place in a queue that long would be a promise that nobody keeps.
    package static let queueFull = Refusal(
        .conflict, "queue.full", zh: "现在排队的人太多，暂时接待不过来",
        en: "Too many people are waiting right now; we cannot take you on",
        instead: Localized(
            zh: "请留言并写下联系方式，我们会尽快回复",
            en: "Leave a message and how to reach you; we will answer soon"))
}

/// Finds somebody for a conversation that nobody owns, or its place in the queue.
package enum Route {
    /// Whether a conversation may go to the end of the queue.
    enum Waiting: Sendable {
        /// It was taken on already, or nobody sits and waits for it.
        case always
        /// A buyer who comes now: only while the queue is shorter than the shop's limit.
        case whileRoom
    }

    /// Part of an act that is deciding the story already.
    /// - Throws: `queue.full`.
    static func place(
        _ story: inout Story, except: StaffID?, policy: PolicySet, mayWait: Waiting = .always,
        act: Act
    ) throws {
        let conversation = story.conversation
        let answer = ChooseAgent.decide(
            among: try PresenceStore.candidates(
                of: act.shop, policy: policy, at: act.at, in: act.transaction),
            group: conversation.group,
            knows: try ConversationStore.lastOwner(
                of: conversation.buyer, in: act.shop, except: nil, act.transaction),
            except: except, at: act.at)
        switch answer {
        case .agent(let owner, let assignment): story.assign(to: owner, assignment)
        case .queue(let reason):
            // What waits already keeps its place.
            guard conversation.queuedSince == nil else { return }
            if mayWait == .whileRoom,
                try QueueOrder.isFull(in: act.shop, policy: policy, act.transaction)
            {
                throw Refusal.queueFull
            }
            story.queue(conversation.group, reason)
        }
    }

    /// Gives the conversations that wait longest to whoever is free.
    /// - Returns: how many were assigned.
    package static func drainQueue(limit: Int, policy: PolicySet, act: Act) throws -> Int {
        let waiting = try act.transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.shop = \(act.shop)
            AND c.queued_since IS NOT NULL ORDER BY c.queued_since, c.id LIMIT \(limit)
            """
        ).map(ConversationRow.decode)
        var assigned = 0
        for before in waiting {
            var story = Story(before, at: act.at, rules: policy.conversationRules) { act.newID() }
            try place(&story, except: nil, policy: policy, act: act)
            if story.conversation.owner == nil { continue }
            try ConversationStore.append(story, before: before, by: .system, in: act)
            assigned += 1
        }
        return assigned
    }

    /// Takes an agent's conversations from them: they are gone, or did not answer in time.
    /// - Parameter waitingSince: only those whose buyer waits at least since then; nil for all.
    package static func release(
        from staff: StaffID, waitingSince: Instant?, because: ConversationEvent.QueueReason,
        policy: PolicySet,
        act: Act
    ) throws -> Int {
        let owned = try act.transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.shop = \(act.shop) AND c.state = 'open'
            AND c.owner = \(staff) ORDER BY c.id
            """
        ).map(ConversationRow.decode)
        var released = 0
        for before in owned {
            if let waitingSince {
                guard let since = before.waitingSince, since <= waitingSince,
                    let assigned = before.assignment?.at, assigned <= waitingSince
                else { continue }
            }
            var story = Story(before, at: act.at, rules: policy.conversationRules) { act.newID() }
            try story.giveBack(by: .system, reason: "", because: because)
            try place(&story, except: staff, policy: policy, act: act)
            try ConversationStore.append(story, before: before, by: .system, in: act)
            released += 1
        }
        return released
    }

    /// Wakes what was snoozed until now.
    package static func wakeDue(limit: Int, policy: PolicySet, act: Act) throws -> Int {
        let due = try act.transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.shop = \(act.shop)
            AND c.snoozed_until <= \(act.at) AND c.state = 'snoozed' ORDER BY c.snoozed_until LIMIT \(limit)
            """
        ).map(ConversationRow.decode)
        for before in due {
            var story = Story(before, at: act.at, rules: policy.conversationRules) { act.newID() }
            try story.wake(by: .system)
            try ConversationStore.append(story, before: before, by: .system, in: act)
        }
        return due.count
    }
}
