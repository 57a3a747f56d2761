/// The deeds of people, by the rules of `Docs/api.md`.
extension ReferenceDesk {
    private static let closedStaysOpenFor: Int64 = 72 * 3_600_000
    private static let wordsMayChangeFor: Int64 = 2 * 60_000

    mutating func carryOut(_ who: Who, _ talk: Int?, _ deed: Deed, _ key: String) throws(Refused)
        -> Outcome
    {
        switch deed {
        case .say(let text), .sayAnywhere(let text):
            return try say(who, talk, text, key)
        default:
            guard let talk, sees(who, talk) else { throw Refused("conversation.unknown") }
            return .done(talk: try change(who, talk, deed, key), number: number(deed, talk))
        }
    }

    /// Notes are messages too.
    private func number(_ deed: Deed, _ talk: Int) -> Int? {
        if case .note = deed { talks[talk].last } else { nil }
    }

    // MARK: - Saying

    private mutating func say(_ who: Who, _ talk: Int?, _ text: String, _ key: String)
        throws(Refused) -> Outcome
    {
        switch who {
        case .agent(let place):
            guard let talk, sees(who, talk) else { throw Refused("conversation.unknown") }
            if talks[talk].face.mergedInto != nil { throw Refused("conversation.merged") }
            guard talks[talk].face.owner == workers[place].id else {
                throw Refused("conversation.notYours")
            }
            if talks[talk].face.state == "closed" { throw Refused("conversation.closed") }
            add(talk, entry("agent \(workers[place].id)", text), at: now, key: key)
            return .done(talk: talk, number: talks[talk].last)
        case .buyer(let place):
            return try say(buyer: Self.buyerID(place), who, talk, text, key)
        }
    }

    private mutating func say(
        buyer: Int64, _ who: Who, _ named: Int?, _ text: String, _ key: String
    ) throws(Refused) -> Outcome {
        var target: Int?
        if let named {
            guard sees(who, named) else { throw Refused("conversation.unknown") }
            var found = named
            while let into = talks[found].face.mergedInto { found = into }
            target = found != named || !isOver(found) ? found : nil
        } else if let newest = talks.indices.last(where: {
            talks[$0].face.buyer == buyer && talks[$0].face.mergedInto == nil
        }) {
            target = isOver(newest) ? nil : newest
        }
        let isNew = target == nil
        if isNew { talks.append(Talk(face: TalkFace(buyer: buyer), openedAt: now)) }
        let talk = target ?? talks.count - 1
        let known = (loads(), knows(buyer))
        let wasClosed = talks[talk].face.state == "closed"
        if wasClosed { open(talk) }
        if talks[talk].face.state == "snoozed" { wake(talk) }
        add(talk, entry("buyer \(buyer)", text), at: now, key: key)
        let number = talks[talk].last
        if talks[talk].face.owner == nil, isNew || wasClosed { place(talk, except: nil, known) }
        return .done(talk: talk, number: number)
    }

    private func entry(_ author: String, _ text: String) -> TalkFace.Entry {
        TalkFace.Entry(author: author, kind: "text", audience: "all", text: text)
    }

    private func isOver(_ talk: Int) -> Bool {
        guard talks[talk].face.state == "closed", let at = talks[talk].face.closedAt else {
            return false
        }
        return now - at > Self.closedStaysOpenFor
    }

    private mutating func open(_ talk: Int) {
        talks[talk].face.state = "queued"
        talks[talk].face.owner = nil
        talks[talk].face.closedAt = nil
        talks[talk].face.invited = false
        talks[talk].face.score = nil
        line(talk, "reopened", .all)
    }

    // MARK: - Everything else

    /// - Returns: the conversation in which the answer lies.
    private mutating func change(_ who: Who, _ talk: Int, _ deed: Deed, _ key: String)
        throws(Refused) -> Int
    {
        let face = talks[talk].face
        switch deed {
        case .edit, .withdraw, .note, .read, .received, .tag, .rate:
            try words(who, talk, deed, key)
        case .claim:
            let worker = try agent(who, or: "conversation.claimForbidden")
            if face.owner == worker.id, face.state == "open" { break }
            guard face.state == "queued" else { throw Refused("conversation.taken") }
            assign(talk, worker.id)
        case .transfer, .transferToGroup, .giveBack:
            try hands(who, talk, deed)
        case .takeOver:
            let worker = try agent(who, or: "conversation.takeOverForbidden")
            guard worker.leads else { throw Refused("conversation.takeOverForbidden") }
            if face.owner == worker.id, face.state == "open" { break }
            guard face.state != "closed" else { throw Refused("conversation.closed") }
            talks[talk].face.owner = worker.id
            line(talk, "takenOver", .staff)
            assign(talk, worker.id)
        case .close(let invite):
            if face.state == "closed" { break }
            if case .agent = who { try mustServe(who, talk) }
            close(talk)
            if invite, face.owner != nil, face.score == nil { ask(talk) }
        case .reopen:
            let worker = try agent(who, or: "conversation.reopenForbidden")
            if face.mergedInto != nil { throw Refused("conversation.merged") }
            if face.state != "closed" { break }
            open(talk)
            assign(talk, worker.id)
        case .snooze(let until):
            guard case .agent(let place) = who, face.owner == workers[place].id,
                face.state != "closed"
            else { throw Refused("conversation.notYours") }
            guard until > now else { throw Refused("snooze.past") }
            talks[talk].face.state = "snoozed"
            talks[talk].face.snoozedUntil = until
            line(talk, "snoozed", .staff)
        case .wake:
            if face.state != "snoozed" { break }
            _ = try agent(who, or: "conversation.notYours")
            try mustServe(who, talk)
            wake(talk)
        case .invite:
            try mustServe(who, talk)
            if !face.invited { ask(talk) }
        case .merge(let into):
            return try merge(who, talk, into)
        case .say, .sayAnywhere:
            break
        }
        return talk
    }

    private mutating func ask(_ talk: Int) {
        talks[talk].face.invited = true
        line(talk, "ratingInvited", .all)
    }

    private mutating func close(_ talk: Int) {
        talks[talk].face.state = "closed"
        talks[talk].face.closedAt = now
        talks[talk].face.waitingSince = nil
        talks[talk].face.queuedSince = nil
        talks[talk].face.snoozedUntil = nil
        line(talk, "closed", .all)
    }

    private func agent(_ who: Who, or code: String) throws(Refused) -> Worker {
        guard case .agent(let place) = who else { throw Refused(code) }
        return workers[place]
    }

    /// The owner, or somebody who leads.
    private func mustServe(_ who: Who, _ talk: Int) throws(Refused) {
        guard case .agent(let place) = who,
            talks[talk].face.owner == workers[place].id || workers[place].leads
        else { throw Refused("conversation.notYours") }
    }

    // MARK: - Hands

    private mutating func hands(_ who: Who, _ talk: Int, _ deed: Deed) throws(Refused) {
        let face = talks[talk].face
        let known = (loads(), knows(face.buyer))
        switch deed {
        case .transfer(let to):
            guard workers[to].online else { throw Refused("transfer.agentAway") }
            try mustBeOpen(who, talk)
            guard face.owner != workers[to].id else { throw Refused("transfer.same") }
            line(talk, "transferred", .staff)
            assign(talk, workers[to].id)
        case .transferToGroup:
            try mustBeOpen(who, talk)
            line(talk, "transferred", .staff)
            queue(talk, Self.group)
            place(talk, except: face.owner, known)
        default:
            guard face.owner != nil, face.state != "closed" else {
                throw Refused("conversation.notOwned")
            }
            try mustBeOpen(who, talk)
            talks[talk].face.owner = nil
            line(talk, "returned", .staff)
            queue(talk, face.group)
            place(talk, except: face.owner, known)
        }
    }

    private func mustBeOpen(_ who: Who, _ talk: Int) throws(Refused) {
        if talks[talk].face.state == "closed" { throw Refused("conversation.closed") }
        try mustServe(who, talk)
    }

    /// Moves the words of one conversation behind those of another of the same buyer.
    private mutating func merge(_ who: Who, _ from: Int, _ into: Int) throws(Refused) -> Int {
        guard case .agent(let place) = who else { throw Refused("conversation.unknown") }
        guard sees(who, into) else { throw Refused("conversation.unknown") }
        let (source, target) = (talks[from].face, talks[into].face)
        guard from != into, source.mergedInto == nil, target.mergedInto == nil,
            source.buyer == target.buyer
        else { throw Refused("merge.impossible") }
        guard target.state != "closed" else { throw Refused("merge.closed") }
        guard
            source.owner == nil || source.state == "closed"
                || source.owner == workers[place].id || workers[place].leads
        else { throw Refused("conversation.notYours") }
        if source.state != "closed" { close(from) }
        talks[from].face.mergedInto = into
        line(into, "merged", .staff)
        for (index, entry) in source.entries.enumerated()
        where entry.kind != "system" && !entry.withdrawn {
            add(into, entry, at: talks[from].times[index], key: talks[from].keys[index])
        }
        return into
    }

    // MARK: - Words

    private mutating func words(_ who: Who, _ talk: Int, _ deed: Deed, _ key: String)
        throws(Refused)
    {
        let face = talks[talk].face
        switch deed {
        case .note(let text):
            let worker = try agent(who, or: "message.kindForbidden")
            if face.mergedInto != nil { throw Refused("conversation.merged") }
            add(
                talk,
                .init(
                    author: "agent \(worker.id)", kind: "note", audience: "staff", text: text),
                at: now, key: key)
        case .edit(let entry, let text):
            let entry = try own(who, talk, entry)
            talks[talk].face.entries[entry - 1].text = text
            if entry == talks[talk].shown { talks[talk].face.preview = String(text.prefix(80)) }
        case .withdraw(let number):
            guard face.entries.indices.contains(number - 1) else {
                throw Refused("message.unknown")
            }
            // Taking back twice is taking back once.
            if face.entries[number - 1].withdrawn, face.entries[number - 1].author == name(who) {
                break
            }
            let entry = try own(who, talk, number)
            talks[talk].face.entries[entry - 1].withdrawn = true
            if entry == talks[talk].shown { talks[talk].face.preview = "" }
        case .read(let upTo):
            let number = min(upTo, face.entries.count)
            if case .buyer = who {
                talks[talk].face.readByBuyer = max(face.readByBuyer, number)
                if number > face.readByBuyer {
                    talks[talk].face.delivered = max(face.delivered, number)
                }
            } else if case .agent(let place) = who, face.owner == workers[place].id,
                number > face.readByAgent
            {
                talks[talk].face.readByAgent = number
                talks[talk].face.unread = face.entries.dropFirst(number).count {
                    $0.author.hasPrefix("buyer")
                }
            }
        case .received(let upTo):
            if case .buyer = who {
                talks[talk].face.delivered = max(face.delivered, min(upTo, face.entries.count))
            }
        case .tag(let add, let remove):
            _ = try agent(who, or: "tag.forbidden")
            talks[talk].face.tags.removeAll { $0 == remove }
            if !talks[talk].face.tags.contains(add) { talks[talk].face.tags.append(add) }
        case .rate(let score):
            guard case .buyer = who else { throw Refused("rating.forbidden") }
            guard score <= 4 else { throw Refused("rating.score") }
            guard face.owner != nil || face.invited else { throw Refused("rating.tooEarly") }
            talks[talk].face.invited = true
            talks[talk].face.score = score
            line(talk, "rated", .staff)
        default:
            break
        }
    }

    private func name(_ who: Who) -> String {
        switch who {
        case .buyer(let place): "buyer \(Self.buyerID(place))"
        case .agent(let place): "agent \(workers[place].id)"
        }
    }

    /// An entry that this person said, still standing, a short while ago.
    private func own(_ who: Who, _ talk: Int, _ number: Int) throws(Refused) -> Int {
        let talk = talks[talk]
        guard talk.face.entries.indices.contains(number - 1) else {
            throw Refused("message.unknown")
        }
        let entry = talk.face.entries[number - 1]
        if case .buyer = who, entry.audience != "all" { throw Refused("message.unknown") }
        if talk.face.mergedInto != nil { throw Refused("conversation.merged") }
        guard entry.author == name(who), entry.kind != "system" else {
            throw Refused("message.notYours")
        }
        if entry.withdrawn { throw Refused("message.withdrawn") }
        guard now - talk.times[number - 1] <= Self.wordsMayChangeFor else {
            throw Refused("message.tooLate")
        }
        return number
    }
}
