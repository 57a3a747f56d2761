package import Desk
import Foundation
import SQL
package import Storage

/// Conversations for tests, through the same door as everybody's.
extension TestStore {
    /// Carries out one command.
    @discardableResult
    package func perform(
        _ command: ConversationCommand, key: String = UUID().uuidString,
        in id: ConversationID? = nil,
        by who: Participant, groups: Set<GroupID> = [], policy: PolicySet = .default
    ) async throws -> Converse.Answer {
        let converse = Converse { upload, _, _, _ in
            Attachment(
                upload: upload, name: "a.jpg", type: "image/jpeg", size: 10, width: 1, height: 1)
        }
        return try await carryOut(in: shop, as: who.actor) { act in
            try converse(
                command, key: key, in: id, by: who, groups: groups, policy: policy, act: act)
        }
    }

    /// Says a text.
    @discardableResult
    package func say(
        _ text: String, key: String = UUID().uuidString, in id: ConversationID? = nil,
        by who: Participant,
        kind: Message.Kind = .text
    ) async throws -> Converse.Answer {
        try await perform(
            .say(Saying(key: key, kind: kind, text: text), upload: nil), in: id, by: who)
    }

    /// An agent who is online and connected.
    package func agent(
        _ id: Int64, _ name: String, rights: AgentRights = .answer, cap: Int? = nil,
        groups: Set<GroupID> = [],
        online: Bool = true
    ) async throws -> Participant {
        let (shop, at) = (shop, clock.now)
        try await database.write { transaction in
            try transaction.run(
                """
                INSERT INTO staff (shop, id, login, name, nickname, role, level, employment, department, cap,
                    suspended, added_at)
                VALUES (\(shop), \(id), \("login\(id)"), \(name), '', 'agent', 'mid', 'fullTime', 'service', \(cap),
                    0, \(at))
                """)
            for group in groups {
                try transaction.run(
                    "INSERT INTO staff_group (shop, id, name) VALUES (\(shop), \(group), \("组\(group)")) ON CONFLICT DO NOTHING"
                )
                try transaction.run(
                    "INSERT INTO staff_group_member (shop, staff_group, staff) VALUES (\(shop), \(group), \(id))"
                )
            }
            let presence = Presence(
                staff: StaffID(id), state: online ? .online : .offline, reason: "", since: at,
                connected: online,
                lostAt: nil, lastAssigned: nil)
            try PresenceStore.save(presence, of: shop, in: transaction)
        }
        return .agent(StaffID(id), name: name, rights: rights)
    }

    package func conversation(_ id: ConversationID) async throws -> Conversation? {
        let shop = shop
        return try await database.read { try ConversationStore.load(id, of: shop, in: $0) }
    }

    /// How many conversations the store holds, of all shops.
    package func conversationCount() async throws -> Int {
        try await database.read {
            try $0.first("SELECT count(*) FROM conversation")?.get(0) ?? 0
        }
    }

    package func messages(_ id: ConversationID, forBuyers: Bool = false) async throws -> [Message] {
        try await database.read {
            try MessageStore.page(of: id, after: 0, limit: 10_000, forBuyers: forBuyers, in: $0)
        }
    }
}
