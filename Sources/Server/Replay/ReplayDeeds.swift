import Desk
import Foundation
import Reconciliation
import Sockets

/// What people do in a window, and what comes of it.
extension ReplayClient {
    struct Ack: Sendable {
        let conversation: String
        let number: Int
        /// From the first sending to the answer.
        let took: Duration
    }

    struct Refused: Error, CustomStringConvertible {
        let code: String
        let message: Localized
        var description: String { "\(code): \(Say.text(message))" }
    }

    /// The server stayed away for longer than the client waits.
    struct GaveUp: Error {}

    struct Counts: Sendable {
        var reconnects = 0
        var resent = 0
        var gaps = 0
        var doubled = 0
        var disordered = 0
    }

    /// Says something; nil means the buyer's own conversation.
    func say(_ text: String, in conversation: String?, key: String) async throws -> Ack {
        var fields = ["type": "say", "kind": "text", "text": text, "key": key]
        fields["conversation"] = conversation
        let began = clock.now
        note(.sent) { ($0.key, $0.text, $0.conversation) = (key, text, conversation) }
        let frame = try await command(fields, key: key)
        guard let conversation = frame.conversation, let number = frame.number else {
            throw Refused(
                code: "ack.malformed", message: Localized(zh: "回执不完整", en: "the ack is incomplete"))
        }
        return Ack(conversation: conversation, number: number, took: clock.now - began)
    }

    /// Rates a conversation: 0 very satisfied … 4 very dissatisfied.
    func rate(_ score: Int, in conversation: String, key: String) async throws {
        let text = try Self.json(
            ["type": "rate", "conversation": conversation, "comment": "", "key": key])
        try await send(text.dropLast() + #","score":\#(score)}"#, key: key, text: nil)
    }

    func transfer(_ conversation: String, to staff: String, key: String) async throws {
        let text = try Self.json([
            "type": "transfer", "conversation": conversation, "toAgent": staff, "key": key,
        ])
        let card = #","card":{"promise":"","nextStep":"接着聊","mood":"calm"}}"#
        try await send(text.dropLast() + card, key: key, text: nil)
    }

    /// Shows the other side what is being written; lost without harm.
    func typing(_ text: String, in conversation: String?) {
        var fields = ["type": "typing", "text": text]
        fields["conversation"] = conversation
        guard live, let frame = try? Self.json(fields) else { return }
        // The one field that is no text.
        link?.send(frame.dropLast() + #","on":\#(!text.isEmpty)}"#)
    }
}
