import Desk

/// A frame of the protocol as a client reads it (`Docs/api.md` §2).
///
/// What a client does not know it ignores.
struct WireFrame: Decodable, Sendable {
    let type: String
    let event: Int64?
    let kind: String?
    let key: String?
    let conversation: String?
    /// Of an ack: the message's id, its number, and the number of the public entry before it.
    let id: String?
    let number: Int?
    let follows: Int?
    let error: Failure?
    let body: Body?

    struct Failure: Decodable, Sendable {
        let code: String
        let message: Localized
        let retry: Bool
    }

    struct Person: Decodable, Sendable {
        let id: String?
        let name: String?
    }

    /// The parts of events' bodies that a replay needs; others fail to decode without harm.
    struct Body: Decodable, Sendable {
        let message: WireMessage?
        let owner: Person?
        let buyer: Person?

        private enum CodingKeys: CodingKey { case owner, buyer }

        init(from decoder: any Decoder) throws {
            message = try? WireMessage(from: decoder)
            let values = try? decoder.container(keyedBy: CodingKeys.self)
            owner = try? values?.decodeIfPresent(Person.self, forKey: .owner)
            buyer = try? values?.decodeIfPresent(Person.self, forKey: .buyer)
        }
    }

    private enum CodingKeys: CodingKey {
        case type, event, kind, key, conversation, id, number, follows, error, body
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        type = try values.decode(String.self, forKey: .type)
        event = try? values.decodeIfPresent(Int64.self, forKey: .event)
        kind = try? values.decodeIfPresent(String.self, forKey: .kind)
        key = try? values.decodeIfPresent(String.self, forKey: .key)
        conversation = try? values.decodeIfPresent(String.self, forKey: .conversation)
        number = try? values.decodeIfPresent(Int.self, forKey: .number)
        id = try? values.decodeIfPresent(String.self, forKey: .id)
        follows = try? values.decodeIfPresent(Int.self, forKey: .follows)
        error = try? values.decodeIfPresent(Failure.self, forKey: .error)
        body = try? values.decodeIfPresent(Body.self, forKey: .body)
    }
}

/// A message as a client reads it; `Docs/api.md` §3.
struct WireMessage: Decodable, Sendable, Hashable {
    let id: String
    let number: Int
    let follows: Int
    let key: String
    let author: Author
    let kind: String
    let text: String
    let audience: String

    struct Author: Decodable, Sendable, Hashable {
        let kind: String
        let id: String?
        let name: String
    }

    /// Whether a person said it for all to see.
    var isSaid: Bool { kind != "system" && kind != "note" && audience == "all" }
}
