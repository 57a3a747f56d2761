import Desk
import Testing

/// Who may add, change and end whom.
struct StaffRulesTests {
    private func actor(
        _ role: Role, _ level: StaffLevel, id: Int64 = 1, token: TokenID? = nil,
        only: Set<Permission>? = nil
    ) -> StaffPrincipal {
        let standing = Standing(role, level)
        return StaffPrincipal(
            id: StaffID(id), shop: ShopID(1), login: "a", name: "甲", nickname: "",
            standing: standing, department: .service, permissions: only ?? standing.permissions,
            groups: [], cap: nil, session: token == nil ? SessionID(1) : nil, token: token)
    }

    private func staff(_ role: Role, _ level: StaffLevel, id: Int64 = 2) -> Staff {
        Staff(
            id: StaffID(id), shop: ShopID(1), login: "b", name: "乙",
            standing: Standing(role, level), addedAt: Instant(milliseconds: 0))
    }

    /// Nil when it is allowed, else the refusal's code.
    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        (Role.owner, StaffLevel.director, Role.owner, StaffLevel.director, nil as String?),
        (.supervisor, .director, .supervisor, .manager, nil),
        (.supervisor, .manager, .agent, .senior, nil),
        (.supervisor, .manager, .supervisor, .supervisor, nil),
        (.supervisor, .manager, .supervisor, .manager, "staff.raise"),
        (.supervisor, .manager, .supervisor, .director, "staff.raise"),
        (.supervisor, .manager, .owner, .director, "staff.raise"),
        // A technician holds the shop's signing secret, which a manager does not.
        (.supervisor, .manager, .technician, .mid, "staff.raise"),
        (.supervisor, .supervisor, .agent, .junior, "permission.missing"),
        (.agent, .senior, .agent, .trainee, "permission.missing"),
        (.owner, .director, .agent, .manager, "staff.levelDoesNotFit"),
        (.owner, .director, .supervisor, .mid, "staff.levelDoesNotFit"),
    ])
    func `nobody gives a position above their own`(
        _ role: Role, _ level: StaffLevel, _ newRole: Role, _ newLevel: StaffLevel,
        _ expected: String?
    ) {
        let found = code {
            try StaffRules.mayAdd(Standing(newRole, newLevel), by: actor(role, level))
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        (Role.owner, StaffLevel.director, Role.supervisor, StaffLevel.director, nil as String?),
        (.supervisor, .manager, .agent, .senior, nil),
        (.supervisor, .manager, .supervisor, .supervisor, nil),
        (.supervisor, .manager, .supervisor, .manager, "staff.above"),
        (.supervisor, .manager, .owner, .director, "staff.above"),
        (.supervisor, .director, .owner, .trainee, "staff.above"),
        (.supervisor, .supervisor, .agent, .junior, "permission.missing"),
    ])
    func `one suspends only who is below`(
        _ role: Role, _ level: StaffLevel, _ itsRole: Role, _ itsLevel: StaffLevel,
        _ expected: String?
    ) {
        var change = StaffChange()
        change.suspended = true
        let found = code {
            try StaffRules.mayChange(
                staff(itsRole, itsLevel), change, by: actor(role, level), otherOwners: 1)
        }
        #expect(found == expected)
    }

    @Test func `nobody promotes or suspends themself, but may correct their name`() {
        let me = staff(.supervisor, .manager, id: 1)
        var promotion = StaffChange()
        promotion.level = .director
        var suspension = StaffChange()
        suspension.suspended = true
        var cap = StaffChange()
        cap.cap = .some(99)
        for change in [promotion, suspension, cap] {
            #expect(
                code {
                    try StaffRules.mayChange(
                        me, change, by: actor(.supervisor, .manager), otherOwners: 1)
                } == "staff.self")
        }
        var name = StaffChange()
        name.nickname = "小橙"
        #expect(
            code {
                try StaffRules.mayChange(me, name, by: actor(.supervisor, .manager), otherOwners: 1)
            } == nil)
    }

    @Test func `the last owner stays, whoever asks`() {
        var suspension = StaffChange()
        suspension.suspended = true
        var demotion = StaffChange()
        demotion.role = .supervisor
        let boss = staff(.owner, .director)
        for change in [suspension, demotion] {
            let alone = code {
                try StaffRules.mayChange(boss, change, by: actor(.owner, .director), otherOwners: 0)
            }
            #expect(alone == "staff.lastOwner")
            let second = code {
                try StaffRules.mayChange(boss, change, by: actor(.owner, .director), otherOwners: 1)
            }
            #expect(second == nil)
        }
    }

    @Test func `an owner's token with one scope manages nobody who may more`() {
        let token = actor(.owner, .director, token: TokenID(9), only: [.staffManage])
        #expect(
            code { try StaffRules.mayAdd(Standing(.owner, .director), by: token) } == "staff.raise")
        #expect(
            code { try StaffRules.mayAdd(Standing(.agent, .senior), by: token) } == "staff.raise")
        #expect(
            code { try StaffRules.mayReset(staff(.supervisor, .manager), by: token) }
                == "staff.above")
        var own = StaffChange()
        own.nickname = "x"
        #expect(
            code {
                try StaffRules.mayChange(
                    staff(.owner, .director, id: 1), own, by: token, otherOwners: 1)
            } == "staff.above")
    }

    @Test func `one's own password is never reset without the old one`() {
        #expect(
            code {
                try StaffRules.mayReset(
                    staff(.owner, .director, id: 1), by: actor(.owner, .director))
            } == "staff.ownPassword")
    }

    @Test(
        arguments: [
            ([], "token.scopeNeeded"), (["nothing.known"], "token.scope"),
            (["shop.edit"], "permission.missing"), (["wall.read", "staff.manage"], nil),
        ] as [([String], String?)])
    func `a token holds only what its maker has`(_ scopes: [String], _ expected: String?) {
        let maker = actor(.supervisor, .manager, only: [.wallRead, .staffManage, .tokensManage])
        #expect(code { _ = try TokenRules.check(scopes, by: maker) } == expected)
    }

    @Test func `the outsourced never see contacts or the whole shop, whatever their level`() {
        let forbidden: Set<Permission> = [
            .buyerContact, .messageSearchAll, .conversationReadAll, .messageHistory, .staffManage,
            .auditRead, .tokensManage,
        ]
        for role in Role.allCases where role != .owner {
            for level in StaffLevel.allCases {
                let has = Standing(role, level, .outsourced).permissions
                #expect(has.isDisjoint(with: forbidden), "\(role) \(level)")
            }
        }
        #expect(Standing(.agent, .trainee, .outsourced).permissions.contains(.conversationAnswer))
    }

    @Test func `a higher level of a role never has less`() {
        for role in Role.allCases {
            for (lower, higher) in zip(StaffLevel.allCases, StaffLevel.allCases.dropFirst()) {
                #expect(
                    Standing(role, lower).permissions.isSubset(
                        of: Standing(role, higher).permissions))
            }
        }
        #expect(Standing(.owner, .trainee).permissions == Set(Permission.allCases))
    }

    @Test func `every permission has its line in the table`() {
        #expect(Set(Grants.rules.map(\.permission)) == Set(Permission.allCases))
        #expect(Grants.rules.count == Permission.allCases.count)
    }
}
