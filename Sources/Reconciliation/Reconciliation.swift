package import Desk
import Foundation
package import Storage

/// Compares what clients saw with what the store holds.
///
/// Pure; the one place that says what "nothing was lost, doubled or disordered" means.
package struct Reconciliation {
    private let notes: [ClientNote]
    private let holdings: Holdings
    private var findings: [Finding] = []
    private let byConversation: [String: [Holdings.Entry]]
    private let byKey: [String: [Holdings.Entry]]

    /// - Returns: what is wrong, in a fixed order; empty when all is well.
    package static func findings(_ notes: [ClientNote], _ holdings: Holdings) -> [Finding] {
        var work = Reconciliation(notes, holdings)
        work.compareMessages()
        work.compareStrangers()
        work.compareSenders()
        work.compareEvents()
        work.compareWindows()
        work.compareReadings()
        work.countNumbers()
        work.followHands()
        work.compareFollowers()
        return work.findings
    }

    private init(_ notes: [ClientNote], _ holdings: Holdings) {
        self.notes = notes
        self.holdings = holdings
        byConversation = Dictionary(grouping: holdings.entries, by: \.conversation.description)
        byKey = Dictionary(
            grouping: holdings.entries.filter { $0.kind != .system && $0.isPublic }, by: \.key)
    }

    private mutating func find(_ fault: Finding.Fault, _ conversation: String?, _ detail: String) {
        findings.append(Finding(fault: fault, conversation: conversation, detail: detail))
    }

    // MARK: - Messages

    /// Every message that was acknowledged is stored once, as it was said, under the number that was told.
    private mutating func compareMessages() {
        var answers: [String: ClientNote] = [:]
        var numbers: [String: String] = [:]
        for note in notes {
            guard let key = note.key else { continue }
            switch note.what {
            case .acked:
                answers[key] = note
                guard let conversation = note.conversation, let number = note.number else { break }
                let place = "\(conversation) №\(number)"
                if let other = numbers[place], other != key {
                    find(
                        .reusedNumber, conversation,
                        "№\(number) was the answer to \(other) and \(key)")
                }
                numbers[place] = key
            case .refused: find(.refused, note.conversation, "\(key): \(note.text ?? "")")
            case .unanswered: find(.unanswered, note.conversation, key)
            default: break
            }
        }
        for note in notes where note.what == .sent {
            guard let key = note.key else { continue }
            let copies = byKey[key] ?? []
            if copies.count > 1 {
                find(.doubled, note.conversation, "\(key) is stored \(copies.count) times")
            }
            guard let answer = answers[key] else { continue }
            guard let copy = copies.first else {
                find(
                    .lost, answer.conversation,
                    "№\(answer.number ?? 0) (\(key)) was acknowledged and is not stored")
                continue
            }
            if copy.number != answer.number || copy.conversation.description != answer.conversation
                || (copy.text != note.text && !copy.isTouched)
            {
                find(
                    .lost, answer.conversation,
                    "№\(copy.number) (\(key)) is not what was acknowledged as №\(answer.number ?? 0)"
                )
            }
        }
    }

    /// In a conversation whose people all kept a diary, nothing is said by anybody else.
    private mutating func compareStrangers() {
        let keys = Set(notes.filter { $0.what == .sent }.compactMap(\.key))
        let known = Set(notes.filter { $0.what == .acked }.compactMap(\.conversation))
        for entry in holdings.entries
        where entry.isPublic && entry.kind != .system && !entry.key.hasPrefix("merged-") {
            let conversation = entry.conversation.description
            if known.contains(conversation), !keys.contains(entry.key) {
                find(.doubled, conversation, "№\(entry.number) was said by nobody here")
            }
        }
    }

    /// What a sender said after an answer stands after what was answered.
    private mutating func compareSenders() {
        var newest: [String: Int] = [:]
        var floors: [String: Int] = [:]
        for note in notes.sorted(by: { $0.at < $1.at }) {
            guard let key = note.key else { continue }
            switch note.what {
            case .sent:
                if let conversation = note.conversation {
                    floors[key] = newest["\(note.client) \(conversation)"]
                }
            case .acked:
                guard let conversation = note.conversation, let number = note.number else {
                    continue
                }
                if let floor = floors[key], number <= floor {
                    find(
                        .disordered, conversation,
                        "№\(number) was said after №\(floor) was answered")
                }
                let place = "\(note.client) \(conversation)"
                newest[place] = max(newest[place] ?? 0, number)
            default: break
            }
        }
    }

    // MARK: - What clients got

    /// An event is the same for everybody, and the same as in the log.
    private mutating func compareEvents() {
        struct Face: Hashable {
            let kind, conversation, id, text: String?
            let number: Int?
        }
        let logged = Dictionary(
            (holdings.log ?? []).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let first = holdings.log?.first?.number ?? 1
        var seen: [Int64: (face: Face, client: String)] = [:]
        for note in notes where note.what == .got {
            guard let event = note.event else { continue }
            let face = Face(
                kind: note.kind, conversation: note.conversation, id: note.id, text: note.text,
                number: note.number)
            if let other = seen[event], other.face != face {
                find(
                    .disordered, note.conversation,
                    "event \(event) is one thing to \(other.client) and another to \(note.client)")
            }
            seen[event] = (face, note.client)
        }
        guard holdings.log != nil else { return }
        for (event, told) in seen.sorted(by: { $0.key < $1.key }) {
            guard let stored = logged[event] else {
                if event >= first {
                    find(
                        .lost, told.face.conversation,
                        "event \(event) was told and is not in the log")
                }
                continue
            }
            // Events that are about no conversation are told without one.
            let subject = told.face.conversation ?? stored.subject.map(String.init)
            if stored.kind != told.face.kind || stored.subject.map(String.init) != subject {
                find(.disordered, told.face.conversation, "event \(event) is another in the log")
            }
        }
    }

    /// Windows that must show a conversation show what the store holds, each message once and in its place.
    private mutating func compareWindows() {
        for note in notes where note.what == .shows {
            guard let conversation = note.conversation else { continue }
            let shown = note.shown ?? []
            let places = Dictionary(grouping: shown, by: \.number)
            let ids = Dictionary(grouping: shown, by: \.id)
            if places.contains(where: { $1.count > 1 }) || ids.contains(where: { $1.count > 1 }) {
                find(.doubled, conversation, "in the window of \(note.client)")
            }
            for entry in byConversation[conversation] ?? [] where entry.isPublic {
                guard [.text, .image, .file, .card].contains(entry.kind), !entry.isTouched else {
                    continue
                }
                guard let copy = places[entry.number]?.first else {
                    find(.lost, conversation, "№\(entry.number) never reached \(note.client)")
                    continue
                }
                if copy.id != entry.id.description || copy.text != entry.text {
                    find(.disordered, conversation, "\(note.client) shows another №\(entry.number)")
                }
            }
            let known = Set((byConversation[conversation] ?? []).map(\.id.description))
            for copy in shown where !known.contains(copy.id) {
                find(
                    .lost, conversation, "\(note.client) shows №\(copy.number), which is not stored"
                )
            }
        }
    }

    /// A reading that began after an answer contains what was answered.
    private mutating func compareReadings() {
        var answered: [String: (number: Int, key: String)] = [:]
        var floors: [Int: (number: Int, key: String)] = [:]
        for note in notes.sorted(by: { $0.at < $1.at }) {
            guard let conversation = note.conversation else { continue }
            switch note.what {
            case .acked:
                guard let number = note.number else { continue }
                if number > answered[conversation]?.number ?? 0 {
                    answered[conversation] = (number, note.key ?? "")
                }
            case .asked:
                if let reading = note.reading { floors[reading] = answered[conversation] }
            case .read:
                guard let reading = note.reading, let floor = floors[reading] else { continue }
                if (note.number ?? 0) < floor.number {
                    find(
                        .staleRead, conversation,
                        "\(note.client) read up to №\(note.number ?? 0) after №\(floor.number) was answered"
                    )
                }
            default: break
            }
        }
    }

    // MARK: - What the store holds by itself

    private mutating func countNumbers() {
        for (conversation, entries) in byConversation.sorted(by: { $0.key < $1.key }) {
            var before = 0
            var seen: Set<Int> = []
            var lastPublic = 0
            for entry in entries {
                if !seen.insert(entry.number).inserted {
                    find(.reusedNumber, conversation, "№\(entry.number) is there twice")
                } else if holdings.isComplete, entry.number != before + 1 {
                    find(.skippedNumber, conversation, "№\(entry.number) comes after №\(before)")
                }
                if holdings.isComplete, entry.follows != lastPublic {
                    find(
                        .skippedNumber, conversation,
                        "№\(entry.number) says that it follows №\(entry.follows), and not №\(lastPublic)"
                    )
                }
                before = max(before, entry.number)
                if entry.isPublic { lastPublic = entry.number }
            }
            if let last = holdings.lastNumbers?[entries[0].conversation], last != before {
                find(.skippedNumber, conversation, "counts \(last), holds \(before)")
            }
        }
        guard let log = holdings.log else { return }
        var before: Int64 = 0
        var seen: Set<Int64> = []
        for event in log {
            if !seen.insert(event.number).inserted {
                find(.reusedNumber, nil, "event \(event.number) is there twice")
            } else if event.number != before + 1 {
                find(.skippedNumber, nil, "event \(event.number) comes after \(before)")
            }
            before = event.number
        }
        if let counter = holdings.counter, counter != before {
            find(.skippedNumber, nil, "the shop counts \(counter) events, the log holds \(before)")
        }
    }

    /// From hand to hand: each owner takes it from whoever had it; routing keeps to everybody's limit.
    private mutating func followHands() {
        var talks: [Int64: Conversation] = [:]
        var loads: [StaffID: Int] = [:]
        for event in holdings.log ?? [] {
            guard let subject = event.subject, let change = try? ConversationEvent(logged: event)
            else { continue }
            var talk =
                talks[subject]
                ?? Conversation(
                    id: ConversationID(subject), buyer: BuyerID(0), buyerName: "", channel: "",
                    openedAt: event.at, state: .queued)
            let name = talk.id.description
            if case .assigned(let owner, let assignment, let from) = change {
                // Whoever decided it knew another owner than there was: somebody else had decided too.
                if from?.id != talk.owner?.id {
                    find(
                        .twoOwners, name,
                        "event \(event.number) gives it to \(owner.name) while \(talk.owner?.name ?? "nobody") has it"
                    )
                }
                let load = loads[owner.id, default: 0]
                if [.knowsBuyer, .leastLoaded].contains(assignment.reason),
                    let cap = holdings.caps?[owner.id], load >= cap
                {
                    find(
                        .overCapacity, name,
                        "event \(event.number) gives \(owner.name) one more than \(cap)")
                }
            }
            if talk.state == .open, let owner = talk.owner { loads[owner.id, default: 0] -= 1 }
            talk.apply(change, at: event.at)
            if talk.state == .open, let owner = talk.owner { loads[owner.id, default: 0] += 1 }
            talks[subject] = talk
        }
        if let owners = holdings.owners, holdings.log != nil {
            for (id, talk) in talks.sorted(by: { $0.key < $1.key }) where talk.state != .closed {
                if owners[talk.id] != talk.owner?.id {
                    find(
                        .twoOwners, String(id),
                        "the log says \(talk.owner?.name ?? "nobody"), the row another")
                }
            }
        }
        var claims: [String: String] = [:]
        for note in notes where note.what == .owns {
            guard let conversation = note.conversation else { continue }
            if let other = claims[conversation], other != note.client {
                find(
                    .twoOwners, conversation, "\(other) and \(note.client) both believe to have it")
            }
            claims[conversation] = note.client
        }
    }

    private mutating func compareFollowers() {
        guard let counter = holdings.counter else { return }
        for (name, number) in (holdings.followers ?? [:]).sorted(by: { $0.key < $1.key })
        where number < counter {
            find(.followerBehind, nil, "\(name) has read \(number) of \(counter) events")
        }
    }
}
