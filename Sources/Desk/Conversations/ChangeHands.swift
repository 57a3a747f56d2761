extension Story {
    /// Gives the conversation to an agent whom routing chose.
    package mutating func assign(to owner: Conversation.Owner, _ assignment: Assignment) {
        let from = conversation.owner
        happen(.assigned(to: owner, assignment, from: from))
        line(.assigned, ["name": owner.name])
    }

    /// Puts the conversation into the queue of a group (nil: everybody's).
    package mutating func queue(_ group: GroupID?, _ reason: ConversationEvent.QueueReason) {
        happen(.queued(group: group, reason: reason))
    }

    /// An agent takes a waiting conversation.
    package mutating func claim(by who: Participant) throws(Refusal) {
        guard case .agent(let id, let name, let rights) = who, rights.contains(.answer) else {
            throw .notAllowed(
                "conversation.claimForbidden", zh: "没有接待权限", en: "You may not answer buyers")
        }
        if conversation.isOwned(by: who), conversation.state == .open { return }
        guard conversation.state == .queued else {
            throw Refusal(
                .conflict, "conversation.taken",
                zh: conversation.owner.map { "\($0.name)已经接入" } ?? "会话不在队列里",
                en: conversation.owner.map { "\($0.name) has taken it" } ?? "It is not in the queue"
            )
        }
        assign(
            to: .init(id: id, name: name),
            Assignment(
                reason: .claimed,
                why: Localized(zh: "\(name)从队列接入", en: "\(name) took it from the queue"), at: at))
    }

    /// Hands the conversation on, with a card that says what was promised.
    /// - Parameter agent: the receiver, already known to be able to take it; nil for a group.
    package mutating func transfer(
        by who: Participant, toAgent agent: Conversation.Owner?, toGroup group: GroupID?,
        groupName: String?,
        card: HandoverCard
    ) throws(Refusal) {
        try checkHands(who)
        guard (agent == nil) != (group == nil) else {
            throw Refusal(
                .invalid, "transfer.target", zh: "请选择一位客服或一个分组",
                en: "Choose one agent or one group",
                field: "toAgent")
        }
        if let agent, agent.id == conversation.owner?.id {
            throw Refusal(
                .conflict, "transfer.same", zh: "会话已经由\(agent.name)接待",
                en: "\(agent.name) already serves it",
                field: "toAgent")
        }
        guard !card.nextStep.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "transfer.cardNeeded", zh: "请写明下一步要做什么",
                en: "Say what has to be done next",
                field: "card.nextStep")
        }
        guard card.promise.count <= 500, card.nextStep.count <= 500 else {
            throw Refusal(
                .tooLarge, "transfer.cardTooLong", zh: "交接卡每栏最多 500 字",
                en: "At most 500 characters per field",
                field: "card")
        }
        let from = conversation.owner
        happen(.transferred(from: from, toAgent: agent, toGroup: group, card))
        var args = [
            "from": from?.name ?? who.actor.name, "to": agent?.name ?? groupName ?? "",
            "promise": card.promise,
            "nextStep": card.nextStep, "mood": card.mood.rawValue,
        ]
        if let deadline = card.deadline { args["deadline"] = String(deadline.milliseconds) }
        line(.transferred, args, audience: .staff)
        if let agent {
            assign(
                to: agent,
                Assignment(
                    reason: .transferred,
                    why: Localized(
                        zh: "\(args["from"] ?? "")转接", en: "Transferred by \(args["from"] ?? "")"),
                    at: at))
        } else {
            queue(group, .transferred)
        }
    }

    /// The owner gives the conversation back to the queue.
    package mutating func giveBack(
        by who: Participant, reason: String, because: ConversationEvent.QueueReason = .returned
    ) throws(Refusal) {
        guard let owner = conversation.owner, conversation.state != .closed else {
            throw Refusal(
                .conflict, "conversation.notOwned", zh: "会话没有人接待",
                en: "Nobody serves this conversation")
        }
        if who != .system { try checkHands(who) }
        happen(.returned(from: owner, reason: reason))
        line(.returned, ["name": owner.name, "reason": reason], audience: .staff)
        queue(conversation.group, because)
    }

    /// A supervisor takes the conversation from its owner.
    package mutating func takeOver(by who: Participant, reason: String) throws(Refusal) {
        guard case .agent(let id, let name, let rights) = who, rights.contains(.takeOver) else {
            throw .notAllowed(
                "conversation.takeOverForbidden", zh: "没有接管会话的权限", en: "You may not take over")
        }
        if conversation.isOwned(by: who), conversation.state == .open { return }
        guard conversation.state != .closed, conversation.mergedInto == nil else {
            throw Refusal(
                .conflict, "conversation.closed", zh: "会话已结束", en: "The conversation is closed")
        }
        let from = conversation.owner
        happen(
            .assigned(
                to: .init(id: id, name: name),
                Assignment(
                    reason: .takenOver,
                    why: Localized(
                        zh: reason.isEmpty ? "\(name)接管" : "\(name)接管：\(reason)",
                        en: reason.isEmpty
                            ? "Taken over by \(name)" : "Taken over by \(name): \(reason)"), at: at),
                from: from))
        line(
            .takenOver, ["name": name, "from": from?.name ?? "", "reason": reason], audience: .staff
        )
        line(.assigned, ["name": name])
    }

    private func checkHands(_ who: Participant) throws(Refusal) {
        guard conversation.state != .closed else {
            throw Refusal(
                .conflict, "conversation.closed", zh: "会话已结束", en: "The conversation is closed")
        }
        guard conversation.isOwned(by: who) || who.has(.manageAll) else {
            throw Refusal(
                .forbidden, "conversation.notYours", zh: "只有接待人或主管可以这样做",
                en: "Only the one who serves it, or a supervisor, can do this")
        }
    }
}
