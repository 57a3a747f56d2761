/// Who does something.
///
/// Kept with every event.
package struct Actor: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case buyer, agent, bot, system
    }

    package let kind: Kind
    /// The staff's or buyer's id; absent for the system.
    package let id: Int64?
    /// The name that others see.
    package let name: String

    package init(kind: Kind, id: Int64?, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    package static let system = Actor(kind: .system, id: nil, name: "")

    package static func agent(_ id: StaffID, _ name: String) -> Actor {
        Actor(kind: .agent, id: id.raw, name: name)
    }

    package static func buyer(_ id: BuyerID, _ name: String) -> Actor {
        Actor(kind: .buyer, id: id.raw, name: name)
    }

    package var staff: StaffID? { kind == .agent ? id.map(StaffID.init) : nil }
    package var buyer: BuyerID? { kind == .buyer ? id.map(BuyerID.init) : nil }

    private enum CodingKeys: CodingKey { case kind, id, name }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(Kind.self, forKey: .kind)
        id = try values.decodeIfPresent(String.self, forKey: .id).flatMap { Int64($0) }
        name = try values.decode(String.self, forKey: .name)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind, forKey: .kind)
        try values.encodeIfPresent(id.map(String.init), forKey: .id)
        try values.encode(name, forKey: .name)
    }
}
