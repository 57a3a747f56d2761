/// One entry of a conversation: what a buyer, an agent, the bot or the system said, or a note among staff.
package struct Message: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case text, image, file, card, system, note
    }

    /// Who may see it.
    ///
    /// Buyers only ever see `all`; `owner` is a supervisor's whisper.
    package enum Audience: String, Hashable, Sendable, Codable {
        case all, staff, owner
    }

    package let id: MessageID
    /// Its place among all entries of the conversation, from 1, without gaps.
    package let number: Int
    /// The number of the entry before it that everybody sees; by it a buyer's window notices a gap.
    package let follows: Int
    package let at: Instant
    /// The sender's own id of this message; the same key never makes a second one.
    package let key: String
    package let author: Actor
    package let kind: Kind
    package let audience: Audience
    package var text: String
    package let replyTo: Int?
    package let mentions: [StaffID]
    package let attachment: Attachment?
    package let card: Card?
    package let system: SystemLine?
    package var editedAt: Instant?
    package var withdrawn: Bool

    package init(
        id: MessageID, number: Int, follows: Int, at: Instant, key: String, author: Actor,
        kind: Kind,
        audience: Audience, text: String, replyTo: Int? = nil, mentions: [StaffID] = [],
        attachment: Attachment? = nil, card: Card? = nil, system: SystemLine? = nil,
        editedAt: Instant? = nil,
        withdrawn: Bool = false
    ) {
        self.id = id
        self.number = number
        self.follows = follows
        self.at = at
        self.key = key
        self.author = author
        self.kind = kind
        self.audience = audience
        self.text = text
        self.replyTo = replyTo
        self.mentions = mentions
        self.attachment = attachment
        self.card = card
        self.system = system
        self.editedAt = editedAt
        self.withdrawn = withdrawn
    }
}

extension Message {
    private enum CodingKeys: CodingKey {
        case id, number, follows, at, key, author, kind, audience, text, replyTo, mentions,
            attachment, card, system,
            editedAt, withdrawn
    }

    /// On the wire, what a message does not have is absent.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try values.decode(MessageID.self, forKey: .id),
            number: try values.decode(Int.self, forKey: .number),
            follows: try values.decode(Int.self, forKey: .follows),
            at: try values.decode(Instant.self, forKey: .at),
            key: try values.decode(String.self, forKey: .key),
            author: try values.decode(Actor.self, forKey: .author),
            kind: try values.decode(Kind.self, forKey: .kind),
            audience: try values.decode(Audience.self, forKey: .audience),
            text: try values.decode(String.self, forKey: .text),
            replyTo: try values.decodeIfPresent(Int.self, forKey: .replyTo),
            mentions: try values.decodeIfPresent([StaffID].self, forKey: .mentions) ?? [],
            attachment: try values.decodeIfPresent(Attachment.self, forKey: .attachment),
            card: try values.decodeIfPresent(Card.self, forKey: .card),
            system: try values.decodeIfPresent(SystemLine.self, forKey: .system),
            editedAt: try values.decodeIfPresent(Instant.self, forKey: .editedAt),
            withdrawn: try values.decodeIfPresent(Bool.self, forKey: .withdrawn) ?? false)
    }
}

/// A picture or file that was uploaded before it was said.
package struct Attachment: Hashable, Sendable, Codable {
    package let upload: UploadID
    package let name: String
    /// Media type, found from the bytes.
    package let type: String
    /// Bytes.
    package let size: Int
    /// Pixels; absent for files.
    package let width: Int?
    package let height: Int?

    package init(upload: UploadID, name: String, type: String, size: Int, width: Int?, height: Int?)
    {
        self.upload = upload
        self.name = name
        self.type = type
        self.size = size
        self.width = width
        self.height = height
    }
}

/// A product, an order or a link, shown as a card.
package struct Card: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable { case product, order, link }

    package let kind: Kind
    package let title: String
    /// Fen.
    package let price: Int?
    package let image: String?
    package let url: String?
    /// Pairs of label and value.
    package let lines: [[String]]?
    /// One of the shop's goods, whose price and state the desk shows as of now.
    package let item: ItemID?
    /// The variant of it that is shown.
    package let sku: SKUID?

    package init(
        kind: Kind, title: String, price: Int? = nil, image: String? = nil, url: String? = nil,
        lines: [[String]]? = nil, item: ItemID? = nil, sku: SKUID? = nil
    ) {
        self.kind = kind
        self.title = title
        self.price = price
        self.image = image
        self.url = url
        self.lines = lines
        self.item = item
        self.sku = sku
    }
}

/// A line that the system writes; screens put it in words.
package struct SystemLine: Hashable, Sendable, Codable {
    package enum Code: String, Hashable, Sendable, Codable {
        case opened, queued, assigned, transferred, returned, takenOver, closed, reopened, snoozed,
            woken, merged,
            ratingInvited, rated
        /// Something of goods, orders or parcels: `zh` and `en` hold the sentence.
        case told
    }

    package let code: Code
    package let args: [String: String]

    package init(_ code: Code, _ args: [String: String] = [:]) {
        self.code = code
        self.args = args
    }
}

/// What the leaver promises the one who takes over; required at every transfer (A09 in small).
package struct HandoverCard: Hashable, Sendable, Codable {
    package enum Mood: String, Hashable, Sendable, Codable { case calm, unsure, upset, angry }

    package let promise: String
    package let nextStep: String
    package let deadline: Instant?
    package let mood: Mood

    package init(promise: String, nextStep: String, deadline: Instant?, mood: Mood) {
        self.promise = promise
        self.nextStep = nextStep
        self.deadline = deadline
        self.mood = mood
    }
}
