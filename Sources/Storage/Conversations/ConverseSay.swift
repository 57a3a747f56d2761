import Desk
import SQL

/// Saying something: what nearly every act is.
extension Converse {
    func say(
        _ saying: Saying, _ upload: UploadID?, in id: ConversationID?, by who: Participant,
        _ groups: Set<GroupID>, _ channel: String, _ policy: PolicySet, _ act: Act
    ) throws -> Answer {
        let rules = policy.conversationRules
        let found: Conversation?
        do {
            found = try conversation(id, for: who, groups, rules, act)
        } catch let refusal as Refusal {
            // Who lost sight of a conversation still gets the answer to what they had said in it.
            guard let id, let answer = try earlier(saying, upload, by: who, in: id, act) else {
                throw refusal
            }
            return answer
        }
        // A key that was used in the same conversation runs into the schema's rule, and the act is carried out again: so the
        // usual, new key costs no look-up.
        let isKnown = act.transaction.isSecondRun
        for place in try places(found, id, who, act) where isKnown || place != found?.id {
            if let answer = try earlier(saying, upload, by: who, in: place, act) { return answer }
        }
        do {
            return try sayAnew(saying, upload, in: found, by: who, channel, policy, rules, act)
        } catch let refusal as Refusal {
            // Nothing was written yet; the answer to a repeated key stands, whatever has happened since.
            guard !isKnown, let found,
                let answer = try earlier(saying, upload, by: who, in: found.id, act)
            else { throw refusal }
            return answer
        }
    }

    private func sayAnew(
        _ saying: Saying, _ upload: UploadID?, in found: Conversation?, by who: Participant,
        _ channel: String, _ policy: PolicySet, _ rules: ConversationRules, _ act: Act
    ) throws -> Answer {
        let before = try found ?? open(for: who, channel, act)
        var saying = saying
        if let upload {
            saying.attachment = try claimUpload(upload, who.actor, before.id, act)
        }
        var story = Story(before, at: act.at, rules: rules) { act.newID() }
        if found == nil { story.happen(.opened(buyerName: before.buyerName, channel: channel)) }
        if case .buyer = who { try story.resume(by: who) }
        let message = try story.say(saying, by: who)
        if case .buyer = who, story.conversation.owner == nil,
            found == nil || before.state == .closed
        {
            try Route.place(
                &story, except: nil, policy: policy, mayWait: saying.left ? .always : .whileRoom,
                act: act)
        }
        let event = try ConversationStore.append(story, before: before, by: who.actor, in: act)
        var answer = Answer(before.id)
        answer.event = event
        answer.fill(from: message)
        return answer
    }

    /// The conversation meant, or nil when the buyer's words must open one.
    private func conversation(
        _ id: ConversationID?, for who: Participant, _ groups: Set<GroupID>,
        _ rules: ConversationRules, _ act: Act
    ) throws -> Conversation? {
        if let id {
            let conversation = try load(id, for: who, groups, act)
            guard case .buyer = who else { return conversation }
            guard var into = conversation.mergedInto else {
                return isOver(conversation, rules, act) ? nil : conversation
            }
            // A window that was open while agents merged goes on where the words now belong.
            while true {
                let next = try load(into, for: who, groups, act)
                guard let further = next.mergedInto else { return next }
                into = further
            }
        }
        guard case .buyer(let buyer, _) = who else {
            throw Refusal(
                .invalid, "conversation.needed", zh: "请指明会话", en: "Name the conversation",
                field: "conversation")
        }
        guard let newest = try ConversationStore.newest(of: buyer, in: act.shop, act.transaction)
        else { return nil }
        return isOver(newest, rules, act) ? nil : newest
    }

    /// Where the words under a repeated key may stand: a retry names the same conversation as the first attempt, or none.
    private func places(
        _ found: Conversation?, _ id: ConversationID?, _ who: Participant, _ act: Act
    ) throws -> [ConversationID] {
        if let id { return id == found?.id ? [id] : [id] + [found?.id].compactMap(\.self) }
        guard case .buyer(let buyer, _) = who else { return [] }
        return try ConversationStore.recent(of: buyer, in: act.shop, act.transaction)
    }

    /// Closed for so long that new words begin a new conversation.
    private func isOver(_ conversation: Conversation, _ rules: ConversationRules, _ act: Act)
        -> Bool
    {
        guard conversation.state == .closed, let closedAt = conversation.closedAt else {
            return false
        }
        return act.at - closedAt > rules.reopenWithin
    }

    private func open(for who: Participant, _ channel: String, _ act: Act) throws -> Conversation {
        guard case .buyer(let buyer, let name) = who else { throw Refusal.conversationUnknown }
        let conversation = Conversation(
            id: act.newID(), buyer: buyer, buyerName: name, channel: channel, openedAt: act.at,
            state: .queued)
        try ConversationStore.insert(conversation, of: act.shop, in: act.transaction)
        return conversation
    }

    /// The answer that this key got before.
    ///
    /// Other content under the same key is refused.
    private func earlier(
        _ saying: Saying, _ upload: UploadID?, by who: Participant, in id: ConversationID,
        _ act: Act
    ) throws -> Answer? {
        guard
            let said = try MessageStore.said(saying.key, by: who.actor, in: id, act.transaction)
        else { return nil }
        let again = Message(
            id: said.message.id, number: 0, follows: 0, at: act.at, key: saying.key,
            author: who.actor,
            kind: saying.kind, audience: .all, text: saying.text, replyTo: saying.replyTo,
            attachment: upload.map {
                Attachment(upload: $0, name: "", type: "", size: 0, width: nil, height: nil)
            }, card: saying.card)
        guard again.contentDigest == said.digest else { throw ClientKey.reused }
        var answer = Answer(id)
        answer.event = try EventLog.last(of: act.shop, in: act.transaction)
        answer.fill(from: said.message)
        return answer
    }
}
