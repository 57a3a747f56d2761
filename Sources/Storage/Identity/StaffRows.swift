package import Desk
import SQL

/// Reading people from the store; every statement is written once, here.
enum StaffRows {
    private static var columns: Statement {
        """
        SELECT s.shop, s.id, s.login, s.name, s.nickname, s.role, s.level, s.employment, s.department, s.cap,
            s.suspended, s.added_at, s.seen_at,
            (SELECT 1 FROM totp t WHERE t.shop = s.shop AND t.staff = s.id AND t.enabled_at IS NOT NULL)
        FROM staff s
        """
    }

    static func one(_ id: StaffID, of shop: ShopID, in transaction: Transaction) throws -> Staff? {
        try transaction.first(columns + " WHERE s.shop = \(shop) AND s.id = \(id)")
            .map { try staff($0, in: transaction) }
    }

    static func one(login: String, in transaction: Transaction) throws -> Staff? {
        try transaction.first(columns + " WHERE s.login = \(login)")
            .map { try staff($0, in: transaction) }
    }

    static func all(of shop: ShopID, in transaction: Transaction) throws -> [Staff] {
        var groups: [StaffID: Set<GroupID>] = [:]
        let members = try transaction.rows(
            "SELECT staff, staff_group FROM staff_group_member WHERE shop = \(shop)")
        for row in members {
            groups[try row.get(0), default: []].insert(try row.get(1))
        }
        return try transaction.rows(columns + " WHERE s.shop = \(shop) ORDER BY s.id").map { row in
            try staff(row, groups: groups[try row.get(1), default: []])
        }
    }

    static func groups(
        of staff: StaffID, _ shop: ShopID, in transaction: Transaction
    ) throws -> Set<GroupID> {
        let rows = try transaction.rows(
            "SELECT staff_group FROM staff_group_member WHERE shop = \(shop) AND staff = \(staff)")
        return Set(try rows.map { try $0.get(0, as: GroupID.self) })
    }

    /// Owners who are not suspended, `staff` not counted.
    static func otherOwners(
        than staff: StaffID, of shop: ShopID, in transaction: Transaction
    ) throws -> Int {
        try transaction.first(
            """
            SELECT count(*) FROM staff WHERE shop = \(shop) AND role = \(Role.owner.rawValue) AND suspended = 0
                AND id <> \(staff)
            """)?.get(0) ?? 0
    }

    static func insert(_ staff: Staff, in transaction: Transaction) throws {
        let standing = staff.standing
        try transaction.change(
            """
            INSERT INTO staff (shop, id, login, name, nickname, role, level, employment, department, cap, suspended,
                added_at, seen_at)
            VALUES (\(staff.shop), \(staff.id), \(staff.login), \(staff.name), \(staff.nickname),
                \(standing.role.rawValue), \(standing.level.rawValue), \(standing.employment.rawValue),
                \(staff.department.rawValue), \(staff.cap), \(staff.suspended), \(staff.addedAt), \(staff.seenAt))
            """)
        try setGroups(of: staff, in: transaction)
    }

    static func update(_ staff: Staff, in transaction: Transaction) throws {
        let standing = staff.standing
        try transaction.run(
            """
            UPDATE staff SET name = \(staff.name), nickname = \(staff.nickname), role = \(standing.role.rawValue),
                level = \(standing.level.rawValue), employment = \(standing.employment.rawValue),
                department = \(staff.department.rawValue), cap = \(staff.cap), suspended = \(staff.suspended)
            WHERE shop = \(staff.shop) AND id = \(staff.id)
            """)
        try setGroups(of: staff, in: transaction)
    }

    private static func setGroups(of staff: Staff, in transaction: Transaction) throws {
        try transaction.run(
            "DELETE FROM staff_group_member WHERE shop = \(staff.shop) AND staff = \(staff.id)")
        for group in staff.groups {
            do {
                try transaction.change(
                    """
                    INSERT INTO staff_group_member (shop, staff_group, staff)
                    VALUES (\(staff.shop), \(group), \(staff.id))
                    """)
            } catch SQLError.foreignKey {
                throw Refusal.unknown("group", zh: "分组", en: "group")
            }
        }
    }

    private static func staff(_ row: Row, in transaction: Transaction) throws -> Staff {
        try staff(row, groups: groups(of: try row.get(1), try row.get(0), in: transaction))
    }

    private static func staff(_ row: Row, groups: Set<GroupID>) throws -> Staff {
        Staff(
            id: try row.get(1), shop: try row.get(0), login: try row.get(2), name: try row.get(3),
            nickname: try row.get(4),
            standing: Standing(
                try word(row, 5, Role.self), try word(row, 6, StaffLevel.self),
                try word(row, 7, EmploymentType.self)),
            department: try word(row, 8, Department.self), groups: groups, cap: try row.maybe(9),
            suspended: try row.get(10), totp: try row.maybe(13, as: Int.self) != nil,
            seenAt: try row.maybe(12), addedAt: try row.get(11))
    }

    private static func word<T: RawRepresentable<String>>(
        _ row: Row, _ column: Int, _ type: T.Type
    ) throws -> T {
        let text: String = try row.get(column)
        guard let value = T(rawValue: text) else {
            throw SQLError.unexpected(column: column, value: text)
        }
        return value
    }
}

extension Staff {
    func principal(
        permissions: Set<Permission>, session: SessionID?, token: TokenID?
    ) -> StaffPrincipal {
        StaffPrincipal(
            id: id, shop: shop, login: login, name: name, nickname: nickname, standing: standing,
            department: department, permissions: permissions, groups: groups, cap: cap,
            session: session, token: token)
    }
}

extension Refusal {
    package static let unknownStaff = Refusal.unknown("staff", zh: "员工", en: "member of staff")
}
