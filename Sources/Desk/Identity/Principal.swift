/// Someone of the staff who has proved who they are, by a session or by a token.
package struct StaffPrincipal: Hashable, Sendable {
    package let id: StaffID
    package let shop: ShopID
    package let login: String
    package let name: String
    package let nickname: String
    package let standing: Standing
    package let department: Department
    /// What they may do through this proof: a token may hold less than its person.
    package let permissions: Set<Permission>
    package let groups: Set<GroupID>
    package let cap: Int?
    /// Nil when a token was shown.
    package let session: SessionID?
    package let token: TokenID?

    package init(
        id: StaffID, shop: ShopID, login: String, name: String, nickname: String,
        standing: Standing, department: Department, permissions: Set<Permission>,
        groups: Set<GroupID>, cap: Int?, session: SessionID?, token: TokenID?
    ) {
        self.id = id
        self.shop = shop
        self.login = login
        self.name = name
        self.nickname = nickname
        self.standing = standing
        self.department = department
        self.permissions = permissions
        self.groups = groups
        self.cap = cap
        self.session = session
        self.token = token
    }

    package var role: Role { standing.role }
    package var level: StaffLevel { standing.level }

    /// What buyers and colleagues see.
    package var publicName: String { nickname.isEmpty ? name : nickname }

    package var actor: Actor { .agent(id, publicName) }

    package func may(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// - Throws: ``Refusal`` that names the missing permission.
    package func require(_ permission: Permission) throws(Refusal) {
        guard may(permission) else { throw .notAllowed(permission) }
    }
}

/// A buyer who has proved that they are the one who wrote before.
package struct BuyerPrincipal: Hashable, Sendable {
    package let id: BuyerID
    package let shop: ShopID
    package let name: String
    /// Signed in by the shop's own site, so the name is not merely claimed.
    package let verified: Bool

    package init(id: BuyerID, shop: ShopID, name: String, verified: Bool) {
        self.id = id
        self.shop = shop
        self.name = name
        self.verified = verified
    }

    package var actor: Actor { .buyer(id, name) }
}

extension Refusal {
    package static func notAllowed(_ permission: Permission) -> Refusal {
        Refusal(
            .forbidden, "permission.missing",
            zh: "你的岗位没有这项权限：\(permission.name.zh)",
            en: "Your position does not include this permission: \(permission.name.en)",
            instead: Localized(zh: "请联系主管或店主", en: "Ask your team lead or the owner"))
    }

    package static let notSignedIn = Refusal(
        .unauthenticated, "session.none", zh: "请先登录", en: "Please log in first")
}
