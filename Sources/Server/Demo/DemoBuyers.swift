import Desk
import Foundation
import Logging
import ServiceLifecycle

/// Simulated buyers: they write at the pace of people, and wait for a person's answer before they go on.
struct DemoBuyers: Service {
    let dialogues: [Dialogue]
    /// Who write at the same time.
    let buyers: Int
    /// How many times faster than people.
    let speed: Double
    /// How long a buyer waits for an answer before the next line, in seconds.
    let patience: Double
    let http: PlainHTTP
    let identity: DemoIdentity
    let logger: Logger

    /// What buyers call themselves.
    static let names = [
        "云朵泡泡", "青石板巷", "阿凯", "夏天的风", "Mia", "老周", "小鱼干", "柠檬不酸", "南山", "桃子味", "Leo", "木木",
    ]

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<max(0, buyers) {
                    group.addTask {
                        try? await Task.sleep(for: .seconds(3 + Double(number) * 7 / speed))
                        await visit(after: visit, number)
                    }
                }
            }
        }
    }

    /// One buyer after another in the same place.
    private func visit(after play: (Int, Int) async throws -> Void, _ number: Int) async {
        var round = 0
        while !Task.isCancelled {
            do {
                try await play(number, round)
            } catch is CancellationError {
                return
            } catch {
                logger.debug("a simulated buyer gave up", metadata: ["error": "\(error)"])
            }
            round += 1
            try? await Task.sleep(for: .seconds(15 / speed))
        }
    }

    private func visit(_ number: Int, _ round: Int) async throws {
        let dialogue = dialogues[(number + round * buyers) % dialogues.count]
        let name = Self.names[(number + round * 5) % Self.names.count]
        let buyer = try await ReplayBuyer.open(
            shop: DemoShop.slug, name: name, http: http, way: http, patience: .seconds(60),
            chaos: 0, identity: try identity.token(name)
        )
        do {
            try await play(dialogue, by: buyer)
            await buyer.stop()
        } catch {
            await buyer.stop()
            throw error
        }
    }

    private func play(_ dialogue: Dialogue, by buyer: ReplayClient) async throws {
        var conversation: String?
        var heard = 0
        var spoke = false
        for turn in dialogue.turns {
            switch turn.side {
            case .buyer:
                if let conversation, await buyer.isOver(conversation) { return }
                try await write(turn.text, in: conversation, by: buyer)
                conversation = try await buyer.say(
                    turn.text, in: conversation, key: ReplayKey.fresh()
                )
                .conversation
                spoke = true
            case .agent:
                // The person says it in their own words; the dialogue only tells that an answer belongs here.
                guard spoke, let conversation else { continue }
                spoke = false
                heard = try await answer(in: conversation, after: heard, buyer, atMost: patience)
            }
        }
        guard let conversation else { return }
        // Nobody there yet: the next buyer of this place comes only after this one was served.
        if heard == 0 {
            heard = try await answer(in: conversation, after: 0, buyer, atMost: .infinity)
        }
        try await sayGoodbye(in: conversation, buyer)
    }

    /// Shows the text growing, as the desk previews it.
    private func write(_ text: String, in conversation: String?, by buyer: ReplayClient)
        async throws
    {
        try await Task.sleep(for: .seconds(Double.random(in: 1.5...4) / speed))
        var shown = ""
        for letter in text {
            shown.append(letter)
            if shown.count % 4 == 0, conversation != nil {
                await buyer.typing(shown, in: conversation)
            }
            try await Task.sleep(for: .seconds(Double.random(in: 0.12...0.3) / speed))
        }
    }

    /// Waits for words of an agent, and then as long as reading them takes.
    /// - Returns: how many the buyer has heard by now.
    private func answer(
        in conversation: String, after heard: Int, _ buyer: ReplayClient, atMost seconds: Double
    ) async throws -> Int {
        let clock = ContinuousClock()
        let began = clock.now
        while (clock.now - began) / .seconds(1) < seconds / min(speed, 4) || seconds == .infinity {
            let said = await buyer.said(in: conversation).filter { $0.author.kind == "agent" }
            if said.count > heard {
                let letters = said.last?.text.count ?? 0
                try await Task.sleep(for: .seconds(min(8, 1 + Double(letters) * 0.08) / speed))
                return said.count
            }
            if await buyer.isOver(conversation) { return heard }
            try await Task.sleep(for: .milliseconds(300))
        }
        return heard
    }

    /// Stays a while, for last words and the invitation to rate.
    private func sayGoodbye(in conversation: String, _ buyer: ReplayClient) async throws {
        for _ in 0..<120 {
            if await buyer.invited.contains(conversation) {
                try await Task.sleep(for: .seconds(2 / speed))
                let key = ReplayKey.fresh()
                try await buyer.rate(Int.random(in: 0...1), in: conversation, key: key)
                return
            }
            if await buyer.isOver(conversation) { return }
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
