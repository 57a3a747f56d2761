/// What the desk must do, written a second time, as plainly as possible and without looking at the first.
///
/// Rules: `Docs/api.md` §2 and the shop's standard policy. Nothing is shared with `Desk` but the words for refusals.
package struct ReferenceDesk: Sendable {
    package struct Worker: Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let cap: Int
        package let inGroup: Bool
        /// May see, hand on and take over what others serve.
        package let leads: Bool
        package var online = true
        package var lastAssigned: Int64 = 0
    }

    struct Talk: Sendable {
        var face: TalkFace
        let openedAt: Int64
        /// When each entry was said, and under which key.
        var times: [Int64] = []
        var keys: [String] = []
        /// The entry that lists show.
        var shown = 0

        var last: Int { face.entries.count }
    }

    struct Refused: Error {
        let code: String
        init(_ code: String) { self.code = code }
    }

    package static let group: Int64 = 71
    package static func buyerID(_ place: Int) -> Int64 { 501 + Int64(place) }

    package var now: Int64
    package var workers: [Worker] = [
        Worker(id: 11, name: "小橙", cap: 2, inGroup: false, leads: false),
        Worker(id: 12, name: "小绿", cap: 3, inGroup: true, leads: false),
        Worker(id: 13, name: "主管", cap: 2, inGroup: false, leads: true),
        Worker(id: 14, name: "新人", cap: 1, inGroup: true, leads: false),
    ]
    var talks: [Talk] = []
    /// First answers by sender and key, with what was asked.
    private var answers: [String: (asked: Asked, outcome: Outcome)] = [:]

    private struct Asked: Hashable {
        let talk: Int?
        let deed: Deed
    }

    package init(now: Int64) { self.now = now }

    package var pictures: [TalkFace] { talks.map(\.face) }
    package var talkCount: Int { talks.count }

    // MARK: - Steps

    package mutating func act(_ who: Who, talk: Int?, _ deed: Deed, key: String) -> Outcome {
        let name = "\(who) \(key)"
        let asked = Asked(talk: talk, deed: deed)
        if let earlier = answers[name] {
            return earlier.asked == asked ? earlier.outcome : .refused("key.reused")
        }
        var copy = self
        do {
            let outcome = try copy.carryOut(who, talk, deed, key)
            self = copy
            answers[name] = (asked, outcome)
            return outcome
        } catch {
            return .refused(error.code)
        }
    }

    package mutating func presence(_ agent: Int, online: Bool) {
        workers[agent].online = online
        if online {
            drain()
        } else {
            for talk in talks.indices
            where talks[talk].face.state == "open" && talks[talk].face.owner == workers[agent].id {
                takeAway(talk)
            }
        }
    }

    /// What an agent who left had, goes to others.
    private mutating func takeAway(_ talk: Int) {
        let owner = talks[talk].face.owner
        let candidates = (loads(), knows(talks[talk].face.buyer))
        talks[talk].face.owner = nil
        line(talk, "returned", .staff)
        queue(talk, talks[talk].face.group)
        place(talk, except: owner, candidates)
    }

    package mutating func drain() {
        let waiting = talks.indices.filter { talks[$0].face.queuedSince != nil }.sorted {
            (talks[$0].face.queuedSince ?? 0, $0) < (talks[$1].face.queuedSince ?? 0, $1)
        }
        for talk in waiting {
            place(talk, except: nil, (loads(), knows(talks[talk].face.buyer)))
        }
    }

    package mutating func wakeDue() {
        for talk in talks.indices where talks[talk].face.state == "snoozed" {
            if let until = talks[talk].face.snoozedUntil, until <= now { wake(talk) }
        }
    }

    // MARK: - Routing

    func loads() -> [Int64: Int] {
        var loads: [Int64: Int] = [:]
        for talk in talks where talk.face.state == "open" {
            if let owner = talk.face.owner { loads[owner, default: 0] += 1 }
        }
        return loads
    }

    /// Who served the buyer's latest conversation that anybody served.
    func knows(_ buyer: Int64) -> Int64? {
        talks.last { $0.face.buyer == buyer && $0.face.owner != nil }?.face.owner
    }

    /// The acquaintance if free, else the least loaded by share, then the longest idle, then the lowest id.
    mutating func place(_ talk: Int, except: Int64?, _ known: (loads: [Int64: Int], knows: Int64?))
    {
        let free = workers.filter { worker in
            worker.online && worker.id != except && known.loads[worker.id, default: 0] < worker.cap
                && (talks[talk].face.group == nil || worker.inGroup)
        }
        let best =
            free.first { $0.id == known.knows }
            ?? free.min { a, b in
                let left = Double(known.loads[a.id, default: 0]) / Double(a.cap)
                let right = Double(known.loads[b.id, default: 0]) / Double(b.cap)
                return (left, a.lastAssigned, a.id) < (right, b.lastAssigned, b.id)
            }
        if let best {
            assign(talk, best.id)
        } else if talks[talk].face.queuedSince == nil {
            queue(talk, talks[talk].face.group)
        }
    }

    mutating func assign(_ talk: Int, _ owner: Int64) {
        talks[talk].face.state = "open"
        talks[talk].face.owner = owner
        talks[talk].face.queuedSince = nil
        talks[talk].face.snoozedUntil = nil
        if let place = workers.firstIndex(where: { $0.id == owner }) {
            workers[place].lastAssigned = now
        }
        line(talk, "assigned", .all)
    }

    mutating func queue(_ talk: Int, _ group: Int64?) {
        talks[talk].face.state = "queued"
        talks[talk].face.owner = nil
        talks[talk].face.group = group
        talks[talk].face.queuedSince = now
    }

    mutating func wake(_ talk: Int) {
        talks[talk].face.state = "open"
        talks[talk].face.snoozedUntil = nil
        line(talk, "woken", .staff)
    }

    // MARK: - Entries

    enum Audience: String { case all, staff }

    mutating func line(_ talk: Int, _ code: String, _ audience: Audience) {
        add(
            talk, .init(author: "system", kind: "system", audience: audience.rawValue, text: code),
            at: now, key: "")
    }

    mutating func add(_ talk: Int, _ entry: TalkFace.Entry, at: Int64, key: String) {
        talks[talk].face.entries.append(entry)
        talks[talk].times.append(at)
        talks[talk].keys.append(key)
        let number = talks[talk].last
        guard entry.audience == "all" else { return }
        if entry.kind != "system" {
            talks[talk].shown = number
            talks[talk].face.preview = String(entry.text.prefix(80))
        }
        if entry.author.hasPrefix("buyer") {
            if talks[talk].face.waitingSince == nil { talks[talk].face.waitingSince = at }
            talks[talk].face.unread += 1
            talks[talk].face.readByBuyer = number
            talks[talk].face.delivered = number
        } else if entry.author.hasPrefix("agent") {
            talks[talk].face.waitingSince = nil
            talks[talk].face.readByAgent = number
            talks[talk].face.unread = 0
        }
    }

    // MARK: - Who sees what

    func sees(_ who: Who, _ talk: Int) -> Bool {
        let face = talks[talk].face
        switch who {
        case .buyer(let place): return face.buyer == Self.buyerID(place)
        case .agent(let place):
            let worker = workers[place]
            if face.owner == worker.id || worker.leads { return true }
            return face.state == "queued" && (face.group == nil || worker.inGroup)
        }
    }
}
