import Desk
import Foundation

/// Who said what, in order; `Docs/import.md`.
struct Dialogue: Decodable, Sendable {
    enum Side: String, Decodable, Sendable { case buyer, agent }

    struct Turn: Decodable, Sendable {
        let side: Side
        let text: String

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            side = try values.decode(Side.self)
            text = try values.decode(String.self)
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let message: Localized
        var description: String { Say.text(message) }
    }

    let id: String
    let turns: [Turn]

    /// Reads JSON lines.
    ///
    /// Turns without text are left out, and what stands before the buyer's first word too, since a
    /// conversation begins with the buyer.
    static func read(_ path: String) throws -> [Dialogue] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(message: Localized(zh: "读不到 \(path)", en: "cannot read \(path)"))
        }
        return try parse(text, name: path)
    }

    static func parse(_ text: String, name: String) throws -> [Dialogue] {
        var dialogues: [Dialogue] = []
        for (index, line) in text.split(separator: "\n").enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            do {
                let dialogue = try JSONDecoder().decode(Dialogue.self, from: Data(line.utf8))
                let spoken = dialogue.turns.filter { !$0.text.allSatisfy(\.isWhitespace) }
                let turns = Array(spoken.drop { $0.side == .agent })
                if !turns.isEmpty { dialogues.append(Dialogue(id: dialogue.id, turns: turns)) }
            } catch {
                throw Failure(
                    message: Localized(
                        zh: "\(name) 第 \(index + 1) 行不是对话",
                        en: "\(name), line \(index + 1) is no dialogue"))
            }
        }
        return dialogues
    }
}
