import Desk
import Reconciliation
import SQL
import Storage
import TestSupport
import Testing

/// The checker is only worth something if it catches what it is for.
@Suite struct ReconciliationTests {
    /// What clients saw of an ordinary quarter of an hour, and what the store holds of it.
    private struct Scene {
        var notes: [ClientNote] = []
        var holdings = Holdings(entries: [], isComplete: true)
        var time: Int64 = 0

        var findings: [Finding] { Reconciliation.findings(notes, holdings) }

        mutating func note(
            _ what: ClientNote.What, _ client: String, _ side: Actor.Kind,
            _ fill: (inout ClientNote) -> Void
        ) {
            time += 1
            var note = ClientNote(what, at: time, client: client, side: side)
            fill(&note)
            notes.append(note)
        }

        mutating func say(
            _ text: String, key: String, in conversation: ConversationID?, by who: Participant,
            _ store: TestStore
        ) async throws -> Converse.Answer {
            let client = "\(who.actor.kind.rawValue) \(who.actor.id ?? 0)"
            let kind = who.actor.kind
            note(.sent, client, kind) {
                ($0.key, $0.text, $0.conversation) = (key, text, conversation?.description)
            }
            let answer = try await store.say(text, key: key, in: conversation, by: who)
            note(.acked, client, kind) {
                ($0.key, $0.number, $0.event) = (key, answer.number, answer.event)
                ($0.conversation, $0.id) = (
                    answer.conversation.description, answer.id?.description
                )
            }
            let reading = Int(time)
            note(.asked, client, kind) {
                ($0.reading, $0.conversation) = (reading, answer.conversation.description)
            }
            let last = try await store.messages(answer.conversation).last?.number
            note(.read, client, kind) {
                ($0.reading, $0.conversation, $0.number) = (
                    reading, answer.conversation.description, last
                )
            }
            return answer
        }
    }

    private static func scene(_ engine: Engine) async throws -> Scene {
        var scene = Scene()
        let store = try await engine.store().withShop()
        let agents = [
            try await store.agent(11, "小橙", rights: [.answer, .manageAll, .readAll], cap: 2),
            try await store.agent(12, "小绿", rights: [.answer, .manageAll, .readAll], cap: 2),
        ]
        var talks: [(ConversationID, Participant, Participant)] = []
        for place in 0..<3 {
            let buyer = Participant.buyer(BuyerID(Int64(501 + place)), name: "买家\(place)")
            let id = try await scene.say("在吗", key: "a\(place)", in: nil, by: buyer, store)
                .conversation
            let owner = try #require(try await store.conversation(id)?.owner?.id)
            let agent = try #require(agents.first { $0.staff == owner })
            _ = try await scene.say("在的", key: "b\(place)", in: id, by: agent, store)
            _ = try await scene.say("M 码还有吗", key: "c\(place)", in: id, by: buyer, store)
            talks.append((id, buyer, agent))
        }
        let card = HandoverCard(promise: "", nextStep: "看看", deadline: nil, mood: .calm)
        let other = try #require(agents.first { $0.staff != talks[0].2.staff })
        try await store.perform(
            .transfer(toAgent: other.staff, toGroup: nil, card), in: talks[0].0, by: talks[0].2)
        talks[0].2 = other
        try await store.perform(
            .close(reason: "", inviteRating: false), in: talks[2].0, by: talks[2].2)
        for (id, buyer, agent) in talks {
            for who in [buyer, agent] {
                let messages = try await store.messages(id, forBuyers: who.staff == nil)
                let name = "\(who.actor.kind.rawValue) \(who.actor.id ?? 0)"
                scene.note(.shows, name, who.actor.kind) { note in
                    note.conversation = id.description
                    note.shown = messages.map {
                        .init(number: $0.number, id: $0.id.description, text: $0.text)
                    }
                }
                for event in store.announced.events where event.subject == id.raw {
                    scene.note(.got, name, who.actor.kind) {
                        ($0.event, $0.kind, $0.conversation) = (
                            event.number, event.kind, id.description
                        )
                    }
                }
            }
            if id != talks[2].0 {
                scene.note(.owns, "agent \(agent.staff?.raw ?? 0)", .agent) {
                    $0.conversation = id.description
                }
            }
        }
        scene.holdings = try await store.database.read { [shop = store.shop] in
            try Holdings(of: shop, policy: .default, in: $0)
        }
        scene.holdings.followers = ["search": try #require(scene.holdings.counter)]
        return scene
    }

    @Test(arguments: Engine.allCases)
    func `a quarter of an hour in which nothing went wrong has no findings`(engine: Engine)
        async throws
    {
        let scene = try await Self.scene(engine)
        #expect(scene.findings == [])
        #expect(scene.holdings.entries.count > 12)
        #expect(scene.notes.count > 60)
    }

    /// One thing that goes wrong, and the name that it must be found under.
    private struct Plant: Sendable, CustomTestStringConvertible {
        let name: String
        let fault: Finding.Fault
        let plant: @Sendable (inout Scene) throws -> Void

        var testDescription: String { name }
    }

    private static let plants = [
        Plant(name: "an acknowledged message is gone", fault: .lost) { scene in
            scene.holdings.entries.removeAll { $0.key == "b1" }
        },
        Plant(name: "an acknowledged message is stored with other words", fault: .lost) { scene in
            let place = try #require(scene.holdings.entries.firstIndex { $0.key == "c1" })
            scene.holdings.entries[place].text = "别的"
        },
        Plant(name: "a message never reached the other side", fault: .lost) { scene in
            let place = try #require(scene.notes.firstIndex { $0.what == .shows })
            scene.notes[place].shown?.removeAll { $0.text == "在的" }
        },
        Plant(name: "an event was told that is not in the log", fault: .lost) { scene in
            scene.holdings.log?.removeLast()
            scene.holdings.counter = scene.holdings.counter.map { $0 - 1 }
        },
        Plant(name: "a retry was stored a second time", fault: .doubled) { scene in
            var copy = try #require(scene.holdings.entries.first { $0.key == "a1" })
            let last = try #require(
                scene.holdings.entries.last { $0.conversation == copy.conversation })
            (copy.number, copy.follows) = (last.number + 1, last.number)
            scene.holdings.entries.append(copy)
        },
        Plant(name: "a window shows a message in two places", fault: .doubled) { scene in
            let place = try #require(scene.notes.firstIndex { $0.what == .shows })
            var copy = try #require(scene.notes[place].shown?.first)
            copy.number = 99
            scene.notes[place].shown?.append(copy)
        },
        Plant(name: "what was said later stands earlier", fault: .disordered) { scene in
            for place in scene.notes.indices where scene.notes[place].what == .acked {
                switch scene.notes[place].key {
                case "a1": scene.notes[place].number = 4
                case "c1": scene.notes[place].number = 1
                default: break
                }
            }
        },
        Plant(name: "two clients saw one event as two things", fault: .disordered) { scene in
            let place = try #require(scene.notes.lastIndex { $0.what == .got })
            scene.notes[place].kind = "conversation.closed"
        },
        Plant(name: "a message number is missing", fault: .skippedNumber) { scene in
            let place = try #require(
                scene.holdings.entries.firstIndex { $0.kind == .system && $0.isPublic })
            scene.holdings.entries.remove(at: place)
        },
        Plant(name: "an event number is missing", fault: .skippedNumber) { scene in
            scene.holdings.log?.remove(at: 3)
        },
        Plant(name: "the shop's counter is ahead of its log", fault: .skippedNumber) { scene in
            scene.holdings.counter = scene.holdings.counter.map { $0 + 1 }
        },
        Plant(name: "a message number was used twice", fault: .reusedNumber) { scene in
            var copy = try #require(scene.holdings.entries.first { $0.key == "b1" })
            copy.key = "other"
            let place = try #require(scene.holdings.entries.firstIndex { $0.key == "b1" })
            scene.holdings.entries.insert(copy, at: place)
        },
        Plant(name: "one number was the answer to two messages", fault: .reusedNumber) { scene in
            let number = try #require(
                scene.notes.first { $0.what == .acked && $0.key == "a1" }?.number)
            let place = try #require(
                scene.notes.firstIndex { $0.what == .acked && $0.key == "c1" })
            scene.notes[place].number = number
        },
        Plant(name: "two agents were given one conversation", fault: .twoOwners) { scene in
            let place = try #require(
                scene.holdings.log?.firstIndex { $0.kind == "conversation.assigned" })
            var event = try #require(scene.holdings.log?[place])
            let count = Int64(scene.holdings.log?.count ?? 0)
            // Decided by somebody who did not know of the first decision.
            event = Event(
                shop: event.shop, number: count + 1, at: event.at, actor: event.actor,
                kind: event.kind, subject: event.subject,
                body: event.body.replacing("小橙", with: "小绿"))
            scene.holdings.log?.append(event)
            scene.holdings.counter = count + 1
        },
        Plant(name: "two agents believe to have it", fault: .twoOwners) { scene in
            var note = try #require(scene.notes.first { $0.what == .owns })
            note.client = "agent 99"
            scene.notes.append(note)
        },
        Plant(name: "routing gave more than the limit", fault: .overCapacity) { scene in
            scene.holdings.caps = [StaffID(11): 0, StaffID(12): 0]
        },
        Plant(name: "the search index stood still", fault: .followerBehind) { scene in
            scene.holdings.followers?["search"] = 3
        },
        Plant(name: "a reading after the answer lacked what was answered", fault: .staleRead) {
            scene in
            let place = try #require(scene.notes.lastIndex { $0.what == .read })
            scene.notes[place].number = 1
        },
        Plant(name: "a message was refused", fault: .refused) { scene in
            scene.note(.refused, "buyer 501", .buyer) { $0.key = "z" }
        },
        Plant(name: "a message was never answered", fault: .unanswered) { scene in
            scene.note(.unanswered, "buyer 501", .buyer) { $0.key = "z" }
        },
    ]

    @Test(arguments: plants)
    private func `what is planted is found`(plant: Plant) async throws {
        var scene = try await Self.scene(.sqlite)
        try plant.plant(&scene)
        #expect(
            scene.findings.contains { $0.fault == plant.fault },
            "\(plant.name): \(scene.findings.map(\.description))")
    }

    @Test func `every kind of fault has something planted for it`() {
        #expect(Set(Self.plants.map(\.fault)) == Set(Finding.Fault.allCases))
    }

    @Test func `a history survives its file`() async throws {
        let scene = try await Self.scene(.sqlite)
        let text = try scene.notes.map { try $0.line }.joined(separator: "\n")
        #expect(try ClientNote.read(text) == scene.notes)
    }
}
