import Desk
import Foundation
import Reconciliation
import Storage

/// Gathers what the store holds of each dialogue and what both windows show, and compares all of it in the end.
actor ReplayAudit {
    private let notebook: Notebook
    private let desk: ReplayDesk
    private let http: PlainHTTP
    private let patience: Duration
    private var result = ReplayReport()
    private var spans: (ack: [Duration], delivery: [Duration]) = ([], [])
    private var entries: [Holdings.Entry] = []
    private var unreadable: [Finding] = []

    init(notebook: Notebook, desk: ReplayDesk, http: PlainHTTP, patience: Duration) {
        self.notebook = notebook
        self.desk = desk
        self.http = http
        self.patience = patience
    }

    func add(_ counts: ReplayClient.Counts) {
        result.reconnects += counts.reconnects
        result.resent += counts.resent
        result.gapsRepaired += counts.gaps
        result.duplicated += counts.doubled
        result.outOfOrder += counts.disordered
    }

    /// Looks at one dialogue after it was played; its buyer leaves then.
    func finish(_ played: Replay.Played) async {
        result.sent += played.said.count
        result.unanswered += played.unanswered
        result.refused += played.refused.count
        spans.ack += played.acks
        result.acknowledged += played.said.count { $0.number != nil }
        if let conversation = played.conversation { await look(at: conversation, played) }
        if let buyer = played.buyer {
            await add(buyer.counts)
            await buyer.stop()
        }
    }

    private func look(at conversation: String, _ played: Replay.Played) async {
        guard let stored = await stored(conversation) else {
            unreadable.append(
                Finding(fault: .lost, conversation: conversation, detail: "could not be read"))
            return
        }
        let found = stored.compactMap { Holdings.Entry($0, of: conversation) }
        entries += found
        let keys = Set(stored.map(\.key))
        result.stored += played.said.count { keys.contains($0.key) }
        let began = Dictionary(
            played.said.map { ($0.key, $0.began) }, uniquingKeysWith: { first, _ in first })
        for window in [played.buyer, played.agents.last?.client].compactMap(\.self) {
            let others = stored.filter { $0.isSaid && $0.author.kind != window.kind.rawValue }
            await wait(atMost: .seconds(10)) {
                let shown = Set(await window.said(in: conversation).map(\.id))
                return others.allSatisfy { shown.contains($0.id) }
            }
            let shown = await window.said(in: conversation)
            window.note(.shows) { note in
                note.conversation = conversation
                note.shown = shown.map { .init(number: $0.number, id: $0.id, text: $0.text) }
            }
            let seen = await window.seen
            for message in others where shown.contains(where: { $0.id == message.id }) {
                result.delivered += 1
                if let began = began[message.key], let at = seen[message.id] {
                    spans.delivery.append(at - began)
                }
            }
        }
    }

    /// What the store holds, read past the proxy; tried for as long as a server may be away.
    private func stored(_ conversation: String) async -> [WireMessage]? {
        guard let cookie = desk.agents.first?.cookie else { return nil }
        var found: [WireMessage]?
        await wait(atMost: patience) {
            found = try? await ReplayClient.all(of: conversation, cookie: cookie, http: http)
            return found != nil
        }
        return found
    }

    private func wait(atMost time: Duration, _ condition: () async -> Bool) async {
        let clock = ContinuousClock()
        let began = clock.now
        while clock.now - began < time {
            if await condition() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The comparison, by the same rules as `qinke reconcile`.
    func report() -> ReplayReport {
        // Whispers to others are not seen from here, so gaps in numbers say nothing.
        let findings =
            unreadable
            + Reconciliation.findings(
                notebook.notes, Holdings(entries: entries, isComplete: false))
        for finding in findings {
            switch finding.fault {
            case .lost, .staleRead: result.lost += 1
            case .doubled, .reusedNumber, .twoOwners: result.duplicated += 1
            case .disordered, .skippedNumber, .overCapacity, .followerBehind:
                result.outOfOrder += 1
            case .refused, .unanswered: break
            }
        }
        result.findings = Array(findings.prefix(50))
        result.ack = .init(spans.ack)
        result.delivery = .init(spans.delivery)
        return result
    }
}

extension Holdings.Entry {
    /// - Returns: nil for ids that are none.
    fileprivate init?(_ message: WireMessage, of conversation: String) {
        guard let id = MessageID(message.id), let conversation = ConversationID(conversation) else {
            return nil
        }
        self.init(
            conversation: conversation, id: id, number: message.number, follows: message.follows,
            key: message.key, author: Actor.Kind(rawValue: message.author.kind) ?? .system,
            kind: Message.Kind(rawValue: message.kind) ?? .system,
            isPublic: message.audience == "all", text: message.text, isTouched: false)
    }
}
