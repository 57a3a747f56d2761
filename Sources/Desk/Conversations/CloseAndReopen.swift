extension Story {
    package mutating func close(by who: Participant, reason: String, inviteRating: Bool)
        throws(Refusal)
    {
        if conversation.state == .closed { return }
        switch who {
        case .buyer, .system: break
        case .bot:
            throw .notAllowed(
                "conversation.closeForbidden", zh: "不能结束会话", en: "You may not close it")
        case .agent:
            guard conversation.isOwned(by: who) || who.has(.manageAll) else {
                throw Refusal(
                    .forbidden, "conversation.notYours", zh: "只有接待人或主管可以结束会话",
                    en: "Only the one who serves it, or a supervisor, can close it")
            }
        }
        let served = conversation.owner != nil
        happen(.closed(reason: reason))
        line(.closed, ["name": who.actor.name, "by": who.actor.kind.rawValue])
        if inviteRating && served && conversation.rating.score == nil {
            happen(.ratingInvited)
            line(.ratingInvited)
        }
    }

    /// A buyer's words end every pause: what was closed waits for somebody again, what was snoozed is with its owner.
    package mutating func resume(by buyer: Participant) throws(Refusal) {
        switch conversation.state {
        case .closed: try open(by: buyer)
        case .snoozed: wakeUp()
        case .queued, .open: break
        }
    }

    /// An agent opens a closed conversation again and becomes its owner.
    package mutating func reopen(by who: Participant) throws(Refusal) {
        guard case .agent(let id, let name, let rights) = who, rights.contains(.answer) else {
            throw .notAllowed(
                "conversation.reopenForbidden", zh: "没有接待权限", en: "You may not answer buyers")
        }
        guard conversation.mergedInto == nil else { throw .merged(conversation.id) }
        guard conversation.state == .closed else { return }
        try open(by: who)
        assign(
            to: .init(id: id, name: name),
            Assignment(
                reason: .reopened, why: Localized(zh: "\(name)重新打开", en: "Reopened by \(name)"),
                at: at))
    }

    private mutating func open(by who: Participant) throws(Refusal) {
        guard conversation.mergedInto == nil else { throw .merged(conversation.id) }
        happen(.reopened)
        line(.reopened, ["name": who.actor.name])
    }

    package mutating func snooze(by who: Participant, until: Instant, note: String) throws(Refusal)
    {
        guard conversation.isOwned(by: who), conversation.state != .closed else {
            throw Refusal(
                .forbidden, "conversation.notYours", zh: "只有接待人可以稍后处理",
                en: "Only the one who serves it can snooze it")
        }
        guard until > at else {
            throw Refusal(
                .invalid, "snooze.past", zh: "请选择将来的时间", en: "Choose a time in the future",
                field: "until")
        }
        guard until - at <= rules.snoozeAtMost else {
            throw Refusal(
                .invalid, "snooze.tooLong", zh: "最多推迟 \(rules.snoozeAtMost.seconds / 86_400) 天",
                en: "At most \(rules.snoozeAtMost.seconds / 86_400) days", field: "until")
        }
        guard note.count <= 200 else {
            throw Refusal(
                .tooLarge, "snooze.noteTooLong", zh: "备注最多 200 字", en: "At most 200 characters",
                field: "note")
        }
        happen(.snoozed(until: until, note: note))
        line(
            .snoozed, ["name": who.actor.name, "until": String(until.milliseconds), "note": note],
            audience: .staff)
    }

    /// Ends a snooze: its time came, or its owner wants it back.
    package mutating func wake(by who: Participant) throws(Refusal) {
        guard conversation.state == .snoozed else { return }
        guard conversation.isOwned(by: who) || who.has(.manageAll) || who == .system else {
            throw Refusal(
                .forbidden, "conversation.notYours", zh: "只有接待人可以取消稍后处理",
                en: "Only the one who serves it can wake it")
        }
        wakeUp()
    }

    private mutating func wakeUp() {
        happen(.woken)
        line(.woken, audience: .staff)
    }

    package mutating func inviteRating(by who: Participant) throws(Refusal) {
        guard conversation.isOwned(by: who) || who.has(.manageAll) else {
            throw Refusal(
                .forbidden, "conversation.notYours", zh: "只有接待人可以邀请评价",
                en: "Only the one who serves it can invite a rating")
        }
        guard !conversation.rating.invited else { return }
        happen(.ratingInvited)
        line(.ratingInvited)
    }

    /// - Parameter score: 0 very satisfied … 4 very dissatisfied (the platform's codes, domain §2.3).
    package mutating func rate(by who: Participant, score: Int, comment: String) throws(Refusal) {
        guard case .buyer(let id, _) = who, id == conversation.buyer else {
            throw .notAllowed("rating.forbidden", zh: "只有买家可以评价", en: "Only the buyer can rate")
        }
        guard (0...4).contains(score) else {
            throw Refusal(
                .invalid, "rating.score", zh: "请选择一个评价等级", en: "Choose one of the five levels",
                field: "score")
        }
        guard comment.count <= 500 else {
            throw Refusal(
                .tooLarge, "rating.commentTooLong", zh: "评价最多 500 字", en: "At most 500 characters",
                field: "comment")
        }
        guard conversation.owner != nil || conversation.rating.invited else {
            throw Refusal(
                .conflict, "rating.tooEarly", zh: "还没有客服接待，暂时不能评价", en: "Nobody has served you yet")
        }
        happen(.rated(score: score, comment: comment))
        line(.rated, ["score": String(score)], audience: .staff)
    }
}

extension Conversation {
    /// Adds and removes tags; the order of first use is kept.
    package func tag(
        add: [String], remove: [String], by who: Participant, rules: ConversationRules
    ) throws(Refusal) -> [ConversationEvent] {
        guard who.staff != nil else {
            throw .notAllowed("tag.forbidden", zh: "只有客服可以加标签", en: "Only staff can tag")
        }
        let added = add.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        guard added.allSatisfy({ (1...rules.tagLength).contains($0.count) }) else {
            throw Refusal(
                .invalid, "tag.length", zh: "标签须为 1–\(rules.tagLength) 个字",
                en: "A tag has 1–\(rules.tagLength) characters",
                field: "add")
        }
        var next = tags.filter { !remove.contains($0) }
        for tag in added where !next.contains(tag) { next.append(tag) }
        guard next.count <= rules.tags else {
            throw Refusal(
                .tooMany, "tag.tooMany", zh: "最多 \(rules.tags) 个标签",
                en: "At most \(rules.tags) tags", field: "add")
        }
        return next == tags ? [] : [.tagged(next)]
    }

    /// - Parameter unread: buyer messages after `upTo`.
    package func read(upTo: Int, unread: Int, by who: Participant) throws(Refusal)
        -> [ConversationEvent]
    {
        let number = min(upTo, lastNumber)
        switch who {
        case .buyer:
            return number > readByBuyer ? [.readByBuyer(upTo: number)] : []
        case .agent:
            // Looking in from outside is silent: only the owner's reading is the shop's reading.
            guard isOwned(by: who), number > readByAgent else { return [] }
            return [.readByAgent(upTo: number, unread: unread)]
        case .bot, .system:
            return []
        }
    }

    package func received(upTo: Int, by who: Participant) -> [ConversationEvent] {
        guard case .buyer = who, min(upTo, lastNumber) > deliveredToBuyer else { return [] }
        return [.delivered(upTo: min(upTo, lastNumber))]
    }
}
