/// Who takes a step, by place in the small world of the model: three buyers and four agents.
package enum Who: Hashable, Sendable {
    case buyer(Int)
    case agent(Int)
}

/// What somebody does.
///
/// Conversations are named by the order in which they were opened, counted round, so that a list of steps stays
/// playable when some of them are left out.
package enum Deed: Hashable, Sendable {
    case say(String)
    /// To whatever conversation is the buyer's own.
    case sayAnywhere(String)
    case note(String)
    case edit(entry: Int, String)
    case withdraw(entry: Int)
    case claim
    case transfer(to: Int)
    case transferToGroup
    case giveBack
    case takeOver
    case close(invite: Bool)
    case reopen
    /// Minutes from now in a story; the instant itself once it is played.
    case snooze(until: Int64)
    case wake
    case tag(add: String, remove: String)
    case merge(into: Int)
    case invite
    case rate(Int)
    case read(upTo: Int)
    case received(upTo: Int)
}

/// One step of a story that a seed makes.
package enum Step: Hashable, Sendable {
    case act(Who, talk: Int, Deed, key: String)
    /// The act of an earlier step once more, under its key: the answer was lost.
    case again(Int)
    /// The key of an earlier step with other content.
    case otherwise(Int)
    case presence(agent: Int, online: Bool)
    /// Gives what waits to whoever is free.
    case drain
    /// Wakes what was snoozed until now.
    case wakeDue
    case pass(milliseconds: Int64)
}

extension Step {
    package static let buyers = 3
    package static let agents = 4

    /// A story of so many steps.
    package static func story(
        _ random: inout some RandomNumberGenerator, length: Int
    ) -> [Step] {
        (0..<length).map { place in
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<8: .again(.random(in: 0...place, using: &random))
            case 8..<11: .otherwise(.random(in: 0...place, using: &random))
            case 11..<17:
                .presence(
                    agent: .random(in: 0..<agents, using: &random),
                    online: Int.random(in: 0..<3, using: &random) > 0)
            case 17..<22: .drain
            case 22..<25: .wakeDue
            case 25..<35: .pass(milliseconds: pause(&random))
            default: act(&random, place)
            }
        }
    }

    /// Mostly seconds; at times longer than what may be edited, or than what a closed conversation waits.
    private static func pause(_ random: inout some RandomNumberGenerator) -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .random(in: 60_000...300_000, using: &random)
        case 1: .random(in: 3_600_000...400_000_000, using: &random)
        default: .random(in: 1...20_000, using: &random)
        }
    }

    private static func act(_ random: inout some RandomNumberGenerator, _ place: Int) -> Step {
        let buyer = Who.buyer(.random(in: 0..<buyers, using: &random))
        let agent = Who.agent(.random(in: 0..<agents, using: &random))
        let number = Int.random(in: 0..<40, using: &random)
        // The newest conversations are the interesting ones.
        let talk = Int.random(in: 0..<8, using: &random)
        let (who, deed): (Who, Deed) =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<16: (buyer, .sayAnywhere("问题\(place)"))
            case 16..<22: (buyer, .say("追问\(place)"))
            case 22..<38: (agent, .say("回答\(place)"))
            case 38..<41: (agent, .note("备注\(place)"))
            case 41..<44: (buyer, .edit(entry: number, "改\(place)"))
            case 44..<46: (agent, .edit(entry: number, "改\(place)"))
            case 46..<49: (buyer, .withdraw(entry: number))
            case 49..<51: (agent, .withdraw(entry: number))
            case 51..<57: (agent, .claim)
            case 57..<61: (agent, .transfer(to: .random(in: 0..<agents, using: &random)))
            case 61..<63: (agent, .transferToGroup)
            case 63..<66: (agent, .giveBack)
            case 66..<69: (agent, .takeOver)
            case 69..<75: (agent, .close(invite: number % 2 == 0))
            case 75..<77: (buyer, .close(invite: false))
            case 77..<80: (agent, .reopen)
            case 80..<81: (buyer, .reopen)
            case 81..<84: (agent, .snooze(until: Int64(1 + number)))
            case 84..<86: (agent, .wake)
            case 86..<87: (buyer, .wake)
            case 87..<89: (agent, .tag(add: "标签\(number % 3)", remove: "标签\(number % 2)"))
            case 89..<92: (agent, .merge(into: .random(in: 0..<8, using: &random)))
            case 92..<93: (agent, .invite)
            case 93..<95: (buyer, .rate(number % 6))
            case 95..<97: (agent, .read(upTo: number))
            case 97..<98: (buyer, .read(upTo: number))
            default: (buyer, .received(upTo: number))
            }
        return .act(who, talk: talk, deed, key: "k\(place)")
    }
}

/// How a step ended.
package enum Outcome: Hashable, Sendable {
    /// - Parameters:
    ///   - talk: where it happened, by order of opening.
    ///   - number: of the message, when one was said.
    case done(talk: Int?, number: Int?)
    /// By its stable code.
    case refused(String)
}

/// One conversation as anybody may compare it.
package struct TalkFace: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var author: String
        package var kind: String
        package var audience: String
        package var text: String
        package var withdrawn = false

        package init(
            author: String, kind: String, audience: String, text: String, withdrawn: Bool = false
        ) {
            self.author = author
            self.kind = kind
            self.audience = audience
            self.text = text
            self.withdrawn = withdrawn
        }
    }

    package var buyer: Int64
    package var state = "queued"
    package var owner: Int64?
    package var group: Int64?
    package var queuedSince: Int64?
    package var waitingSince: Int64?
    package var snoozedUntil: Int64?
    package var closedAt: Int64?
    package var mergedInto: Int?
    package var tags: [String] = []
    package var invited = false
    package var score: Int?
    package var preview: String?
    package var readByAgent = 0
    package var readByBuyer = 0
    package var delivered = 0
    package var unread = 0
    /// From №1, without gaps.
    package var entries: [Entry] = []

    package init(buyer: Int64) { self.buyer = buyer }
}
