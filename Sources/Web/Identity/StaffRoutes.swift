import Desk
import Hummingbird
import Storage

/// Who works here, in which groups, and what each may do.
struct StaffRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .staff(.get, "/v1/staff", .staffRead, all),
            .staff(.post, "/v1/staff", .staffManage, add),
            .staff(.patch, "/v1/staff/{id}", .staffManage, change),
            .staff(.post, "/v1/staff/{id}/password", .staffManage, resetPassword),
            .staff(.get, "/v1/groups", .staffRead, groups),
            .staff(.post, "/v1/groups", .groupsManage, addGroup),
            .staff(.patch, "/v1/groups/{id}", .groupsManage, changeGroup),
            .staff(.delete, "/v1/groups/{id}", .groupsManage, removeGroup),
            .staff(.get, "/v1/permissions", .staffRead, vocabulary),
        ]
    }

    // MARK: - Staff

    private struct Everybody: Encodable {
        let staff: [WireStaff]
    }

    private struct One: Encodable {
        let staff: WireStaff
    }

    @Sendable
    private func all(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let whole = staff.may(.staffManage)
        let found = try await identity.staff.all(of: staff.shop)
        return try .json(
            Everybody(staff: found.map { WireStaff($0, whole: whole || $0.id == staff.id) }))
    }

    private struct New: Decodable {
        let login: String
        let name: String
        let nickname: String?
        let role: String
        let level: String
        let department: String?
        let employment: String?
        let groups: [GroupID]?
        let cap: Int?
        let password: String
    }

    @Sendable
    private func add(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(New.self, visit)
        let new = NewStaff(
            login: body.login, name: body.name, nickname: body.nickname ?? "",
            standing: Standing(
                try Self.word(body.role, "role"), try Self.word(body.level, "level"),
                try body.employment.map { try Self.word($0, "employment") } ?? .fullTime),
            department: try body.department.map { try Self.word($0, "department") } ?? .service,
            groups: Set(body.groups ?? []), cap: body.cap, password: body.password)
        let added = try await identity.staff.add(new, to: staff.shop, by: staff)
        return try .json(One(staff: WireStaff(added, whole: true)), status: .created)
    }

    private struct Change: Decodable {
        var change = StaffChange()

        enum CodingKeys: CodingKey {
            case name
            case nickname
            case role
            case level
            case department
            case employment
            case groups
            case cap
            case suspended
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) throws -> String? {
                try values.decodeIfPresent(String.self, forKey: key)
            }
            change.name = try text(.name)
            change.nickname = try text(.nickname)
            change.role = try text(.role).map { try StaffRoutes.word($0, "role") }
            change.level = try text(.level).map { try StaffRoutes.word($0, "level") }
            change.department = try text(.department).map { try StaffRoutes.word($0, "department") }
            change.employment = try text(.employment).map { try StaffRoutes.word($0, "employment") }
            change.groups = try values.decodeIfPresent([GroupID].self, forKey: .groups).map(
                Set.init)
            change.suspended = try values.decodeIfPresent(Bool.self, forKey: .suspended)
            // A cap of null means "as the level says"; an absent one means "as it is".
            if values.contains(.cap) {
                change.cap = .some(try values.decodeIfPresent(Int.self, forKey: .cap))
            }
        }
    }

    fileprivate static func word<T: RawRepresentable<String>>(
        _ text: String, _ field: String
    ) throws(Refusal) -> T {
        guard let value = T(rawValue: text) else {
            throw Refusal(
                .invalid, "staff.unknownWord", zh: "没有这个选项：\(text.prefix(40))",
                en: "There is no such choice: \(text.prefix(40))", field: field)
        }
        return value
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: StaffID = try visit.id(or: .unknownStaff)
        let body = try await request.json(Change.self, visit)
        let changed = try await identity.staff.change(id, body.change, by: staff)
        return try .json(One(staff: WireStaff(changed, whole: true)))
    }

    private struct NewPassword: Decodable {
        let password: String
        let totp: Bool?
    }

    @Sendable
    private func resetPassword(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: StaffID = try visit.id(or: .unknownStaff)
        let body = try await request.json(NewPassword.self, visit)
        let changed = try await identity.staff.resetPassword(
            of: id, in: staff.shop, to: body.password, removesTOTP: body.totp == false, by: staff)
        return try .json(One(staff: WireStaff(changed, whole: true)))
    }

    // MARK: - Groups

    private struct Groups: Encodable {
        let groups: [WireGroup]
    }

    private struct OneGroup: Encodable {
        let group: WireGroup
    }

    private struct NewGroup: Decodable {
        let name: String
        let members: [StaffID]?
    }

    private struct GroupChange: Decodable {
        let name: String?
        let members: [StaffID]?
    }

    @Sendable
    private func groups(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(Groups(groups: try await identity.groups.all(of: staff.shop).map(WireGroup.init)))
    }

    @Sendable
    private func addGroup(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(NewGroup.self, visit)
        let group = try await identity.groups.add(
            name: body.name, members: body.members ?? [], by: staff)
        return try .json(OneGroup(group: WireGroup(group)), status: .created)
    }

    @Sendable
    private func changeGroup(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: GroupID = try visit.id(or: .unknownGroup)
        let body = try await request.json(GroupChange.self, visit)
        let group = try await identity.groups.change(
            id, name: body.name, members: body.members, by: staff)
        return try .json(OneGroup(group: WireGroup(group)))
    }

    @Sendable
    private func removeGroup(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await identity.groups.remove(try visit.id(or: .unknownGroup), by: staff)
        return .nothing
    }

    // MARK: - Words

    private struct Vocabulary: Encodable {
        let roles: [RoleWord]
        let permissions: [Word]
        let rules: [Rule]
        let levels: [LevelWord]
        let departments: [Word]
        let employments: [Word]
    }

    private struct RoleWord: Encodable {
        let code: Role
        let name: Localized
        let levels: [StaffLevel]
    }

    private struct LevelWord: Encodable {
        let code: StaffLevel
        let name: Localized
        let cap: Int
    }

    private struct Rule: Encodable {
        let permission: Permission
        let from: [String: StaffLevel]
        let outsourced: Bool
    }

    @Sendable
    private func vocabulary(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let policy = try await identity.policies.inForce(staff.shop)
        return try .json(
            Vocabulary(
                roles: Role.allCases.map { role in
                    RoleWord(
                        code: role, name: role.name,
                        levels: StaffLevel.allCases.filter(role.levels.contains))
                },
                permissions: Permission.allCases.map { Word($0) },
                rules: Grants.rules.map { rule in
                    Rule(
                        permission: rule.permission,
                        from: Dictionary(
                            uniqueKeysWithValues: rule.from.map { ($0.key.rawValue, $0.value) }),
                        outsourced: rule.outsourced)
                },
                levels: StaffLevel.allCases.map { level in
                    LevelWord(code: level, name: level.name, cap: policy.cap(of: level))
                },
                departments: Department.allCases.map { Word(code: $0.rawValue, $0.name) },
                employments: EmploymentType.allCases.map { Word(code: $0.rawValue, $0.name) }))
    }
}
