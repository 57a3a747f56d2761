package import Desk
package import SQL

/// Some of the staff, whom a conversation can be given to together.
package struct StaffGroup: Hashable, Sendable {
    package let id: GroupID
    package let name: String
    package let members: [StaffID]
}

package struct GroupStore: Sendable {
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    package func all(of shop: ShopID) async throws -> [StaffGroup] {
        try await carryOut.database.read { try Self.all(of: shop, in: $0) }
    }

    package static func all(of shop: ShopID, in transaction: Transaction) throws -> [StaffGroup] {
        var members: [GroupID: [StaffID]] = [:]
        let rows = try transaction.rows(
            "SELECT staff_group, staff FROM staff_group_member WHERE shop = \(shop) ORDER BY staff")
        for row in rows { members[try row.get(0), default: []].append(try row.get(1)) }
        return try transaction.rows(
            "SELECT id, name FROM staff_group WHERE shop = \(shop) ORDER BY name"
        ).map { row in
            let id: GroupID = try row.get(0)
            return StaffGroup(id: id, name: try row.get(1), members: members[id, default: []])
        }
    }

    private struct Body: Encodable {
        let name: String
        let members: [StaffID]
    }

    package func add(
        name: String, members: [StaffID], by actor: StaffPrincipal
    ) async throws -> StaffGroup {
        try actor.require(.groupsManage)
        let name = try PersonName.check(name, field: "name")
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let group = StaffGroup(id: act.newID(), name: name, members: Set(members).sorted())
            try Self.naming {
                try act.transaction.change(
                    "INSERT INTO staff_group (shop, id, name) VALUES (\(act.shop), \(group.id), \(name))"
                )
            }
            try Self.setMembers(of: group, in: act)
            try act.record(
                "group.added", about: group.id.raw, Body(name: name, members: group.members))
            return group
        }
    }

    /// - Parameter name, members: nil = as they are.
    package func change(
        _ id: GroupID, name: String?, members: [StaffID]?, by actor: StaffPrincipal
    ) async throws -> StaffGroup {
        try actor.require(.groupsManage)
        let name = try name.map { try PersonName.check($0, field: "name") }
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let old = try Self.one(id, in: act) else { throw Refusal.unknownGroup }
            let group = StaffGroup(
                id: id, name: name ?? old.name,
                members: members.map { Set($0).sorted() } ?? old.members)
            try Self.naming {
                try act.transaction.change(
                    "UPDATE staff_group SET name = \(group.name) WHERE shop = \(act.shop) AND id = \(id)"
                )
            }
            try Self.setMembers(of: group, in: act)
            try act.record(
                "group.changed", about: id.raw, Body(name: group.name, members: group.members))
            return group
        }
    }

    private struct Named: Encodable {
        let name: String
    }

    package func remove(_ id: GroupID, by actor: StaffPrincipal) async throws {
        try actor.require(.groupsManage)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let group = try Self.one(id, in: act) else { throw Refusal.unknownGroup }
            do {
                try act.transaction.change(
                    "DELETE FROM staff_group WHERE shop = \(act.shop) AND id = \(id)")
            } catch SQLError.foreignKey {
                throw Refusal(
                    .conflict, "group.inUse", zh: "还有会话属于这个分组",
                    en: "Conversations still belong to this group",
                    instead: Localized(zh: "请先把它们转走", en: "Transfer them first"))
            }
            try act.record("group.removed", about: id.raw, Named(name: group.name))
        }
    }

    private static func one(_ id: GroupID, in act: Act) throws -> StaffGroup? {
        try all(of: act.shop, in: act.transaction).first { $0.id == id }
    }

    private static func setMembers(of group: StaffGroup, in act: Act) throws {
        try act.transaction.run(
            "DELETE FROM staff_group_member WHERE shop = \(act.shop) AND staff_group = \(group.id)")
        for staff in group.members {
            do {
                try act.transaction.change(
                    """
                    INSERT INTO staff_group_member (shop, staff_group, staff)
                    VALUES (\(act.shop), \(group.id), \(staff))
                    """)
            } catch SQLError.foreignKey {
                throw Refusal.unknownStaff
            }
        }
    }

    private static func naming(_ body: () throws -> Int) throws {
        do {
            _ = try body()
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "group.taken", zh: "已经有同名的分组", en: "There is a group of this name",
                field: "name")
        }
    }
}

extension Refusal {
    package static let unknownGroup = Refusal.unknown("group", zh: "分组", en: "group")
}
