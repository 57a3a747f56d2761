package import Desk
package import SQL

/// Carries out what somebody asks of a conversation, inside one act: load, decide, append.
package struct Converse: Sendable {
    /// Gives an upload to a message of a conversation; refuses foreign or used ones.
    package typealias ClaimUpload =
        @Sendable (UploadID, Actor, ConversationID, Act) throws -> Attachment

    /// What the asker learns; the fields of the `ack` frame.
    package struct Answer: Hashable, Sendable, Codable {
        package var conversation: ConversationID
        /// The last event of the act; absent when nothing had to change.
        package var event: Int64?
        package var id: MessageID?
        package var number: Int?
        package var follows: Int?
        package var at: Instant?
        package var tags: [String]?
        package var note: PinnedNoteID?

        init(_ conversation: ConversationID) { self.conversation = conversation }
    }

    let claimUpload: ClaimUpload

    package init(claimUpload: @escaping ClaimUpload) { self.claimUpload = claimUpload }

    /// - Parameters:
    ///   - id: nil for a buyer who means their own conversation, made when there is none.
    ///   - groups: of the agent who asks.
    ///   - channel: by which a buyer's new conversation came.
    package func callAsFunction(
        _ command: ConversationCommand, key: String, in id: ConversationID?, by who: Participant,
        groups: Set<GroupID> = [], channel: String = "web", policy: PolicySet, act: Act
    ) throws -> Answer {
        if case .say(let saying, let upload) = command {
            return try say(saying, upload, in: id, by: who, groups, channel, policy, act)
        }
        guard ClientKey.isValid(key) else { throw ClientKey.refusal }
        let digest = Self.digest(command, id)
        if let earlier = try CommandAnswers.earlier(key, digest: digest, by: who.actor, in: act) {
            return earlier
        }
        guard let id = try id ?? ownConversation(of: who, act) else {
            throw Refusal.conversationUnknown
        }
        let before = try load(id, for: who, groups, act)
        var answer = try carryOut(command, on: before, by: who, groups, policy, act)
        if answer.event == nil {
            answer.event = try EventLog.last(of: act.shop, in: act.transaction)
        }
        try CommandAnswers.keep(answer, key, digest: digest, by: who.actor, in: act)
        return answer
    }

    func load(
        _ id: ConversationID, for who: Participant, _ groups: Set<GroupID>, _ act: Act
    ) throws -> Conversation {
        guard let conversation = try ConversationStore.load(id, of: act.shop, in: act.transaction)
        else { throw Refusal.conversationUnknown }
        if conversation.isVisible(to: who, groups: groups) { return conversation }
        guard let staff = who.staff,
            try Named.contains(staff, id, in: act.shop, act.transaction)
        else { throw Refusal.conversationUnknown }
        return conversation
    }

    private func ownConversation(of who: Participant, _ act: Act) throws -> ConversationID? {
        guard case .buyer(let buyer, _) = who else { return nil }
        return try ConversationStore.newest(of: buyer, in: act.shop, act.transaction)?.id
    }

    private func carryOut(
        _ command: ConversationCommand, on before: Conversation, by who: Participant,
        _ groups: Set<GroupID>, _ policy: PolicySet, _ act: Act
    ) throws -> Answer {
        let rules = policy.conversationRules
        var answer = Answer(before.id)
        var story = Story(before, at: act.at, rules: rules) { act.newID() }
        switch command {
        case .say:
            break
        case .edit(let number, let text):
            let message = try message(number, of: before, seenBy: who, act)
            for event in try before.edit(message, to: text, by: who, at: act.at, rules: rules) {
                story.happen(event)
            }
        case .withdraw(let number):
            let message = try message(number, of: before, seenBy: who, act)
            for event in try before.withdraw(message, by: who, at: act.at, rules: rules) {
                story.happen(event)
            }
        case .read(let upTo):
            let unread = try MessageStore.unread(before.id, after: upTo, in: act.transaction)
            for event in try before.read(upTo: upTo, unread: unread, by: who) {
                story.happen(event)
            }
        case .received(let upTo):
            for event in before.received(upTo: upTo, by: who) { story.happen(event) }
        case .claim:
            try story.claim(by: who)
        case .transfer(let agent, let group, let card):
            try transfer(&story, agent, group, card, by: who, policy, act)
        case .giveBack(let reason):
            try story.giveBack(by: who, reason: String(reason.prefix(200)))
            try Route.place(&story, except: before.owner?.id, policy: policy, act: act)
        case .takeOver(let reason):
            try story.takeOver(by: who, reason: String(reason.prefix(200)))
        case .close(let reason, let inviteRating):
            try story.close(by: who, reason: String(reason.prefix(200)), inviteRating: inviteRating)
        case .reopen:
            try story.reopen(by: who)
        case .snooze(let until, let note):
            try story.snooze(by: who, until: until, note: note)
        case .wake:
            try story.wake(by: who)
        case .tag(let add, let remove):
            for event in try before.tag(add: add, remove: remove, by: who, rules: rules) {
                story.happen(event)
            }
            answer.tags = story.conversation.tags
        case .merge(let into):
            return try merge(before, into: into, by: who, groups, policy, act)
        case .inviteRating:
            try story.inviteRating(by: who)
        case .rate(let score, let comment):
            try story.rate(by: who, score: score, comment: comment)
        case .pin(let text, let number, let scope):
            answer.note = try PinnedNoteStore.pin(text, number, scope, to: before, by: who, act)
        case .unpin(let note):
            try PinnedNoteStore.unpin(note, by: who, of: before, act)
        }
        answer.event = try ConversationStore.append(story, before: before, by: who.actor, in: act)
        if case .takeOver(let reason) = command, answer.event != nil {
            try act.record(
                "conversation.takenOver", about: before.id.raw,
                ["reason": String(reason.prefix(200))])
        }
        return answer
    }

    private func message(
        _ number: Int, of conversation: Conversation, seenBy who: Participant, _ act: Act
    ) throws -> Message {
        guard
            let message = try MessageStore.load(
                conversation.id, number: number, in: act.transaction),
            who.staff != nil || message.audience == .all
        else { throw Refusal.messageUnknown }
        return message
    }

    private func transfer(
        _ story: inout Story, _ agent: StaffID?, _ group: GroupID?, _ card: HandoverCard,
        by who: Participant,
        _ policy: PolicySet, _ act: Act
    ) throws {
        var owner: Conversation.Owner?
        var groupName: String?
        if let agent {
            let candidates = try PresenceStore.candidates(
                of: act.shop, policy: policy, at: act.at, in: act.transaction)
            guard let found = candidates.first(where: { $0.staff == agent }) else {
                throw Refusal(
                    .conflict, "transfer.agentAway", zh: "这位客服不在线", en: "This agent is not online",
                    instead: Localized(
                        zh: "请转给其他客服或分组", en: "Transfer to another agent or to a group"),
                    field: "toAgent")
            }
            owner = .init(id: found.staff, name: found.name)
        }
        if let group {
            groupName = try act.transaction.first(
                "SELECT name FROM staff_group WHERE shop = \(act.shop) AND id = \(group)")?.get(0)
            guard groupName != nil else {
                throw Refusal(
                    .invalid, "group.unknown", zh: "没有这个分组", en: "There is no such group",
                    field: "toGroup")
            }
        }
        let former = story.conversation.owner?.id
        try story.transfer(
            by: who, toAgent: owner, toGroup: group, groupName: groupName, card: card)
        if group != nil { try Route.place(&story, except: former, policy: policy, act: act) }
    }

    /// Moves one conversation's words behind another's of the same buyer, in the order of time.
    private func merge(
        _ from: Conversation, into id: ConversationID, by who: Participant,
        _ groups: Set<GroupID>, _ policy: PolicySet, _ act: Act
    ) throws -> Answer {
        guard who.staff != nil else { throw Refusal.conversationUnknown }
        // Nobody writes into what they may not see.
        let into = try load(id, for: who, groups, act)
        guard into.id != from.id, into.mergedInto == nil, from.mergedInto == nil,
            into.buyer == from.buyer
        else {
            throw Refusal(
                .conflict, "merge.impossible", zh: "只能合并同一位买家的两个会话",
                en: "Only two conversations of one buyer can be merged", field: "into")
        }
        // A question that waits must not end where nobody looks.
        guard into.state != .closed else {
            throw Refusal(
                .conflict, "merge.closed", zh: "不能并入已结束的会话",
                en: "Nothing can be merged into a closed conversation",
                instead: Localized(zh: "请先重新打开它", en: "Reopen it first"), field: "into")
        }
        guard
            from.isOwned(by: who) || who.has(.manageAll) || from.owner == nil
                || from.state == .closed
        else {
            throw Refusal(
                .forbidden, "conversation.notYours", zh: "只有接待人或主管可以合并",
                en: "Only the one who serves it can merge it")
        }
        let rules = policy.conversationRules
        var target = Story(into, at: act.at, rules: rules) { act.newID() }
        target.line(
            .merged, ["from": from.id.description, "name": who.actor.name], audience: .staff)
        let messages = try MessageStore.page(
            of: from.id, after: 0, limit: Int.max, forBuyers: false, in: act.transaction)
        for message in messages where message.kind != .system && !message.withdrawn {
            target.happen(.said(message.moved(to: act.newID(), after: target.conversation)))
        }
        var source = Story(from, at: act.at, rules: rules) { act.newID() }
        if from.state != .closed {
            try source.close(by: .system, reason: "merged", inviteRating: false)
        }
        source.happen(.merged(into: id))
        try ConversationStore.append(source, before: from, by: who.actor, in: act)
        let event = try ConversationStore.append(target, before: into, by: who.actor, in: act)
        var answer = Answer(id)
        answer.event = event
        return answer
    }

    private static func digest(_ command: ConversationCommand, _ id: ConversationID?) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(id?.description ?? "") \(command)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}

extension Converse.Answer {
    mutating func fill(from message: Message) {
        id = message.id
        number = message.number
        follows = message.follows
        at = message.at
    }
}

extension Message {
    /// The same words at the end of another conversation, under a key that no sender can have used there.
    fileprivate func moved(to id: MessageID, after conversation: Conversation) -> Message {
        Message(
            id: id, number: conversation.lastNumber + 1, follows: conversation.lastPublic, at: at,
            key: "merged-\(self.id)", author: author, kind: kind, audience: audience, text: text,
            mentions: mentions, attachment: attachment, card: card)
    }
}
