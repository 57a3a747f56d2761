/// What a change of a member of staff asks for; nil = as it is.
package struct StaffChange: Hashable, Sendable {
    package var name: String?
    package var nickname: String?
    package var role: Role?
    package var level: StaffLevel?
    package var employment: EmploymentType?
    package var department: Department?
    package var groups: Set<GroupID>?
    /// `.some(nil)` = what the policy says for the level.
    package var cap: Int??
    package var suspended: Bool?

    package init() {}

    package func applied(to staff: Staff) -> Staff {
        var new = staff
        if let name { new.name = name }
        if let nickname { new.nickname = nickname }
        if let role { new.standing.role = role }
        if let level { new.standing.level = level }
        if let employment { new.standing.employment = employment }
        if let department { new.department = department }
        if let groups { new.groups = groups }
        if let cap { new.cap = cap }
        if let suspended { new.suspended = suspended }
        return new
    }

    /// The wire names of what differs, in a fixed order.
    package func fields(from staff: Staff) -> [String] {
        let new = applied(to: staff)
        var fields: [String] = []
        if new.name != staff.name { fields.append("name") }
        if new.nickname != staff.nickname { fields.append("nickname") }
        if new.standing.role != staff.standing.role { fields.append("role") }
        if new.standing.level != staff.standing.level { fields.append("level") }
        if new.standing.employment != staff.standing.employment { fields.append("employment") }
        if new.department != staff.department { fields.append("department") }
        if new.groups != staff.groups { fields.append("groups") }
        if new.cap != staff.cap { fields.append("cap") }
        if new.suspended != staff.suspended { fields.append("suspended") }
        return fields
    }
}

/// Who may add and change whom.
///
/// Nobody gives what they do not have, and a shop always has an owner.
package enum StaffRules {
    package static func mayAdd(_ standing: Standing, by actor: StaffPrincipal) throws(Refusal) {
        try actor.require(.staffManage)
        try fits(standing)
        try within(standing, actor)
    }

    /// - Parameter otherOwners: how many owners of the shop are not suspended, this one not counted.
    package static func mayChange(
        _ staff: Staff, _ change: StaffChange, by actor: StaffPrincipal, otherOwners: Int
    ) throws(Refusal) {
        try mayTouch(staff, by: actor)
        let new = change.applied(to: staff)
        let rises = new.standing != staff.standing || new.cap != staff.cap
        if staff.id == actor.id, rises || new.suspended != staff.suspended {
            throw Refusal(
                .forbidden, "staff.self", zh: "不能改自己的岗位、级别或状态",
                en: "Nobody changes their own position, level or state",
                instead: Localized(zh: "请另一位管理人员来改", en: "Ask another manager to do it"))
        }
        try fits(new.standing)
        if new.standing != staff.standing { try within(new.standing, actor) }
        let stopsOwning =
            staff.standing.role == .owner && (new.standing.role != .owner || new.suspended)
        if stopsOwning, otherOwners == 0 {
            throw Refusal(
                .conflict, "staff.lastOwner", zh: "店铺必须保留一位在任的店主",
                en: "A shop keeps at least one active owner",
                instead: Localized(zh: "先任命另一位店主", en: "Make somebody else an owner first"))
        }
        if let cap = new.cap, !(1...200).contains(cap) {
            throw Refusal(
                .invalid, "staff.cap", zh: "同时接待数在 1 到 200 之间", en: "The cap is between 1 and 200",
                field: "cap")
        }
    }

    /// Whether `actor` may reset the password of `staff`; one's own is changed with the old one instead.
    package static func mayReset(_ staff: Staff, by actor: StaffPrincipal) throws(Refusal) {
        if staff.id == actor.id {
            throw Refusal(
                .forbidden, "staff.ownPassword", zh: "自己的密码请用“修改密码”，需要输入旧密码",
                en: "Change your own password with the old one")
        }
        try mayTouch(staff, by: actor)
    }

    private static func mayTouch(_ staff: Staff, by actor: StaffPrincipal) throws(Refusal) {
        try actor.require(.staffManage)
        if staff.id == actor.id, actor.token == nil { return }
        try above(staff, actor)
    }

    /// An owner in person.
    ///
    /// A token of theirs holds no more than its scopes.
    private static func isOwner(_ actor: StaffPrincipal) -> Bool {
        actor.role == .owner && actor.token == nil
    }

    /// Whether `actor` may end the sessions of `staff`; everybody may end their own.
    package static func mayEndSession(
        of staff: Staff, by actor: StaffPrincipal
    ) throws(Refusal) {
        if staff.id == actor.id { return }
        try actor.require(.sessionsEndOthers)
        try above(staff, actor)
    }

    private static func above(_ staff: Staff, _ actor: StaffPrincipal) throws(Refusal) {
        if isOwner(actor) { return }
        let higher = staff.standing.role == .owner || staff.standing.level >= actor.level
        let holdsMore = !staff.standing.permissions.isSubset(of: actor.permissions)
        // Of people in other roles the level says nothing; what they may do decides.
        let compares = staff.standing.role == .owner || staff.standing.role == actor.role
        if holdsMore || (compares && higher) {
            throw Refusal(
                .forbidden, "staff.above", zh: "只能管理级别比自己低的人",
                en: "You may only manage people below your own level",
                instead: Localized(zh: "请上一级主管或店主来做", en: "Ask your own lead or the owner"))
        }
    }

    private static func within(
        _ standing: Standing, _ actor: StaffPrincipal
    ) throws(Refusal) {
        if isOwner(actor) { return }
        let more = !standing.permissions.isSubset(of: actor.permissions)
        let higher = standing.role == actor.role && standing.level >= actor.level
        if standing.role == .owner || more || higher {
            throw Refusal(
                .forbidden, "staff.raise", zh: "不能给出自己没有的权限或同级以上的岗位",
                en: "Nobody gives a position equal to or above their own, or what they do not have",
                instead: Localized(zh: "请店主来任命", en: "Ask the owner to appoint them"),
                field: "role")
        }
    }

    private static func fits(_ standing: Standing) throws(Refusal) {
        guard standing.role.levels.contains(standing.level) else {
            let range = standing.role.levels
            throw Refusal(
                .invalid, "staff.levelDoesNotFit",
                zh:
                    "\(standing.role.name.zh)的级别是\(range.lowerBound.name.zh)到\(range.upperBound.name.zh)",
                en:
                    "The role \(standing.role.name.en) goes from \(range.lowerBound.name.en) to \(range.upperBound.name.en)",
                field: "level")
        }
    }
}

/// What an API token may be given.
package enum TokenRules {
    /// - Returns: the scopes as permissions.
    /// - Throws: when there is none, one is unknown, or one is not the maker's own.
    package static func check(
        _ scopes: [String], by maker: StaffPrincipal
    ) throws(Refusal) -> Set<Permission> {
        var granted: Set<Permission> = []
        for scope in scopes {
            guard let permission = Permission(rawValue: scope) else {
                throw Refusal(
                    .invalid, "token.scope", zh: "没有这个权限范围：\(scope.prefix(40))",
                    en: "There is no such scope: \(scope.prefix(40))", field: "scopes")
            }
            guard maker.may(permission) else { throw .notAllowed(permission) }
            granted.insert(permission)
        }
        guard !granted.isEmpty else {
            throw Refusal(
                .invalid, "token.scopeNeeded", zh: "请至少选一个权限范围",
                en: "Choose at least one scope", field: "scopes")
        }
        return granted
    }
}
