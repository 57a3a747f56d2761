package import Desk
package import Storage
import Synchronization

/// Where announcements go once somebody listens.
private final class Listener: Sendable {
    private let identity = Mutex<Identity?>(nil)

    func set(_ value: Identity) { identity.withLock { $0 = value } }
    func heard(_ events: [Event]) { identity.withLock { $0 }?.heard(events) }
}

extension PasswordHasher {
    /// Cheap, for tests that are not about its cost.
    package static let quick = PasswordHasher(
        cost: Cost(logN: 4, blockSize: 8, parallelism: 1))
}

extension TestStore {
    /// Identity on this store, which hears what it announces.
    package func identity(setUp: SetUpGuard = SetUpGuard(code: "TEST-CODE")) -> Identity {
        let listener = Listener()
        let announced = announced
        let carryOut = CarryOut(
            database: database, ids: ids, clock: { [clock] in clock.now },
            announce: { events in
                announced.add(events)
                listener.heard(events)
            })
        let identity = Identity(carryOut, hasher: .quick, setUp: setUp)
        listener.set(identity)
        return identity
    }

    /// The events of a kind that were announced so far.
    package func announced(_ kind: String) -> [Event] {
        announced.events.filter { $0.kind == kind }
    }
}

extension Identity {
    /// Passwords that tests give to people.
    package static let testPassword = "correct horse 7 battery"

    /// A shop with its owner.
    package func testShop(
        _ slug: String = "dengta", owner: String = "boss"
    ) async throws -> (shop: Shop, owner: StaffPrincipal) {
        let made = try await shops.make(
            name: "灯塔小店", slug: slug,
            owner: .init(login: owner, name: "老板", password: Self.testPassword))
        return (made.shop, principal(of: made.owner))
    }

    /// Somebody who works there.
    package func testStaff(
        _ login: String, _ standing: Standing, in shop: ShopID, groups: Set<GroupID> = []
    ) async throws -> StaffPrincipal {
        let staff = try await staff.add(
            NewStaff(
                login: login, name: "员工\(login)", standing: standing, groups: groups,
                password: Self.testPassword),
            to: shop, by: nil)
        return principal(of: staff)
    }

    /// Logs in and answers the session's secret.
    package func testLogIn(_ login: String) async throws -> String {
        try await sessions.logIn(
            login: login, password: Self.testPassword, code: nil,
            from: Caller(address: "203.0.113.9", device: "test")
        ).secret
    }

    private func principal(of staff: Staff) -> StaffPrincipal {
        StaffPrincipal(
            id: staff.id, shop: staff.shop, login: staff.login, name: staff.name,
            nickname: staff.nickname, standing: staff.standing, department: staff.department,
            permissions: staff.standing.permissions, groups: staff.groups, cap: staff.cap,
            session: nil, token: nil)
    }
}
